"""Membership in products of closed sides."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import kernel


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
