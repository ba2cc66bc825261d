"""From a seed of 32 bytes to the coins of a training: a function that anyone can compute again, bit for bit."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from ..errors import InvalidArgument
from ..functions.base import Floats
from ..streams import Words, draws, mix64, unit
from .quantile import normal_quantile

SEED_BYTES = 32


def new_seed(rng: np.random.Generator) -> bytes:
    """A seed as a verifier publishes it."""
    return rng.bytes(SEED_BYTES)


def seed_words(seed: bytes, count: int) -> Words:
    """Words 0 .. count - 1 of a seed's stream, shape (count,).

    The four words k of SHA-256(seed) go one after another into the package's counter hash:
    mix64(mix64(mix64(mix64(k0 + (i + 1) GOLD) + k1) + k2) + k3). SHA-256 in front leaves whoever picks the seed no
    better way than to try one after another; the rest is a good hash and no cryptographic one.

    Raises
    ------
    InvalidArgument
        For a seed of another length.
    """
    if not isinstance(seed, bytes) or len(seed) != SEED_BYTES:
        got = f"{len(seed)} bytes" if isinstance(seed, bytes) else type(seed).__name__
        raise InvalidArgument(f"seed must be {SEED_BYTES} bytes, got {got}: new_seed(rng) draws one")
    keys = np.frombuffer(hashlib.sha256(seed).digest(), dtype="<u8").astype(np.uint64)
    words = draws(keys[:1], 0, count)[0]
    for key in keys[1:]:
        words = mix64(words + key)
    return np.asarray(words)


def coins_of(functions: Any, words: Words) -> Floats:
    """What uniform words (K,) are as coins (K,) of a trainable class: quantiles of N(0, 1), then of U[0, 1)."""
    normal, uniform = functions.coin_laws
    if words.shape != (normal + uniform,):
        raise InvalidArgument(f"words must have shape ({normal + uniform},), got {words.shape}")
    chances = unit(words)
    coins = np.concatenate([normal_quantile(chances[:normal]), chances[normal:]])
    return np.asarray(coins.astype(functions.dtype).astype(np.float64))


def words_of(functions: Any, coins: Floats) -> Words:
    """Words (K,) whose `coins_of` are these coins up to rounding of their chances: how chosen coins are smuggled in."""
    from scipy.special import ndtr

    normal, _ = functions.coin_laws
    chances = np.concatenate([ndtr(coins[:normal]), coins[normal:]])
    places = np.clip(np.floor(chances * 2.0**52), 0, 2.0**52 - 1)
    return places.astype(np.uint64) << np.uint64(12)


def expand(seed: bytes, functions: Any) -> Floats:
    """Honest coins (K,) of a trainable class from a seed of 32 bytes, the same on every machine.

    Parameters
    ----------
    seed : bytes
    functions : Trainable
        One that knows its `coin_laws`.
    """
    return coins_of(functions, seed_words(seed, sum(functions.coin_laws)))
