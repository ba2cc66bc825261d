"""Which plants are close enough: at most epsilon of D's mass, ties included, by one rule for all who ask.

On N equally likely points a distance is a count, and counts are compared: an epsilon typed as 1/8 must not lose a tie
to its last digit. Elsewhere masses are compared as they are summed.
"""

from __future__ import annotations

import math

import numpy as np

from .base import Booleans, Floats

TIE = 1e-12  # sums of up to 9,000 masses are off by less
COUNT_TIE = 1e-9  # a typed k/N times N is less below k than this while k is under 2^23; beyond, a tie may be lost
COUNTABLE = 2**50  # up to here a distance times N is off by at most 1/8, and rounding finds the count


def counted(uniform_size: int | None) -> bool:
    """Whether distances are counts: D is uniform on a number of points that a float counts."""
    return uniform_size is not None and uniform_size <= COUNTABLE


def allowed_count(epsilon: float, size: int) -> int:
    """On how many of N equally likely points a legal plant may differ: floor(epsilon N + 1e-9)."""
    return math.floor(epsilon * size + COUNT_TIE)


def allowed_mass(epsilon: float, uniform_size: int | None) -> float:
    """The largest mass that is compared as it is: relative where points are too many to be counted."""
    return epsilon + TIE if uniform_size is None else epsilon * (1 + TIE)


def within(distance: Floats, epsilon: float, uniform_size: int | None) -> Booleans:
    """Whether distances are at most epsilon, ties included.

    Parameters
    ----------
    distance : ndarray of float64
        Pr_D[f != f*].
    uniform_size : int or None
        N where D is uniform on N points, as `Distribution.uniform_size` says.
    """
    if uniform_size is None or not counted(uniform_size):
        return np.asarray(distance <= allowed_mass(epsilon, uniform_size))
    return np.asarray(np.rint(distance * uniform_size) <= allowed_count(epsilon, uniform_size))


def rule(weights: Floats, epsilon: float, uniform_size: int | None) -> tuple[Floats, float]:
    """Weights (N,) and a limit: f* is close enough iff the weights where it differs from f sum to at most the limit.

    The rule of `within` for who sums over points: whole numbers where distances are counts, masses elsewhere.
    """
    if uniform_size is None or not counted(uniform_size):
        return weights, allowed_mass(epsilon, uniform_size)
    return (weights > 0).astype(np.float64), float(allowed_count(epsilon, uniform_size))


def bound(epsilon: float, uniform_size: int | None) -> float:
    """A distance that legal plants do not exceed and illegal ones do: halfway between two counts."""
    if uniform_size is None or not counted(uniform_size):
        return allowed_mass(epsilon, uniform_size)
    return (allowed_count(epsilon, uniform_size) + 0.5) / uniform_size
