"""A D at which chosen sets have mass at most epsilon exactly, next to one at which they almost have."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ...functions.base import Floats
from ...ground.fractions import as_fraction

DENOMINATORS = (100, 1000, 10_000, 10**6)  # the simplest that fits is taken: vertices have small ones
NEAR = 1e-7  # of a mass to epsilon, or of a weight to 0, where that is meant
CLOSE = 1e-9  # of a weight to its fraction: the value of D moves by no more
EXACT = 1e-13  # up to which an equation is met: legality forgives 1e-12
SECONDS = 20.0  # some milliseconds are enough: only a solver that turns on one spot is ended


def repaired(D: Floats, chosen: Sequence[Sequence[int]], epsilon: float) -> Floats | None:
    """The closest D, in total variation, with D(S) <= epsilon for each chosen S; None where there is none.

    By a linear program, then by the equations that almost hold at its solution, then in fractions that meet each
    constraint as typed, where such are within 1e-9: floats that miss a tie by 1e-9 would make every plant illegal that
    was chosen.
    """
    from scipy.optimize import linprog

    N, m = len(D), len(chosen)
    inside = np.zeros((m, N))
    for row, S in zip(inside, chosen, strict=True):
        row[list(S)] = 1.0
    eye = np.eye(N)
    away = np.block([[inside, np.zeros((m, N))], [eye, -eye], [-eye, -eye]])
    sides = np.concatenate([np.full(m, epsilon), D, -D])
    found = linprog(
        np.concatenate([np.zeros(N), np.ones(N)]),
        A_ub=away,
        b_ub=sides,
        A_eq=np.concatenate([np.ones((1, N)), np.zeros((1, N))], axis=1),
        b_eq=[1.0],
        method="highs-ds",
        options={"time_limit": SECONDS},
    )
    if found.status != 0 or found.x is None:
        return None
    weights = np.maximum(found.x[:N], 0.0)
    tied = _tied(weights, inside, epsilon)
    exact = _in_fractions(weights if tied is None else tied, chosen, as_fraction(epsilon))
    return tied if exact is None else np.array(exact, dtype=np.float64)


def _tied(weights: Floats, inside: Floats, epsilon: float) -> Floats | None:
    """Next to the weights those that meet each equation that they almost meet; None where these contradict another."""
    zeros, ties = weights < NEAR, np.abs(inside @ weights - epsilon) < NEAR
    rows = np.concatenate([np.ones((1, len(weights))), np.eye(len(weights))[zeros], inside[ties]])
    sides = np.concatenate([[1.0], np.zeros(zeros.sum()), np.full(ties.sum(), epsilon)])
    moved = np.linalg.lstsq(rows, sides - rows @ weights)[0]
    found = np.where(zeros, 0.0, np.maximum(weights + moved, 0.0))
    met = (np.abs(rows @ found - sides) < EXACT).all() and (inside @ found < epsilon + EXACT).all()
    return found if met else None


def _in_fractions(weights: Floats, chosen: Sequence[Sequence[int]], epsilon: Fraction) -> list[float] | None:
    """The simplest fractions near the weights that sum to 1 and meet each constraint."""
    for denominator in DENOMINATORS:
        found = [Fraction(float(weight)).limit_denominator(denominator) for weight in weights]
        near = all(abs(float(a) - b) <= CLOSE for a, b in zip(found, weights, strict=True))
        if near and sum(found) == 1 and all(sum(found[x] for x in S) <= epsilon for S in chosen):
            return [float(one) for one in found]
    return None
