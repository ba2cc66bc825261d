"""The counter hash inside kernels: the same words as `streams.draws`, one at a time."""

from __future__ import annotations

import numpy as np

from ..ground._jit import inline
from ..ground.streams import GOLD, MIX_1, MIX_2

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64
# those of splitmix64, with its multipliers [Steele14]
SHIFT_1, SHIFT_2, SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)
DROP = np.uint64(11)  # 53 bits are left, as many as a float64 holds
ULP = 2.0**-53  # of a number in [1/2, 1): every fraction is a multiple, and none rounds to 1


@inline
def mix64(z: np.uint64) -> np.uint64:
    """The splitmix64 finaliser of one word."""
    z = (z ^ (z >> SHIFT_1)) * MIX_1
    z = (z ^ (z >> SHIFT_2)) * MIX_2
    return z ^ (z >> SHIFT_3)


@inline
def word(key: np.uint64, i: int) -> np.uint64:
    """Word i of a key's stream: column i of ``streams.draws(keys, 0, i + 1)``."""
    return mix64(key + (np.uint64(i) + ONE) * GOLD)


@inline
def fraction(z: np.uint64) -> float:
    """A float in [0, 1) on the multiples of 2^-53: the word's upper 53 bits."""
    return np.float64(z >> DROP) * ULP


@inline
def below(z: np.uint64, bound: int) -> int:
    """An integer in 0..bound-1, as `streams.below` computes it."""
    return min(int(np.int64(fraction(z) * np.float64(bound))), bound - 1)
