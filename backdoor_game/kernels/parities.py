"""Linear algebra over GF(2): inner products, and a solution of the equations that labelled points impose."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import inline, kernel

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64


@inline
def _bit(row: Any, i: int) -> bool:
    return bool((row[i >> 6] >> np.uint64(i & 63)) & ONE)


@kernel
def products(codes: Any, X: Any) -> Any:
    """<codes[r], X[r, i]> mod 2; uint8 (B, m)."""
    out = np.empty(X.shape[:2], np.uint8)
    for r in range(X.shape[0]):
        for i in range(X.shape[1]):
            total = 0
            for j in range(X.shape[2]):
                total += int(codes[r, j] & X[r, i, j])
            out[r, i] = total % 2
    return out


@kernel
def solve(X: Any, y: Any, n: int) -> Any:
    """A solution s (B, n) of <s, X[r, i]> = y[r, i] for every i, free entries 0; X (B, m, W) packs bits into words.

    Gaussian elimination: each example is reduced by the rows kept so far, each with its own lowest bit, then kept.
    """
    out = np.zeros((X.shape[0], n), np.uint8)
    rows = np.empty((n, X.shape[2]), np.uint64)
    for r in range(X.shape[0]):
        kept, label = np.zeros(n, np.bool_), np.zeros(n, np.uint8)
        for i in range(X.shape[1]):
            row, b = X[r, i].copy(), y[r, i]
            for j in range(n):
                if _bit(row, j):
                    if not kept[j]:
                        rows[j], label[j], kept[j] = row, b, True
                        break
                    row ^= rows[j]
                    b ^= label[j]
        for j in range(n - 1, -1, -1):
            if kept[j]:
                value = label[j]
                for i in range(j + 1, n):
                    if _bit(rows[j], i):
                        value ^= out[r, i]
                out[r, j] = value
    return out
