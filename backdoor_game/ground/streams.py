"""Randomness as a function of (game, seed, role, round): keys from Philox, draws from a counter hash."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

# 2^64 over the golden ratio, odd: multiples are spread evenly, and none comes twice [Steele14]
GOLD = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)  # the multipliers of splitmix64, found by search for its avalanche [Steele14]
MIX_2 = np.uint64(0x94D049BB133111EB)  # odd as well, so that the mixer is a bijection
# Hashed by name: a new role changes no stream of another. Beside these "pick", in games that leave a trigger to pick.
ROLES = (
    "coin",
    "trigger",
    "fresh",
    "choose",
    "plant",
    "referee",
    "defender/0",
    "defender/1",
    "oracle/0",
    "oracle/1",
    "oracle/attacker",
)

Words = npt.NDArray[np.uint64]


def mix64(z: Words) -> Words:
    """The splitmix64 finaliser, elementwise; a bijection of 64-bit words [Steele14]."""
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return z ^ (z >> np.uint64(31))


def draws(keys: Words, start: int, count: int) -> Words:
    """Words start .. start + count - 1 of each key's stream.

    Parameters
    ----------
    keys : ndarray of uint64, shape (B,)
    start, count : int
        Any window gives the same words as a longer one cut to size.

    Returns
    -------
    ndarray of uint64, shape (B, count)
        Word i is ``mix64(key + (i + 1) * GOLD)``, the same in kernels.
    """
    counters = (np.arange(start, start + count, dtype=np.uint64) + np.uint64(1)) * GOLD
    return mix64(keys[:, None] + counters[None, :])


def below(words: Words, bound: int) -> npt.NDArray[np.int64]:
    """Integers in 0..bound-1 from the upper 53 bits: each has probability 1/bound to within 2^-53."""
    scaled = (words >> np.uint64(11)).astype(np.float64) * (2.0**-53) * float(bound)
    return np.minimum(scaled.astype(np.int64), bound - 1)


def unit(words: Words) -> npt.NDArray[np.float64]:
    """Floats strictly inside (0, 1), on the odd multiples of 2^-53: 52 bits, so that the half is never rounded up."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def bits(keys: Words, start: int, count: int) -> npt.NDArray[np.uint8]:
    """`count` fair bits of each key, 64 from a word beginning at word `start`; shape (B, count)."""
    words = draws(keys, start, (count + 63) // 64).astype("<u8")
    return np.unpackbits(words.view(np.uint8), axis=1, bitorder="little", count=count)


def role_keys(seed: int, text: str, role: str, first: int, count: int) -> Words:
    """Round keys first .. first + count - 1 of one role.

    Parameters
    ----------
    seed : int
        Any Python integer.
    text : str
        Canonical spec of the game.
    role : str
        One of `ROLES`.

    Returns
    -------
    ndarray of uint64, shape (count,)
        Outputs of ``Philox(sha256(seed, text, role))``; the window does not change them.
    """
    digest = hashlib.sha256(f"{seed}\n{role}\n{text}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
    source = np.random.Philox(key=key, counter=first // 4)
    return source.random_raw(count + first % 4)[first % 4 :]


class Generators:
    """One `Generator` that is keyed anew for each round: six times cheaper than making one."""

    def __init__(self) -> None:
        self._bits = np.random.Philox(key=np.zeros(2, np.uint64))
        self._state: Any = self._bits.state
        self._generator = np.random.Generator(self._bits)

    def keyed(self, key: int | np.uint64) -> np.random.Generator:
        """The generator at the beginning of `key`'s stream; valid until the next call."""
        self._state["state"]["key"][0] = key
        self._bits.state = self._state
        return self._generator
