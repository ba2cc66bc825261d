"""Indices drawn from a counter hash, and the count of members whose sample falls into a window."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import kernel
from .hashing import word

HALF = np.uint64(32)  # a word gives two points of a uniform law on at most 2^16
LOW_HALF = np.uint64(0xFFFFFFFF)  # uint64: beside a plain 1 numba goes on in signed int64
DROPPED = np.uint64(11)  # 53 bits are left, the units of `ends`


@kernel
def uniform_indices(keys: Any, start: int, m: int, size: int) -> Any:
    """Points start .. start+m-1 of each key, as indices below `size` <= 2^32: two from a word, (half * size) >> 32."""
    out = np.empty((keys.shape[0], m), np.int64)
    bound = np.uint64(size)
    first = start // 2
    skip = start % 2
    for r in range(keys.shape[0]):
        for w in range((skip + m + 1) // 2):
            h = word(keys[r], first + w)
            i = 2 * w - skip
            if i >= 0:
                # the upper word of half * size: no division, and each index has its share to within 2^-32
                out[r, i] = np.int64(((h >> HALF) * bound) >> HALF)
            if i + 1 < m:
                out[r, i + 1] = np.int64(((h & LOW_HALF) * bound) >> HALF)
    return out


@kernel
def weighted_indices(keys: Any, start: int, m: int, ends: Any) -> Any:
    """The same from upper 53 bits and cumulative `ends` (A,), uint64: index = number of ends <= draw."""
    out = np.empty((keys.shape[0], m), np.int64)
    for r in range(keys.shape[0]):
        for i in range(m):
            value = word(keys[r], start + i) >> DROPPED
            low = 0
            high = ends.shape[0] - 1
            while low < high:
                middle = (low + high) // 2
                if ends[middle] <= value:
                    low = middle + 1
                else:
                    high = middle
            out[r, i] = low
    return out


@kernel
def half_hits(keys: Any, start: int, m: int, members: int, low: Any, high: Any) -> Any:
    """For each key, how many of `members` consecutive samples of m points have a 32-bit half in [low, high)."""
    out = np.empty(keys.shape[0], np.int64)
    for r in range(keys.shape[0]):
        count = 0
        base, width = low[r], high[r] - low[r]
        for t in range(members):
            i = start + t * m
            stop = i + m
            hit = False
            if i % 2 == 1 and i < stop:
                hit = ((word(keys[r], i // 2) & LOW_HALF) - base) < width
                i += 1
            for w in range(i // 2, stop // 2):
                h = word(keys[r], w)
                hit |= (((h >> HALF) - base) < width) | (((h & LOW_HALF) - base) < width)
            if stop % 2 == 1 and i < stop:
                hit |= ((word(keys[r], stop // 2) >> HALF) - base) < width
            count += hit
        out[r] = count
    return out


@kernel
def word_hits(keys: Any, start: int, m: int, members: int, low: Any, high: Any) -> Any:
    """The same with one 53-bit draw a point."""
    out = np.empty(keys.shape[0], np.int64)
    for r in range(keys.shape[0]):
        count = 0
        base, width = low[r], high[r] - low[r]
        for t in range(members):
            hit = False
            for w in range(start + t * m, start + t * m + m):
                hit |= ((word(keys[r], w) >> DROPPED) - base) < width
            count += hit
        out[r] = count
    return out
