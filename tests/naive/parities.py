"""Equations over GF(2) with rows as Python integers: elimination from the lowest bit, free entries 0."""

from __future__ import annotations

from collections.abc import Sequence


def solve(X: Sequence[Sequence[int]], y: Sequence[int], n: int) -> list[int]:
    """A solution s of <s, X[i]> = y[i] for every i; bit n of a row holds its right-hand side."""
    pivots: dict[int, int] = {}
    for x, label in zip(X, y, strict=True):
        row = sum(bit << i for i, bit in enumerate(x)) | label << n
        while (left := row & ((1 << n) - 1)) and (lowest := (left & -left).bit_length() - 1) in pivots:
            row ^= pivots[lowest]
        if left:
            pivots[lowest] = row
    s = 0
    for pivot in sorted(pivots, reverse=True):
        row = pivots[pivot]
        known = (row & s & ~(1 << pivot)).bit_count() % 2
        s |= ((row >> n) ^ known) << pivot
    return [s >> i & 1 for i in range(n)]
