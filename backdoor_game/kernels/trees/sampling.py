"""Uniform random decision trees, from each row's own key."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel
from ..hashing import below, fraction, word
from .codes import INNER

TOP = np.uint64(63)  # a fair coin is the top bit of its word


@inline
def _left_leaves(weights: Any, level: int, leaves: int, u: float) -> int:
    """How many of the leaves below a node at `level` hang on its 0-side: i with weight w[i] w[leaves - i]."""
    below_it = weights[level + 1]
    total = 0.0
    for i in range(1, leaves):
        total += below_it[i] * below_it[leaves - i]
    target, reached = u * total, 0.0
    for i in range(1, leaves):
        reached += below_it[i] * below_it[leaves - i]
        if target < reached:
            return i
    return leaves - 1


@inline
def _grow(code: Any, key: np.uint64, leaves: int, weights: Any, bits: Any, size: Any, level: Any) -> None:
    """Write one random tree; the bits read above the node under way are bits[:its level]."""
    size[0], level[0], waiting, i = leaves, 0, 1, 0
    while waiting > 0:
        waiting -= 1
        k, d = size[waiting], level[waiting]
        if k == 1:
            code[i] = np.int64(word(key, 1 + 2 * i) >> TOP)
        else:
            j = d + below(word(key, 1 + 2 * i), bits.shape[0] - d)
            bits[d], bits[j] = bits[j], bits[d]
            code[i] = INNER + bits[d]
            left = _left_leaves(weights, d, k, fraction(word(key, 2 + 2 * i)))
            size[waiting], level[waiting] = k - left, d + 1
            size[waiting + 1], level[waiting + 1] = left, d + 1
            waiting += 2
        i += 1


@kernel
def random_trees(keys: Any, ends: Any, weights: Any, n: int) -> Any:
    """Trees over n bits, one a key, all equally likely; int64 (B, L).

    ends : (s,), Pr[at most k + 1 leaves]; weights : (levels, s + 1), relative numbers of trees with k leaves over the
    bits left free at a level, scaled by a power c^k.
    """
    out = np.zeros((keys.shape[0], 2 * ends.shape[0] - 1), np.int64)
    size, level = np.empty(ends.shape[0] + 1, np.int64), np.empty(ends.shape[0] + 1, np.int64)
    for r in range(keys.shape[0]):
        u, leaves = fraction(word(keys[r], 0)), 1
        while leaves < ends.shape[0] and u >= ends[leaves - 1]:
            leaves += 1
        _grow(out[r], keys[r], leaves, weights, np.arange(n), size, level)
    return out
