"""What searching keys is worth against the punctured function, exactly: every key, every trigger, every start."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ...ground import _validate
from ...ground.streams import Words
from .tables import Integers, key_tables


def search_advantage(key_bits: int, bits: int, budget: int) -> Fraction:
    """Detections less false alarms of ``KeySearch(budget)``, by enumeration: 2 win - 1.

    For a key k and an input x the keys whose labels are those of k off x are one class. The first of them to be reached
    decides, in both branches: for the better if its label at x is that of k, else for the worse. A class of k alone is
    reached from `budget` of the 2^key_bits starts, so only keys at distance 1 or less from another need be looked at.
    """
    K, N = 2**key_bits, 2**bits
    _validate.integer("budget", budget, 1, K)
    tables = key_tables(key_bits, bits)
    close = _close_keys(tables, N)
    total = (K - len(close)) * N * budget
    for x in range(N):
        total += _decided(tables[close], close, x, budget, K)
    return Fraction(total, K * K * N)


def _close_keys(tables: Words, N: int) -> Integers:
    """Keys that share one half of their labels with another: distance 1 or less leaves a half as it is."""
    W = tables.shape[1]
    if W > 1:
        halves = [tables[:, : W // 2], tables[:, W // 2 :]]
    else:
        halves = [tables & np.uint64(2 ** (N // 2) - 1), tables >> np.uint64(N // 2)]
    shared = np.zeros(len(tables), dtype=bool)
    for half in halves:
        _, which, counts = np.unique(half, axis=0, return_inverse=True, return_counts=True)
        shared |= counts[which.ravel()] > 1
    return np.flatnonzero(shared)


def _decided(tables: Words, keys: Integers, x: int, budget: int, K: int) -> int:
    """For all these keys k together, starts that decide for the better less those for the worse, at input x."""
    if not len(keys):
        return 0
    rows = tables.copy()
    bit = np.uint64(1) << np.uint64(x % 64)
    sign = np.where(rows[:, x // 64] & bit, 1, -1)
    rows[:, x // 64] &= ~bit
    _, which = np.unique(rows, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    group, key = which.ravel()[order], keys[order]
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    last = np.r_[first[1:], len(key)] - 1
    before = np.r_[-1, key[:-1]]
    before[first] = key[last] - K
    reached = np.minimum(key - before, budget) * sign[order]
    return int((np.add.reduceat(reached, first) * np.add.reduceat(sign[order], first)).sum())
