"""Generators that stretch a seed to two: one on a library's hash, one small enough for a circuit."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from typing import Protocol

import numpy as np

from ...ground import _validate
from ...ground.streams import draws

LEAST, MOST = 4, 20  # fewer bits leave no room for the taps; with more the keys are not tried one by one in seconds
LEVELS = 1024  # words set apart for a level, of which 3 k <= 60 are used: no constant comes twice
Path = tuple[int, ...]


class SeedGenerator(Protocol):
    """Stretches a seed of `seed_bits` bits to two; the node's path from the root is a public tweak."""

    @property
    def seed_bits(self) -> int: ...

    def stretch(self, seed: int, path: Path) -> tuple[int, int]:
        """The seeds of the node's two children, for the next bit 0 and for the next bit 1."""
        ...

    def label(self, seed: int) -> int:
        """The label of a leaf that has this seed, 0 or 1."""
        ...


@dataclasses.dataclass(frozen=True)
class HashGenerator:
    """BLAKE2b of the seed, personalised with the path: the reference of what a tree needs of its generator."""

    seed_bits: int = 128

    def __post_init__(self) -> None:
        if _validate.integer("HashGenerator.seed_bits", self.seed_bits, 8, 256) % 8:
            _validate.integer("HashGenerator.seed_bits / 8", self.seed_bits / 8, 1, 32)

    def stretch(self, seed: int, path: Path) -> tuple[int, int]:
        """The two halves of the hash."""
        size = self.seed_bits // 8
        place = sum(bit << i for i, bit in enumerate(path)) + (1 << len(path))
        digest = hashlib.blake2b(seed.to_bytes(size, "little") + b"%d" % place, digest_size=2 * size).digest()
        return int.from_bytes(digest[:size], "little"), int.from_bytes(digest[size:], "little")

    def label(self, seed: int) -> int:
        """The lowest bit."""
        return seed & 1


@dataclasses.dataclass(frozen=True)
class SmallGenerator:
    """A seed of 4 to 20 bits run through a nonlinear shift register; some seven gates a step.

    A step drops the lowest bit of s and appends s[0] + s[1] s[k - 1] + s[l] + c modulo 2, with k bits, l = max(2, k/2 -
    1), c the top bit of a word of the counter hash, and in step t bit t of the path added. After 3 k steps that is the
    child for bit 0; the child for bit 1 has its third highest bit flipped, and its highest too where the second highest
    is 1. A leaf's label is its highest bit.

    Each child is a permutation of its parent: over uniform keys every seed in the tree is uniform, and so are the
    labels of two sibling leaves together. *Proved.* That no defender here gains from the function's other labels is
    *enumerated* for shipped sizes. Nothing so small is one-way: who reads a seed in a circuit can walk back to the key.
    So only an obfuscator that shows nothing but the function hides the key, and hides it as well as its 2^k keys can.
    """

    seed_bits: int

    def __post_init__(self) -> None:
        _validate.integer("SmallGenerator.seed_bits", self.seed_bits, LEAST, MOST)

    @property
    def steps(self) -> int:
        """Steps of the register from parent to child."""
        return 3 * self.seed_bits

    @property
    def taps(self) -> tuple[int, int, int]:
        """The bits that are multiplied, and the one that is added."""
        return 1, self.seed_bits - 1, max(2, self.seed_bits // 2 - 1)

    def stretch(self, seed: int, path: Path) -> tuple[int, int]:
        """See the class."""
        k = self.seed_bits
        one, other, added = self.taps
        s = [seed >> i & 1 for i in range(k)]
        for t, constant in enumerate(step_constants(self.steps, len(path))):
            walked = path[t] if t < len(path) else 0
            s = [*s[1:], s[0] ^ (s[one] & s[other]) ^ s[added] ^ constant ^ walked]
        zero = sum(bit << i for i, bit in enumerate(s))
        return zero, zero ^ (1 << (k - 3)) ^ (s[k - 2] << (k - 1))

    def label(self, seed: int) -> int:
        """The highest bit."""
        return seed >> (self.seed_bits - 1)


@functools.lru_cache(maxsize=256)  # the levels of the longest tree
def step_constants(steps: int, level: int) -> tuple[int, ...]:
    """The register's constants at a level of the tree, nothing up the sleeve: top bits of the counter hash of key 0."""
    words = draws(np.zeros(1, np.uint64), LEVELS * level, steps)[0]
    return tuple(int(word >> np.uint64(63)) for word in words)
