"""The finitely many D among which one of least value is found: where the planes D(x) = 0 and D(S) = epsilon cross.

While the legal pairs stay the same the loss is the greatest of linear functions of D, so it is convex, and over the D
at which these pairs are legal it is greatest at a vertex (theory/minimax.py).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from .labels import DistinctLabels
from .symmetry import MOST_POINTS, symmetries

SYSTEMS = 2_000_000  # of linear equations, some ten seconds
BATCH = 20_000  # systems at a time: 6 MB on six points
SINGULAR = 0.5  # determinants are whole numbers
# of a weight: solutions of 0/1 systems of at most 13 equations are off by some 1e-15, and legality forgives 1e-12
ROUNDING = 1e-13
IMAGED = 1_000  # vertices whose images are looked at together: 35 MB under 720 symmetries
# To which vertices are compared. Two that differ may come as close as epsilon likes to be next to a fraction at which
# they cross, and have other legal pairs: one stands for the other only where the tie of 1e-12 covers what lies between.
DIGITS = 14


def system_count(rows: DistinctLabels) -> int:
    """How many systems of equations would be solved to list all vertices."""
    N = rows.labels.shape[1]
    return math.comb(len(_planes(rows)), N - 1)


def vertices(rows: DistinctLabels, epsilon: float) -> Floats:
    """Every vertex up to the symmetries of the class, shape (V, N), rows that sum to 1."""
    N = rows.labels.shape[1]
    planes = _planes(rows)
    found = [_inside(_solutions(planes, epsilon, batch)) for batch in _batches(len(planes), N - 1)]
    points = np.concatenate([np.zeros((0, N)), *found])
    if N <= MOST_POINTS:
        points = _greatest_images(points, symmetries(rows.labels))
    _, first = np.unique(points.round(DIGITS), axis=0, return_index=True)
    return np.asarray(points[first][::-1])


def _planes(rows: DistinctLabels) -> Floats:
    """A row for each plane: N for D(x) = 0 first, then the sets of D(S) = epsilon, shape (planes, N)."""
    N = rows.labels.shape[1]
    sets = np.zeros((len(rows.sets), N))
    for i, S in enumerate(rows.sets):
        sets[i, list(S)] = 1.0
    return np.concatenate([np.eye(N), sets])


def _batches(planes: int, size: int) -> Iterator[list[tuple[int, ...]]]:
    every = itertools.combinations(range(planes), size)
    while batch := list(itertools.islice(every, BATCH)):
        yield batch


def _solutions(planes: Floats, epsilon: float, chosen: list[tuple[int, ...]]) -> Floats:
    """Where each choice of planes meets the plane sum D = 1, those left out that do not cross in one point."""
    N = planes.shape[1]
    right = np.where(np.arange(len(planes)) < N, 0.0, epsilon)
    index: npt.NDArray[np.int64] = np.array(chosen, dtype=np.int64).reshape(len(chosen), N - 1)
    matrices = np.concatenate([np.ones((len(chosen), 1, N)), planes[index]], axis=1)
    sides = np.concatenate([np.ones((len(chosen), 1)), right[index]], axis=1)
    regular = np.abs(np.linalg.det(matrices)) > SINGULAR
    return np.asarray(np.linalg.solve(matrices[regular], sides[regular][:, :, None])[:, :, 0])


def _inside(points: Floats) -> Floats:
    """Those without a negative weight, once each, their zeros and sums made whole."""
    kept = points[(points >= -ROUNDING).all(axis=1)]
    kept = np.where(kept <= ROUNDING, 0.0, kept)
    _, first = np.unique(kept.round(DIGITS), axis=0, return_index=True)
    return np.asarray(kept[first])


def _greatest_images(points: Floats, group: list[tuple[int, ...]]) -> Floats:
    """Of each its image under the symmetries that is lexicographically largest."""
    orders = np.array(group)
    parts = [points[start : start + IMAGED] for start in range(0, len(points), IMAGED)]
    return np.concatenate([points[:0], *(_greatest(part[:, orders]) for part in parts)])


def _greatest(images: Floats) -> Floats:
    """Of each row of images (V, G, N) the largest."""
    keys, alive = images.round(DIGITS), np.ones(images.shape[:2], dtype=bool)
    for x in range(images.shape[2]):
        here = np.where(alive, keys[:, :, x], -1.0)
        alive &= here == here.max(axis=1, keepdims=True)
    return np.asarray(images[np.arange(len(images)), alive.argmax(axis=1)])
