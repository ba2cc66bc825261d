"""Legal plants of a whole class: who may stand for whom at which point, as one list with offsets."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import kernel
from .enumeration import weighted_difference

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64


@kernel
def count_legal(packed: Any, weights: Any, limit: float, first: int, last: int, counts: Any) -> None:
    """Adds to `counts` (N, F) the legal pairs of functions first .. last - 1 with those before them (packed (F, W))."""
    for f in range(first, last):
        for g in range(f):
            if weighted_difference(packed[f], packed[g], weights, limit) <= limit:
                for w in range(packed.shape[1]):
                    differ = packed[f, w] ^ packed[g, w]
                    point = 64 * w
                    while differ != np.uint64(0):
                        if differ & ONE:
                            counts[point, f] += 1
                            counts[point, g] += 1
                        differ >>= ONE
                        point += 1


@kernel
def fill_legal(
    packed: Any, weights: Any, limit: float, starts: Any, first: int, last: int, filled: Any, partners: Any
) -> None:
    """Writes the legal plants of functions first .. last - 1, increasing within each (x, f), into `partners` (T,).

    Those of (x, f) begin at starts[x * F + f]; `filled` (N, F) counts them as they come.
    """
    F = packed.shape[0]
    for f in range(first, last):
        for g in range(F):
            if g != f and weighted_difference(packed[f], packed[g], weights, limit) <= limit:
                for w in range(packed.shape[1]):
                    differ = packed[f, w] ^ packed[g, w]
                    point = 64 * w
                    while differ != np.uint64(0):
                        if differ & ONE:
                            partners[starts[point * F + f] + filled[point, f]] = g
                            filled[point, f] += 1
                        differ >>= ONE
                        point += 1


@kernel
def find_rows(ordered: Any, rows: Any) -> Any:
    """Places of packed rows (B, W) among distinct rows (F, W) in lexicographic order, int64 (B,); -1 where absent."""
    places = np.empty(rows.shape[0], dtype=np.int64)
    for r in range(rows.shape[0]):
        low, high, found = 0, ordered.shape[0] - 1, -1
        while low <= high:
            middle = (low + high) // 2
            order = 0
            for w in range(rows.shape[1]):
                if rows[r, w] != ordered[middle, w]:
                    order = -1 if rows[r, w] < ordered[middle, w] else 1
                    break
            if order == 0:
                found = middle
                break
            if order < 0:
                high = middle - 1
            else:
                low = middle + 1
        places[r] = found
    return places


@kernel
def draw_in_rows(starts: Any, probabilities: Any, rows: Any, fractions: Any) -> Any:
    """An entry of each row's stretch, drawn by its probability, int64 (B,); -1 on what they lack to 1."""
    drawn = np.full(rows.shape[0], -1, dtype=np.int64)
    for r in range(rows.shape[0]):
        reached = 0.0
        for k in range(starts[rows[r]], starts[rows[r] + 1]):
            reached += probabilities[k]
            if fractions[r] < reached:
                drawn[r] = k
                break
    return drawn
