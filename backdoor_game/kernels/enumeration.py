"""Distances from functions to a whole enumerated class, and the legal plants among it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import inline, kernel

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64


@inline
def weighted_difference(a: Any, b: Any, weights: Any, limit: float) -> Any:
    """Total weight of the points at which two packed rows differ, added in order, or a part of it above the limit."""
    total = 0.0
    for w in range(a.shape[0]):
        differ = a[w] ^ b[w]
        point = 64 * w
        while differ != np.uint64(0):
            if differ & ONE:
                total += weights[point]
                if total > limit:
                    return total
            differ >>= ONE
            point += 1
    return total


@kernel
def packed_distances(table: Any, rows: Any, weights: Any) -> Any:
    """float64 (B, F): weight of disagreement of each packed row (B, W) with each of the class (F, W)."""
    out = np.empty((rows.shape[0], table.shape[0]))
    for r in range(rows.shape[0]):
        for g in range(table.shape[0]):
            out[r, g] = weighted_difference(rows[r], table[g], weights, np.inf)
    return out


@kernel
def near_distances(table: Any, first: int, last: int, weights: Any, limit: float) -> Any:
    """float64 (last - first, last): weight of disagreement of rows first .. last - 1 of a table (F, W) with those
    before each; inf where it exceeds the limit, and from each row's own place on."""
    out = np.full((last - first, last), np.inf)
    for f in range(first, last):
        for g in range(f):
            apart = weighted_difference(table[f], table[g], weights, limit)
            if apart <= limit:
                out[f - first, g] = apart
    return out


@kernel
def choose_legal(table: Any, rows: Any, places: Any, weights: Any, limit: float, fractions: Any) -> Any:
    """A member that differs from row r at point places[r] within `limit`: number floor(fractions[r] * count), or -1.

    `fractions` float64 (B,) in [0, 1) makes the choice uniform over the legal members in the class's order.
    """
    out = np.empty(rows.shape[0], np.int64)
    legal = np.empty(table.shape[0], np.int64)
    for r in range(rows.shape[0]):
        word = places[r] >> 6
        bit = np.uint64(places[r] & 63)
        count = 0
        for g in range(table.shape[0]):
            differs = ((table[g, word] ^ rows[r, word]) >> bit) & ONE
            if differs and weighted_difference(table[g], rows[r], weights, limit) <= limit:
                legal[count] = g
                count += 1
        out[r] = legal[min(int(fractions[r] * count), count - 1)] if count > 0 else -1
    return out
