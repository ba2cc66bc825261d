"""A keyed hash of bit vectors to one bit, and the first key that fits labelled points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import inline, kernel
from ..ground.streams import GOLD
from .hashing import mix64

TOP = np.uint64(63)  # the label is the top bit of a word: the best mixed


@inline
def _label(key: int, words: Any) -> np.uint64:
    """The top bit of a chain of mixers that takes in the key and then the words of a point, one after another."""
    # mix64(0) is 0: the odd step keeps key 0 away from it, and its multiples tell the places of words apart
    state = mix64(np.uint64(key) + GOLD)
    for w in range(words.shape[0]):
        state = mix64((state ^ words[w]) + np.uint64(w + 1) * GOLD)
    return state >> TOP


@kernel
def hashed(codes: Any, points: Any) -> Any:
    """Bits of H(codes[r] || points[r, i]) for points (B, m, W) packed into words; uint8 (B, m)."""
    out = np.empty(points.shape[:2], np.uint8)
    for r in range(points.shape[0]):
        for i in range(points.shape[1]):
            out[r, i] = _label(codes[r, 0], points[r, i])
    return out


@kernel
def first_key(points: Any, y: Any, keys: int) -> Any:
    """The least of the keys 0 .. keys - 1 that gives y (B, m) on points (B, m, W), 0 if none does; int64 (B, 1)."""
    out = np.zeros((points.shape[0], 1), np.int64)
    for r in range(points.shape[0]):
        for key in range(keys):
            fits = True
            for i in range(points.shape[1]):
                if _label(key, points[r, i]) != np.uint64(y[r, i]):
                    fits = False
                    break
            if fits:
                out[r, 0] = key
                break
    return out
