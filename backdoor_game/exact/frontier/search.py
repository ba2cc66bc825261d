"""A search for the class and the distribution that lose most, against the conjecture value >= 1 - d epsilon."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np

from ...functions import Explicit
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.progress import Progress, silent
from .extremal import Asked, ExtremalClass, certified
from .laws import GAIN, Weights, ascend, best_of, grid
from .maximal import maximal_classes, rows
from .walking import Room

LISTED_POINTS = 5  # up to which all classes are listed: 72 kinds at most, under a second
QUICK_POINTS = 4  # up to which they are if nobody says so: 5 kinds at most
WALKED_POINTS = 8  # the largest classes on 8 points have 163 functions at d = 4: a second a program
MOST_LAWS = 20_000  # of a grid, for one class: two minutes
PATIENCE = 25  # steps without a gain after which a walk starts anew


def search_classes(
    d: int,
    points: int,
    epsilon: float | str | Fraction,
    *,
    exhaustive: bool | None = None,
    denominator: int | None = None,
    ascents: int = 3,
    steps: int = 60,
    seed: int = 0,
    progress: Progress = silent,
) -> ExtremalClass:
    """The class of VC dimension at most d on N points, and the D, of the greatest loss/(d epsilon) that is found.

    An attempt to refute the conjecture that no class loses more than d epsilon. The value falls as a class grows, so
    only classes matter to which nothing can be added (theory/frontier.py). Up to 4 points, and on 5 where
    ``exhaustive=True`` says so, all of them are tried up to symmetry, each under every D of a grid and under those that
    an ascent reaches from the best of these. Else a walk tries `steps` random classes. What is returned is a lower
    bound on the greatest ratio, with its class, D and value in fractions. *Enumerated* or *heuristic*.

    Parameters
    ----------
    d : int
        At least 1, under N.
    points : int
        N, at most 8.
    epsilon : float or str or Fraction
        Such as "1/5": in (0, 1), of a denominator up to 1000.
    exhaustive : bool, optional
        By default on up to 4 points; possible on up to 5.
    denominator : int, optional
        Of the grid; by default the least multiple of epsilon's denominator that is at least 3 N/2, or 3 N/2 where that
        would be too fine. Beside the grid stand equal weights, or epsilon on all points but one, in every order. A walk
        starts from random D of the grid.
    ascents : int
        For each class, how many of the best D of the grid an ascent starts from.
    steps : int
        Of a walk.
    seed : int
        What a walk follows from.
    progress : callable
        Called with (done, total).

    Raises
    ------
    InvalidArgument
        For sizes out of range, before any game is solved.

    Examples
    --------
    >>> found = search_classes(1, 3, "1/5")
    >>> found.value, found.weights[0]
    (Fraction(13, 15), Fraction(1, 5))
    """
    points = _validate.integer("points", points, 2, WALKED_POINTS)
    d = _validate.integer("d", d, 1, points - 1)
    limit = _epsilon(epsilon)
    if exhaustive is not None and not isinstance(exhaustive, bool):
        raise InvalidArgument(f"exhaustive must be True, False or None, got {exhaustive!r}")
    every = points <= QUICK_POINTS if exhaustive is None else exhaustive
    if every and points > LISTED_POINTS:
        raise InvalidArgument(f"exhaustive=True is for up to {LISTED_POINTS} points, got points={points}: leave it out")
    scale = _denominator(denominator, limit, points, every)
    ascents, steps = _validate.integer("ascents", ascents, 0), _validate.integer("steps", steps, 1)
    rng = np.random.default_rng(_validate.integer("seed", seed, 0))
    asked = Asked(d, points, limit, scale)
    if every:
        return _listed(asked, ascents, progress)
    return _walked(asked, steps, rng, progress)


def _epsilon(epsilon: float | str | Fraction) -> Fraction:
    """As a fraction in (0, 1) of a small denominator."""
    number = epsilon if isinstance(epsilon, Fraction) else _validate.real("epsilon", epsilon)
    limit = Fraction(number).limit_denominator(1000)  # weights of ten digits could not be checked by hand
    if not 0 < limit < 1 or abs(limit - Fraction(number)) > Fraction(1, 10**12):
        raise InvalidArgument(
            f"epsilon must lie in (0, 1) and be a fraction of denominator up to 1000 such as '1/5', got {epsilon!r}"
        )
    return limit


def _denominator(wanted: int | None, epsilon: Fraction, points: int, every: bool) -> int:
    """Of the grid: as asked for, or one that has epsilon on it; small where every D of the grid is tried."""
    step, least = epsilon.denominator, -(-3 * points // 2)
    if wanted is None:
        found = -(-least // step) * step
        return least if every and math.comb(found - 1, points - 1) > MOST_LAWS else found
    found = _validate.integer("denominator", wanted, points)
    if every and math.comb(found - 1, points - 1) > MOST_LAWS:
        raise InvalidArgument(
            f"denominator={found} puts {math.comb(found - 1, points - 1)} distributions on a grid for {points} points, "
            f"and at most {MOST_LAWS} are tried: pass a smaller denominator"
        )
    return found


def _listed(asked: Asked, ascents: int, progress: Progress) -> ExtremalClass:
    """All classes up to symmetry, each under the grid."""
    codes = maximal_classes(asked.points, asked.d)
    laws = sorted({*grid(asked.points, asked.denominator), *itertools.permutations(_hard_law(asked))})
    best: tuple[float, Weights, tuple[str, ...]] = (-1.0, laws[0], ())
    for done, code in enumerate(codes):
        table = rows(code, asked.points)
        loss, weights = best_of(Explicit(table), asked.epsilon, laws, ascents)
        if loss > best[0] + GAIN:
            best = (loss, weights, table)
        progress(done + 1, len(codes))
    return certified(asked, best[2], best[1], len(codes), len(laws))


def _walked(asked: Asked, steps: int, rng: np.random.Generator, progress: Progress) -> ExtremalClass:
    """Classes one after the other, each kept unless it loses less, with D improved for each."""
    room = Room(asked.points, asked.d)
    members, law = room.ball(), _hard_law(asked)
    loss, law = ascend(Explicit(room.rows(members)), law, asked.epsilon)
    best, waited = (loss, law, members), 0
    for done in range(1, steps):
        anew = waited >= PATIENCE
        tried = room.completed(members[:0], rng) if anew else room.moved(members, rng)
        starts = (_random_law(asked, rng), law)
        found, moved = max(
            (ascend(Explicit(room.rows(tried)), D, asked.epsilon) for D in starts), key=lambda one: one[0]
        )
        waited = 0 if anew or found > loss + GAIN else waited + 1
        if anew or found >= loss - GAIN:
            loss, law, members = found, moved, tried
        if loss > best[0] + GAIN:
            best = (loss, law, members)
        progress(done + 1, steps)
    return certified(asked, room.rows(best[2]), best[1], steps, 0)


def _hard_law(asked: Asked) -> Weights:
    """Equal weights where they are at most epsilon, else epsilon on all points but one, which has the rest."""
    N, epsilon = asked.points, asked.epsilon
    if N * epsilon >= 1:
        return (Fraction(1, N),) * N
    return (epsilon,) * (N - 1) + (1 - (N - 1) * epsilon,)


def _random_law(asked: Asked, rng: np.random.Generator) -> Weights:
    """A D of the grid."""
    inner = rng.permutation(asked.denominator - 1)[: asked.points - 1] + 1
    bars = [0, *sorted(inner.tolist()), asked.denominator]
    return tuple(Fraction(high - low, asked.denominator) for low, high in itertools.pairwise(bars))
