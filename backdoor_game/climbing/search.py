"""The search: which points it looks at, and whether it can afford to look at everything."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..distributions import Distribution
from ..domains import Points
from ..functions.base import Floats
from ..views import GameLike
from .ascent import Ascent
from .found import Found
from .plants import Plants
from .suspicions import Purse, Suspicions
from .systematic import affordable, searched

MOST_POINTS = 2048
SHARE = 8


def search(
    game: GameLike, distribution: Distribution, suspicions: Suspicions, *, budget: int, triggers: int, key: np.uint64
) -> Found:
    """Look for the f, and for the f* at each trigger, on which a defender loses most.

    Where the budget pays for each member of the class at each atom of D all of them are tried. Elsewhere f climbs, and
    where D has no atoms, or more than the budget could look at eight times, it is judged at a sample of triggers.

    Parameters
    ----------
    suspicions : Suspicions
        The defender.
    budget : int
        Queries that may be paid.
    triggers : int
        Size of that sample.
    key : uint64
        The result is a function of the defender, the game and this.
    """
    purse = Purse(suspicions, budget)
    support = _atoms(distribution, max(triggers, min(MOST_POINTS, budget // SHARE)))
    points, weights = _drawn(distribution, triggers, key) if support is None else support
    if support is not None and affordable(game, points, purse):
        return searched(game, distribution, purse, points, weights)
    found = Ascent(game.functions, Plants(game, distribution), purse, points, weights, key).run()
    return dataclasses.replace(found, complete=support is not None)


def _atoms(distribution: Distribution, most: int) -> tuple[Points, Floats] | None:
    """The points that D can draw, with their probabilities, if these are not too many."""
    support = distribution.atoms()
    if support is None:
        return None
    points, weights = support[0][support[1] > 0], support[1][support[1] > 0]
    return (points, weights) if len(points) <= most else None


def _drawn(distribution: Distribution, triggers: int, key: np.uint64) -> tuple[Points, Floats]:
    """Triggers drawn from D, equal ones once."""
    points, counts = np.unique(distribution.sample_block(np.array([key]), 0, triggers)[0], axis=0, return_counts=True)
    return points, counts / triggers
