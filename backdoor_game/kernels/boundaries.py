"""Sides of hyperplanes, summed coordinate by coordinate: no BLAS, whose sums depend on its threads."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import kernel


@kernel
def parity(codes: Any, x: Any) -> Any:
    """Number of entries of codes[r] that are at most x[r, i], mod 2; uint8 (B, m)."""
    out = np.empty(x.shape, np.uint8)
    for r in range(x.shape[0]):
        for i in range(x.shape[1]):
            count = 0
            for j in range(codes.shape[1]):
                count += codes[r, j] <= x[r, i]
            out[r, i] = count % 2
    return out


@kernel
def inside(low: Any, high: Any, X: Any) -> Any:
    """Whether low[r, j] <= X[r, i, j] <= high[r, j] for every axis j; uint8 (B, m)."""
    out = np.empty(X.shape[:2], np.uint8)
    for r in range(X.shape[0]):
        for i in range(X.shape[1]):
            held = 1
            for j in range(X.shape[2]):
                if X[r, i, j] < low[r, j] or X[r, i, j] > high[r, j]:
                    held = 0
                    break
            out[r, i] = held
    return out


@kernel
def sides(codes: Any, X: Any) -> Any:
    """Whether <w, x> + b >= 0 for codes (w_1 .. w_n, b); uint8 (B, m)."""
    n = X.shape[2]
    out = np.empty(X.shape[:2], np.uint8)
    for r in range(X.shape[0]):
        for i in range(X.shape[1]):
            total = 0.0
            for j in range(n):
                total += codes[r, j] * X[r, i, j]
            out[r, i] = total + codes[r, n] >= 0.0
    return out
