"""Indices from a key's stream, and members that hit a window, in Python's integers."""

from __future__ import annotations

from collections.abc import Sequence

from tests.naive.gibbs import word


def half(key: int, i: int) -> int:
    """The i-th 32-bit draw of a key: the upper half of each word, then its lower half."""
    return word(key, i // 2) >> 32 if i % 2 == 0 else word(key, i // 2) & 0xFFFFFFFF


def uniform_index(key: int, i: int, size: int) -> int:
    return (half(key, i) * size) >> 32


def weighted_index(key: int, i: int, ends: Sequence[int]) -> int:
    """The first stretch of the 53-bit line that ends beyond the draw."""
    return next(index for index, end in enumerate(ends) if word(key, i) >> 11 < end)


def half_hits(key: int, start: int, m: int, members: int, low: int, high: int) -> int:
    """How many of the members' consecutive samples of m points have a draw in [low, high)."""
    samples = [[half(key, start + t * m + i) for i in range(m)] for t in range(members)]
    return sum(any(low <= draw < high for draw in sample) for sample in samples)


def word_hits(key: int, start: int, m: int, members: int, low: int, high: int) -> int:
    samples = [[word(key, start + t * m + i) >> 11 for i in range(m)] for t in range(members)]
    return sum(any(low <= draw < high for draw in sample) for sample in samples)
