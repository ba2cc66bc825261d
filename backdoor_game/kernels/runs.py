"""Parity of boundaries at or below a point."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._jit import kernel


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
