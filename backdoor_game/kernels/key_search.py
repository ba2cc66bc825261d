"""Looking for a key under which a function is all but one of its labels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import inline, kernel

ZERO, ONE = np.uint64(0), np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64


@inline
def _matches(table: Any, row: Any, place: int) -> bool:
    """Whether two packed rows are equal but for one point."""
    for w in range(row.shape[0]):
        differ = table[w] ^ row[w]
        if w == place >> 6:
            differ &= ~(ONE << np.uint64(place & 63))
        if differ != ZERO:
            return False
    return True


@inline
def _differs(table: Any, row: Any, place: int) -> bool:
    return bool(((table[place >> 6] ^ row[place >> 6]) >> np.uint64(place & 63)) & ONE)


@kernel
def search(tables: Any, rows: Any, places: Any, starts: Any, budget: int) -> Any:
    """Whether the first of `budget` keys that matches a function (B, W) but for its point disagrees there, bool (B,).

    Keys are tried in their order from starts[r] on, the first following the last; False where none matches.
    """
    K = tables.shape[0]
    out = np.zeros(rows.shape[0], np.bool_)
    for r in range(rows.shape[0]):
        key = starts[r]
        for _ in range(budget):
            if _matches(tables[key], rows[r], places[r]):
                out[r] = _differs(tables[key], rows[r], places[r])
                break
            key += 1
            if key == K:
                key = 0
    return out


@kernel
def search_counts(tables: Any, rows: Any, places: Any, budget: int) -> Any:
    """From how many of the K starting keys `search` says True, int64 (B,)."""
    K = tables.shape[0]
    out = np.zeros(rows.shape[0], np.int64)
    for r in range(rows.shape[0]):
        last = K
        for key in range(K - 1, -1, -1):  # the last match comes before the first
            if _matches(tables[key], rows[r], places[r]):
                last = key - K
                break
        if last == K:
            continue
        for key in range(K):
            if _matches(tables[key], rows[r], places[r]):
                if _differs(tables[key], rows[r], places[r]):
                    out[r] += min(key - last, budget)
                last = key
    return out
