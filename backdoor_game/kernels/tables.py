"""Rows of small numbers: gather labels, count differences, check ranges, distances to a listed class."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import kernel


@kernel
def gather(codes: Any, places: Any) -> Any:
    """codes[r, places[r, i]] as uint8, shape (B, m); places must lie inside the codes."""
    out = np.empty(places.shape, np.uint8)
    for r in range(places.shape[0]):
        for i in range(places.shape[1]):
            out[r, i] = codes[r, places[r, i]]
    return out


@kernel
def all_at_most(codes: Any, high: Any) -> Any:
    """Which rows hold no entry above `high`."""
    out = np.empty(codes.shape[0], np.bool_)
    for r in range(codes.shape[0]):
        largest = codes[r, 0]
        for i in range(codes.shape[1]):
            largest = max(largest, codes[r, i])
        out[r] = largest <= high
    return out


@kernel
def count_differences(F: Any, G: Any) -> Any:
    """In how many places rows of F and G differ, int64 (B,)."""
    out = np.empty(F.shape[0], np.int64)
    for r in range(F.shape[0]):
        count = 0
        for i in range(F.shape[1]):
            count += F[r, i] != G[r, i]
        out[r] = count
    return out
