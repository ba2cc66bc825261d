"""The tests that inputs pass through in decision trees."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..spaces.domains import Points
from .base import Codes, Labels

Tests = npt.NDArray[np.int64]


def active_paths(codes: Codes, X: Points) -> tuple[Tests, Labels]:
    """For trees (B, L) in prefix order at inputs (B, n): the tests from the root down, and the label reached.

    Returns
    -------
    tests : ndarray of int64, shape (B, D)
        2 i + 1 where bit i is read as 0, 2 i + 2 where it is read as 1; 0 below the leaf.
    labels : ndarray of uint8, shape (B,)
    """
    rows, ends = np.arange(len(codes)), _ends(codes)
    place, tests = np.zeros(len(codes), dtype=np.int64), []
    while (inner := codes[rows, place] >= 2).any():
        bit = np.where(inner, codes[rows, place] - 2, 0)
        value = X[rows, bit].astype(np.int64)
        tests.append(np.where(inner, 2 * bit + 1 + value, 0))
        below = np.minimum(place + 1, codes.shape[1] - 1)
        place = np.where(inner, np.where(value == 1, ends[rows, below], below), place)
    deep = (codes.shape[1] - 1) // 2
    padded = np.zeros((len(codes), deep), dtype=np.int64)
    if tests:
        padded[:, : len(tests)] = np.stack(tests, axis=1)
    return padded, codes[rows, place].astype(np.uint8)


def _ends(codes: Codes) -> npt.NDArray[np.int64]:
    """Where the subtree that begins at each place ends, (B, L): a node's right child begins where its left one ends."""
    B, L = codes.shape
    rows, ends = np.arange(B), np.zeros((B, L + 1), dtype=np.int64)
    ends[:, L] = L  # padding is read as leaves; a subtree of a member ends before
    for i in range(L - 1, -1, -1):
        right = ends[:, i + 1]
        ends[:, i] = np.where(codes[:, i] >= 2, ends[rows, np.minimum(right, L)], i + 1)
    return ends
