"""The game solved at every vertex: the least of the defender's guarantees holds for every D."""

from __future__ import annotations

import dataclasses
import time

from ...functions import FunctionClass
from ...functions.base import Floats
from ...ground.progress import Progress
from ...ground.showing import fields
from ...spaces.distributions import Atoms, Distribution
from ..finite import equilibrium
from .labels import DistinctLabels
from .vertices import vertices

# Added to epsilon: the package counts ties at epsilon as legal up to 1e-12, and up to 1e-9/N on N equal weights.
TIES = 1e-9
SUMS = 1e-12  # guarantees are sums of at most some thousand floats in [0, 1], each off by some 1e-16


@dataclasses.dataclass(frozen=True, eq=False)
class Listed:
    """What the vertices say.

    Attributes
    ----------
    lower : float
        What the optimal defender of the worst vertex wins at least; 1/2 where not all were solved in time.
    D : ndarray of float64, shape (N,)
        The vertex of least value among those solved, for epsilon + `TIES`.
    count : int
        Of vertices.
    closed : bool
    """

    __repr__ = fields

    lower: float
    D: Floats
    count: int
    closed: bool


def law(functions: FunctionClass, rows: DistinctLabels, weights: Floats) -> Distribution:
    """D with these weights on the points that stand for the columns."""
    kept = weights > 0
    return Atoms(rows.points[kept].tolist(), weights[kept].tolist()).on(functions.domain)


def listed(
    functions: FunctionClass, rows: DistinctLabels, epsilon: float, time_limit: float | None, progress: Progress
) -> Listed:
    """Solve all vertices for epsilon + `TIES`, one at least.

    Each D at which the package lets a plant pass lies among those at which its pairs have distance at most epsilon +
    `TIES`; the loss is greatest at a vertex of these; and where a pair is legal at the exact vertex it is so at the
    rounded one, by the tolerance on ties. No solver is trusted: guarantees are computed from their flag probabilities.
    """
    began, limit = time.monotonic(), min(1.0, epsilon + TIES)
    points = vertices(rows, limit)
    best, lower, done = (2.0, points[0]), 1.0, 0
    for done, point in enumerate(points, 1):
        found = equilibrium(functions, law(functions, rows, point), limit)
        lower, best = min(lower, found.lower), min(best, (found.upper, point), key=lambda one: one[0])
        progress(done, len(points))
        if time_limit is not None and time.monotonic() - began > time_limit:
            break
    closed = done == len(points)
    return Listed(max(0.5, lower - SUMS) if closed else 0.5, best[1], len(points), closed)
