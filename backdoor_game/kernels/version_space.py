"""A class on few points: its labelings of a set of them, and the label that a sample forces."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..ground._jit import inline, kernel
from .hashing import mix64

NONE = np.uint64(0)  # uint64: beside a plain 1 numba goes on in signed int64
OPEN = np.uint8(2)  # beside the labels 0 and 1
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Labels = npt.NDArray[np.uint8]


@inline
def _slot(slots: npt.NDArray[np.int64], kept: Words, mask: np.uint64) -> int:
    """Where `mask` stands in the open hash table, or would."""
    last = slots.size - 1
    slot = int(np.int64(mix64(mask) & np.uint64(last)))
    while slots[slot] >= 0 and kept[slots[slot]] != mask:
        slot = (slot + 1) & last
    return slot


@kernel
def restrict(columns: Labels, points: Integers) -> Words:
    """The distinct labelings of `points` by the class, sorted; `columns` (N, F) is its table transposed."""
    masks = np.zeros(columns.shape[1], np.uint64)
    for j in range(points.size):
        column, place = columns[points[j]], np.uint64(j)
        for f in range(masks.size):
            masks[f] |= np.uint64(column[f]) << place
    size = 1
    while size < 2 * masks.size:
        size *= 2
    slots, kept, count = np.full(size, -1, np.int64), np.empty(masks.size, np.uint64), 0
    for f in range(masks.size):
        if f == 0 or masks[f] != masks[f - 1]:
            slot = _slot(slots, kept, masks[f])
            if slots[slot] < 0:
                slots[slot] = count
                kept[count] = masks[f]
                count += 1
    return np.sort(kept[:count])


@kernel
def settle(columns: Words, functions: int, X: Integers, y: Labels, x: Integers) -> Labels:
    """The label that the sample forces at the test point, 2 where consistent functions differ there.

    `columns` (N, W) packs the functions' labels of a point into words: the version space is a few ANDs.
    """
    rows, m = X.shape
    words = columns.shape[1]
    settled, space = np.empty(rows, np.uint8), np.empty(words, np.uint64)
    for r in range(rows):
        settled[r] = OPEN
        for i in range(m - 1, -1, -1):
            if X[r, i] == x[r]:
                settled[r] = y[r, i]
        if settled[r] == OPEN:
            space[:] = ~NONE
            space[words - 1] >>= np.uint64(64 * words - functions)
            for i in range(m):
                flip = NONE if y[r, i] == 1 else ~NONE
                column = columns[X[r, i]]
                for w in range(words):
                    space[w] &= column[w] ^ flip
            zero, one = NONE, NONE
            for w in range(words):
                one |= space[w] & columns[x[r], w]
                zero |= space[w] & ~columns[x[r], w]
            if one == NONE or zero == NONE:
                settled[r] = 1 if one != NONE else 0
    return settled
