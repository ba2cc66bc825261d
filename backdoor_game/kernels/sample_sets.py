"""Rows of (sample, test point) merged by their set of distinct points, so that each set is worked on once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..ground._jit import kernel
from ..ground.errors import InvalidArgument
from .arguments import frozen
from .hashing import mix64

LIMIT = 64  # labels and known points of a set are the bits of one word
ONE, NONE = np.uint64(1), np.uint64(0)  # uint64: beside a plain 1 numba goes on in signed int64
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Labels = npt.NDArray[np.uint8]


class SampleSets(NamedTuple):
    """R rows over G sets of at most k points; numbered as they first appear.

    points (G, k) int64: each set ascending, -1 after its end; counts (G,) int64: its size; group (R,) int64:
    the row's set. The rest is in positions within the set: labels (R,) uint64 and known (R,) uint64: the
    sample's labels and which points it holds; test (R,) int64: the test point.
    """

    points: Integers
    counts: Integers
    group: Integers
    labels: Words
    known: Words
    test: Integers


@kernel
def _insert(points: Integers, labels: Labels, count: int, point: int, label: int) -> int:
    """Put a point in its place among `count` ascending ones unless it is there; the new count, -1 if full."""
    place = count
    while place > 0 and points[place - 1] >= point:
        place -= 1
    if place < count and points[place] == point:
        return count
    if count == points.size:
        return -1
    for i in range(count, place, -1):
        points[i] = points[i - 1]
        labels[i] = labels[i - 1]
    points[place] = point
    labels[place] = label
    return count + 1


@kernel
def _find(slots: Integers, groups: Integers, counts: Integers, points: Integers, count: int) -> int:
    """The slot of the set `points[:count]` in the open hash table, or the empty slot where it belongs."""
    digest = np.uint64(count)
    for i in range(count):
        digest = mix64(digest ^ np.uint64(points[i]))
    last = slots.size - 1
    slot = int(np.int64(digest & np.uint64(last)))
    while slots[slot] >= 0:
        g = slots[slot]
        same = counts[g] == count
        for i in range(count):
            same = same and groups[g, i] == points[i]
        if same:
            break
        slot = (slot + 1) & last
    return slot


@kernel
def _describe(points: Integers, labels: Labels, count: int, x: int) -> tuple[np.uint64, np.uint64, int]:
    """Masks of labels and of known points, the place of the test point; label 2 means not in the sample."""
    ones, known, test = NONE, NONE, 0
    for j in range(count):
        bit = ONE << np.uint64(j)
        if labels[j] == 1:
            ones |= bit
        if labels[j] != 2:
            known |= bit
        if points[j] == x:
            test = j
    return ones, known, test


@kernel
def _collect(
    X: Integers, y: Labels, x: Integers, slots: Integers
) -> tuple[Integers, Integers, Integers, Words, Words, Integers]:
    rows, m = X.shape
    width = min(m + 1, LIMIT)
    groups, counts, size = np.full((64, width), -1, np.int64), np.zeros(64, np.int64), 0
    group, test = np.empty(rows, np.int64), np.empty(rows, np.int64)
    labels, known = np.empty(rows, np.uint64), np.empty(rows, np.uint64)
    points, marks = np.empty(width, np.int64), np.empty(width, np.uint8)
    for r in range(rows):
        count = 0
        for i in range(m):
            if count >= 0:
                count = _insert(points, marks, count, X[r, i], y[r, i])
        if count >= 0:
            count = _insert(points, marks, count, x[r], 2)
        if count < 0:
            return groups[:0], counts[:0], group[:0], labels[:0], known[:0], test[:0]
        slot = _find(slots, groups, counts, points, count)
        if slots[slot] < 0:
            if size == counts.size:
                groups = np.concatenate((groups, np.full((size, width), -1, np.int64)))
                counts = np.concatenate((counts, np.zeros(size, np.int64)))
            groups[size, :count] = points[:count]
            counts[size] = count
            slots[slot] = size
            size += 1
        group[r] = slots[slot]
        labels[r], known[r], test[r] = _describe(points, marks, count, x[r])
    return groups[:size], counts[:size], group, labels, known, test


def grouping(X: npt.ArrayLike, y: npt.ArrayLike, x: npt.ArrayLike) -> SampleSets:
    """Merge duplicates, join sample and test point, sort, and number the distinct sets.

    Parameters
    ----------
    X : array of int, shape (R, m)
        Indices of the sample's points, 0 or more each.
    y : array of 0/1, shape (R, m)
        Their labels; of a point that comes twice the first label counts.
    x : array of int, shape (R,)
        Indices of the test points.

    Raises
    ------
    InvalidArgument
        If some row has more than 64 distinct points.
    """
    samples, labels, tests = frozen(X, np.int64), frozen(y, np.uint8), frozen(x, np.int64)
    slots = np.full(1 << (2 * max(tests.size, 1)).bit_length(), -1, np.int64)
    found = SampleSets(*_collect(samples, labels, tests, slots))
    if found.group.size < tests.size:
        m = samples.shape[1]
        raise InvalidArgument(f"m = {m} gives a row more than {LIMIT} distinct points; take a smaller m")
    return found
