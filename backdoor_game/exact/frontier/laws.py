"""The distribution that makes a given class lose most: grids of fractions, and an ascent by two linear programs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ...functions import Explicit
from ...functions.base import Floats
from ...spaces.distributions import Weighted
from ..finite import Equilibrium, equilibrium

Weights = tuple[Fraction, ...]
GAIN = 1e-9  # less is rounding of the solver
USED = 1e-10  # a smaller flow is rounding: its pair need not stay legal
DENOMINATOR = 1000  # vertices have small ones; what has none is not taken, since nobody could check it by hand
SECONDS = 20.0  # some milliseconds are enough: only a solver that turns on one spot is ended, and the ascent with it
STEPS = 20  # of an ascent: they end after two or three, unless rounding makes them creep


def grid(points: int, denominator: int) -> Iterator[Weights]:
    """Every D with full support whose weights are multiples of 1/denominator, in lexicographic order.

    A weight of 0 would be a game on fewer points.
    """
    for bars in itertools.combinations(range(1, denominator), points - 1):
        ends = (0, *bars, denominator)
        yield tuple(Fraction(high - low, denominator) for low, high in itertools.pairwise(ends))


def loss_of(functions: Explicit, weights: Sequence[Fraction], epsilon: Fraction) -> float:
    """1 - value, up to the tolerance of the linear program."""
    return 1 - _optimum(functions, weights, epsilon).upper


def _optimum(functions: Explicit, weights: Sequence[Fraction], epsilon: Fraction) -> Equilibrium:
    return equilibrium(functions, Weighted(tuple(map(float, weights))), float(epsilon))


def ascend(functions: Explicit, weights: Weights, epsilon: Fraction) -> tuple[float, Weights]:
    """The loss and the D at which neither the attacker nor D can be improved alone.

    The loss is linear in D while the attacker's play stays as it is, and stays legal: so the best attacker and the best
    D for it take turns, each by a linear program, and the loss never falls (theory/frontier.py).
    """
    best = _optimum(functions, weights, epsilon)
    for _ in range(STEPS):
        moved = _best_law(functions, best, epsilon)
        if moved is None:
            break
        found = _optimum(functions, moved, epsilon)
        if found.upper > best.upper - GAIN:
            break
        best, weights = found, moved
    return 1 - best.upper, weights


def _best_law(functions: Explicit, found: Equilibrium, epsilon: Fraction) -> Weights | None:
    """The D for which this attacker wins most, at a vertex, as fractions; None where they are no simple ones."""
    from scipy.optimize import linprog

    gains, differing = _play(functions, found)
    if not len(differing):
        return None
    ones = np.ones((1, len(gains)))
    most = np.full(len(differing), float(epsilon))
    solved = linprog(-gains, A_ub=differing, b_ub=most, A_eq=ones, b_eq=[1.0], options={"time_limit": SECONDS})
    if solved.status != 0 or solved.x is None:
        return None
    weights = tuple(Fraction(float(w)).limit_denominator(DENOMINATOR) for w in solved.x)
    legal = all(sum(w for w, differs in zip(weights, row, strict=True) if differs) <= epsilon for row in differing)
    return weights if legal and sum(weights) == 1 and min(weights) >= 0 else None


def _play(functions: Explicit, found: Equilibrium) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """What the attacker gains at each point, (N,), and where the pairs differ that it uses, (pairs, N)."""
    game, F = found.game, len(found.game.codes)
    sent = found.attack.originals[game.cells % F] * found.attack.plants
    places = game.points[game.cells // F, 0]
    gains = np.bincount(places, weights=sent / 2, minlength=functions.domain.points().shape[0]).astype(np.float64)
    used = sent > USED
    labels = functions.evaluate(game.codes, np.broadcast_to(functions.domain.points(), (F, len(gains), 1)))
    pairs = labels[game.cells[used] % F] != labels[game.partners[used]]
    return gains, np.unique(pairs, axis=0)


def best_of(functions: Explicit, epsilon: Fraction, laws: Sequence[Weights], ascents: int) -> tuple[float, Weights]:
    """The greatest loss over these D, and over ascents from the best of them."""
    losses = [loss_of(functions, weights, epsilon) for weights in laws]
    order = sorted(range(len(laws)), key=lambda i: -losses[i])
    best = (losses[order[0]], laws[order[0]])
    for i in order[:ascents]:
        reached = ascend(functions, laws[i], epsilon)
        if reached[0] > best[0] + GAIN:
            best = reached
    return best
