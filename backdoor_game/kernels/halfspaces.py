"""Sides of hyperplanes, summed coordinate by coordinate: no BLAS, whose sums depend on its threads."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import kernel


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
