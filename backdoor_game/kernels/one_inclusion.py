"""The one-inclusion learner on rows of (sample, test point): known label, forced label or edge's head."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..ground._jit import kernel
from .arguments import frozen, indices
from .orientation import orient
from .packing import pack_rows
from .sample_sets import SampleSets, grouping
from .version_space import OPEN, restrict, settle

__all__ = ["SampleSets", "grouping", "orient", "predict", "predict_rows", "predict_vertices"]

ONE, NONE = np.uint64(1), np.uint64(0)  # uint64: beside a plain 1 numba goes on in signed int64
CHUNK = 1 << 16  # open rows at a time: their sets, at most 64 int64 each, take 34 MB
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Labels = npt.NDArray[np.uint8]


@kernel
def _by_group(group: Integers, groups: int) -> tuple[Integers, Integers]:
    """The rows in the order of their groups; those of group g are rows[starts[g] : starts[g + 1]]."""
    starts = np.zeros(groups + 1, np.int64)
    for r in range(group.size):
        starts[group[r] + 1] += 1
    for g in range(groups):
        starts[g + 1] += starts[g]
    rows, filled = np.empty(group.size, np.int64), starts.copy()
    for r in range(group.size):
        rows[filled[group[r]]] = r
        filled[group[r]] += 1
    return starts, rows


@kernel
def _answer(
    vertices: Words, points: int, rows: Integers, labels: Words, known: Words, test: Integers, answers: Labels
) -> None:
    """Answer the rows of one set of points; its graph is oriented when the first row needs an edge."""
    out = np.zeros(0, np.uint64)
    for r in rows:
        bit = ONE << np.uint64(test[r])
        if known[r] & bit != NONE:
            answers[r] = 1 if labels[r] & bit != NONE else 0
            continue
        zero, one = -1, -1
        for v in range(vertices.size):
            if (vertices[v] ^ labels[r]) & known[r] == NONE:
                if vertices[v] & bit == NONE:
                    zero = v
                else:
                    one = v
        if zero >= 0 and one >= 0:
            if out.size == 0:
                out = orient(vertices, points)[0]
            answers[r] = 1 if out[zero] & bit != NONE else 0
        else:
            answers[r] = 1 if one >= 0 else 0


@kernel
def _answer_table(
    columns: Labels,
    sets: Integers,
    counts: Integers,
    group: Integers,
    labels: Words,
    known: Words,
    test: Integers,
) -> Labels:
    answers = np.zeros(group.size, np.uint8)
    starts, rows = _by_group(group, counts.size)
    for g in range(counts.size):
        vertices = restrict(columns, sets[g, : counts[g]])
        _answer(vertices, counts[g], rows[starts[g] : starts[g + 1]], labels, known, test, answers)
    return answers


@kernel
def _answer_vertices(
    vertices: Words,
    offsets: Integers,
    counts: Integers,
    group: Integers,
    labels: Words,
    known: Words,
    test: Integers,
) -> Labels:
    answers = np.zeros(group.size, np.uint8)
    starts, rows = _by_group(group, counts.size)
    for g in range(counts.size):
        own = vertices[offsets[g] : offsets[g + 1]]
        _answer(own, counts[g], rows[starts[g] : starts[g + 1]], labels, known, test, answers)
    return answers


def predict(table: Labels, sets: SampleSets) -> Labels:
    """Predictions of the class with label table (F, N) for the rows of `grouping`; uint8 (R,).

    A row whose sample no function fits is answered 0 unless the test point is in the sample.
    """
    indices("sets", sets.points[np.arange(sets.points.shape[1]) < sets.counts[:, None]], table.shape[1])
    return _answer_table(frozen(table.T, np.uint8), *(frozen(part, part.dtype) for part in sets))


def predict_vertices(vertices: Words, offsets: Integers, sets: SampleSets) -> Labels:
    """`predict` for a class without a table.

    Parameters
    ----------
    vertices : ndarray of uint64, shape (total,)
        The labelings of each set of `sets.points` in turn, sorted and each once; bit j is point j's label.
    offsets : ndarray of int64, shape (G + 1,)
        Those of set g are ``vertices[offsets[g] : offsets[g + 1]]``.
    """
    listed, places = frozen(vertices, np.uint64), frozen(offsets, np.int64)
    return _answer_vertices(listed, places, *(frozen(part, part.dtype) for part in sets[1:]))


def predict_rows(table: Labels, X: npt.ArrayLike, y: npt.ArrayLike, x: npt.ArrayLike) -> Labels:
    """One-inclusion predictions, row by row: the whole pipeline.

    Parameters
    ----------
    table : ndarray of uint8, shape (F, N)
        Labels of every function of the class on every point.
    X, y, x : arrays of int, shapes (R, m), (R, m), (R,)
        As in `grouping`; only a row that its sample leaves open has its set oriented, so only such a row is
        held to 64 distinct points.

    Returns
    -------
    ndarray of uint8, shape (R,)
        The same as ``predict(table, grouping(X, y, x))`` wherever the labels do not contradict each other.
    """
    points, labels = table.shape[1], frozen(y, np.uint8)
    samples, tests = indices("X", X, points), indices("x", x, points)
    columns = frozen(pack_rows(np.ascontiguousarray(table.T)), np.uint64)
    answers = settle(columns, table.shape[0], samples, labels, tests)
    still_open = np.flatnonzero(answers == OPEN)
    for first in range(0, still_open.size, CHUNK):
        part = still_open[first : first + CHUNK]
        answers[part] = predict(table, grouping(samples[part], labels[part], tests[part]))
    return answers
