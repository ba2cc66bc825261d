"""Gates of small circuits whose value at an input is rare among all inputs, or among a sample."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel
from ..hashing import word
from ..packing import popcount

ZERO, ONE, ALL = np.uint64(0), np.uint64(1), ~np.uint64(0)  # uint64: beside a plain 1 numba goes on in signed int64
# input i < 6 changes within a word: bit j is bit i of j
LOW = np.array(
    [
        0xAAAAAAAAAAAAAAAA,
        0xCCCCCCCCCCCCCCCC,
        0xF0F0F0F0F0F0F0F0,
        0xFF00FF00FF00FF00,
        0xFFFF0000FFFF0000,
        0xFFFFFFFF00000000,
    ],
    dtype=np.uint64,
)


@inline
def _inputs(values: Any, n: int, listed: bool, key: np.uint64) -> None:
    """All 2^n points in their order, else uniform ones, 64 to a word, into rows 1 .. n of `values` (wires, W)."""
    W = values.shape[1]
    for i in range(n):
        for w in range(W):
            if not listed:
                values[1 + i, w] = word(key, w * n + i)
            elif i < 6:
                values[1 + i, w] = LOW[i]
            else:
                values[1 + i, w] = ALL if (w >> (i - 6)) & 1 else ZERO


@inline
def _cone(code: Any, n: int, needed: Any) -> None:
    """Which wires the output of a code needs."""
    s = code.shape[0] // 2
    needed[:] = False
    needed[code[2 * s] >> 1] = True
    for i in range(s - 1, -1, -1):
        if needed[1 + n + i]:
            needed[code[2 * i] >> 1] = True
            needed[code[2 * i + 1] >> 1] = True


@kernel
def rarest_gate(codes: Any, X: Any, points: int, listed: bool, keys: Any) -> Any:
    """On how many points the most telling gate has the value that it has at X (B, n), int64 (B,).

    The points are all 2^n of them (`listed`), else so many uniform ones from the round's key: 1 to 32, or whole words.
    Only gates that the output of codes (B, 2 s + 1) needs are looked at; without one the answer is `points`.
    """
    B, n, s = X.shape[0], X.shape[1], codes.shape[1] // 2
    W = max(1, points // 64)
    mask = ALL if points >= 64 else (ONE << np.uint64(points)) - ONE
    values, here = np.zeros((1 + n + s, W), np.uint64), np.zeros(1 + n + s, np.uint8)
    needed = np.zeros(1 + n + s, np.bool_)
    out = np.full(B, points, np.int64)
    for r in range(B):
        _inputs(values, n, listed, keys[r])
        here[1 : 1 + n] = X[r]
        _cone(codes[r], n, needed)
        for i in range(s):
            a, b = codes[r, 2 * i], codes[r, 2 * i + 1]
            if not needed[1 + n + i]:
                continue
            flip_a = ALL if a & 1 else ZERO
            flip_b = ALL if b & 1 else ZERO
            value = (here[a >> 1] ^ (a & 1)) & (here[b >> 1] ^ (b & 1))
            here[1 + n + i] = value
            other, count = ZERO if value else ALL, 0
            for w in range(W):
                both = (values[a >> 1, w] ^ flip_a) & (values[b >> 1, w] ^ flip_b)
                values[1 + n + i, w] = both
                count += popcount((both ^ other) & mask)
            out[r] = min(out[r], count)
    return out
