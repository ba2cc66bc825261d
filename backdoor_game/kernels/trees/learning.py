"""Greedy decision trees: the leaf and the bit that make labels purest are split next, while leaves are left."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel
from ..packing import popcount
from .codes import INNER

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64
ALL = ~np.uint64(0)  # all 64 examples of a word


@inline
def _columns(X: Any, y: Any, columns: Any) -> None:
    """Examples X (m, n) as one row of words a bit, their labels in the row after the last."""
    n = X.shape[1]
    for v in range(n + 1):
        for w in range(columns.shape[1]):
            columns[v, w] = np.uint64(0)
    for i in range(X.shape[0]):
        w, place = i >> 6, np.uint64(i & 63)
        for v in range(n):
            columns[v, w] |= np.uint64(X[i, v]) << place
        columns[n, w] |= np.uint64(y[i]) << place


@inline
def _purity(ones: int, total: int) -> float:
    """(ones^2 + zeros^2) / total: the number of examples, less the larger the more labels are mixed."""
    return float(ones * ones + (total - ones) * (total - ones)) / float(total)


@inline
def _best_split(columns: Any, held: Any, total: int, ones: int) -> tuple[float, int]:
    """The gain in purity and the bit of the best split of the examples in `held`, the first of the best; -1 if none."""
    n = columns.shape[0] - 1
    gain, bit = -1.0, -1
    if ones == 0 or ones == total:
        return gain, bit
    for v in range(n):
        high, high_ones = 0, 0
        for w in range(held.shape[0]):
            part = held[w] & columns[v, w]
            high += popcount(part)
            high_ones += popcount(part & columns[n, w])
        if high == 0 or high == total:
            continue
        found = _purity(high_ones, high) + _purity(ones - high_ones, total - high) - _purity(ones, total)
        if found > gain:
            gain, bit = found, v
    return gain, bit


@inline
def _measure(k: int, columns: Any, held: Any, tokens: Any, bits: Any, gains: Any) -> None:
    """Label node k by its majority, 0 on a tie, and note its best split."""
    total, ones = 0, 0
    for w in range(held.shape[1]):
        total += popcount(held[k, w])
        ones += popcount(held[k, w] & columns[columns.shape[0] - 1, w])
    tokens[k] = 1 if 2 * ones > total else 0
    gains[k], bits[k] = _best_split(columns, held[k], total, ones)


@inline
def _widest(gains: Any, size: int) -> int:
    """The node with the greatest gain, the oldest of them; -1 where none can be split."""
    chosen, best = -1, -0.5
    for k in range(size):
        if gains[k] > best:
            chosen, best = k, gains[k]
    return chosen


@inline
def _emit(tokens: Any, children: Any, code: Any, waiting: Any) -> None:
    """Write the tree in prefix order; the 1-child of a node stands one after its 0-child."""
    waiting[0], count, i = 0, 1, 0
    while count > 0:
        count -= 1
        k = waiting[count]
        code[i] = tokens[k]
        i += 1
        if tokens[k] >= INNER:
            waiting[count], waiting[count + 1] = children[k] + 1, children[k]
            count += 2


@kernel
def learned(X: Any, y: Any, leaves: int) -> Any:
    """A tree for each row of examples X (R, m, n) with labels y (R, m); int64 codes (R, 2 leaves - 1)."""
    m, n, size = X.shape[1], X.shape[2], 2 * leaves - 1
    out = np.zeros((X.shape[0], size), np.int64)
    words = max(1, (m + 63) // 64)
    columns, held = np.empty((n + 1, words), np.uint64), np.empty((size, words), np.uint64)
    tokens, bits, children = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    gains, waiting = np.empty(size), np.empty(size + 1, np.int64)
    for r in range(X.shape[0]):
        _columns(X[r], y[r], columns)
        for w in range(words):
            left = m - 64 * w
            held[0, w] = ALL if left >= 64 else (ONE << np.uint64(left)) - ONE
        _measure(0, columns, held, tokens, bits, gains)
        count = 1
        while count + 2 <= size:
            k = _widest(gains, count)
            if k < 0:
                break
            tokens[k], children[k], gains[k] = INNER + bits[k], count, -1.0
            for w in range(words):
                held[count + 1, w] = held[k, w] & columns[bits[k], w]
                held[count, w] = held[k, w] & ~columns[bits[k], w]
            _measure(count, columns, held, tokens, bits, gains)
            _measure(count + 1, columns, held, tokens, bits, gains)
            count += 2
        _emit(tokens, children, out[r], waiting)
    return out
