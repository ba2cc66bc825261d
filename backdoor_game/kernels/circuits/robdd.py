"""Reduced ordered binary decision diagrams with complement edges, straight from packed truth tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64


@inline
def _gate(a: int, b: int, code: Any, size: int, n: int) -> int:
    """Notes the gate a AND b as number `size`; its literal."""
    code[2 * size], code[2 * size + 1] = max(a, b), min(a, b)
    return 2 * (n + 1 + size)


@inline
def _choice(x: int, high: int, low: int, code: Any, size: int, n: int) -> tuple[int, int]:
    """The literal of x ? high : low, where low is no complement and neither is the other; and how many gates then."""
    if low == 0:
        if high == 1:
            return x, size
        return _gate(x, high, code, size, n), size + 1
    if high == 0:
        return _gate(x ^ 1, low, code, size, n), size + 1
    if high == 1:
        return _gate(x ^ 1, low ^ 1, code, size, n) ^ 1, size + 1
    if high == low ^ 1:
        both = _gate(x, low, code, size, n)
        neither = _gate(x ^ 1, low ^ 1, code, size + 1, n)
        return _gate(both ^ 1, neither ^ 1, code, size + 2, n), size + 3
    # x ? h : l = not (not (x h) and not (not x l)); the cases above save gates where a child is a constant
    one = _gate(x, high, code, size, n)
    zero = _gate(x ^ 1, low, code, size + 1, n)
    return _gate(one ^ 1, zero ^ 1, code, size + 2, n) ^ 1, size + 3


@kernel
def diagrams(tables: Any, n: int, codes: Any) -> None:
    """The diagram of each packed table (B, W) as a circuit over n inputs, written into zeroed codes (B, 2 s + 1).

    The first input is tested last. A function and its complement share a node, whose low child is no complement: so
    every function of the lower inputs has one literal, and equal tables get equal codes. The code must have room.
    """
    below = np.empty(1 << n, np.int64)
    nodes = np.empty((max(1, 1 << n >> 1), 3), np.int64)
    for r in range(tables.shape[0]):
        for point in range(1 << n):
            below[point] = np.int64((tables[r, point >> 6] >> np.uint64(point & 63)) & ONE)
        size = 0
        for level in range(n):
            known = 0
            for j in range(1 << (n - 1 - level)):
                low, high = below[2 * j], below[2 * j + 1]
                if low == high:
                    below[j] = low
                    continue
                flip = low & 1
                low, high = low ^ flip, high ^ flip
                at = 0
                while at < known and not (nodes[at, 0] == low and nodes[at, 1] == high):
                    at += 1
                if at == known:
                    wire, size = _choice(2 * (level + 1), high, low, codes[r], size, n)
                    nodes[at, 0], nodes[at, 1], nodes[at, 2] = low, high, wire
                    known += 1
                below[j] = nodes[at, 2] ^ flip
        codes[r, codes.shape[1] - 1] = below[0]
