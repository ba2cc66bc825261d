"""The search: which points it looks at, and whether it can afford to look at everything."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Booleans, Floats, Labels
from ...functions.distance import distances_to_class
from ...functions.legality import within
from ...functions.table import has_table, table
from ...players.views import GameLike
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .ascent import Ascent
from .found import Found
from .ledger import Places
from .plants import LegalPlants
from .suspicions import Purse, Suspicions

CELLS = 2**21  # distances at a time: 16 MiB
MOST_POINTS = 2048  # as many atoms as `triggers` may be drawn
SHARE = 8  # looks at every atom that the budget must pay for: with fewer nothing climbs


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
    found = Ascent(game.functions, LegalPlants(game, distribution), purse, points, weights, key).run()
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


def affordable(game: GameLike, points: Points, purse: Purse) -> bool:
    """Whether each member of the class can be asked about at each point."""
    count = game.functions.count() if has_table(game.functions) else None
    return count is not None and count * len(points) <= purse.left


def searched(game: GameLike, distribution: Distribution, purse: Purse, points: Points, weights: Floats) -> Found:
    """The worst f of all and its worst plants, at the atoms (A, n) of D with their weights (A,)."""
    functions, codes = game.functions, table(game.functions).codes
    labels = table(functions).labels[:, functions.domain.index(points)]
    missed = np.empty(labels.shape)
    for i, x in enumerate(points):
        missed[:, i] = 1 - purse.ask(codes, np.repeat(x[None], len(codes), axis=0))
    best, worst = -1.0, (0, np.zeros(0, dtype=np.intp), np.zeros(0))
    step = max(1, CELLS // len(codes))
    for start in range(0, len(codes), step):
        _, distances = distances_to_class(functions, distribution, codes[start : start + step])
        close = within(distances, game.epsilon, distribution.uniform_size())
        for f, near in enumerate(close, start):
            places, gains = _worst_plants(labels, missed, f, near)
            loss = float((weights * (1 - missed[f] + np.maximum(gains, 0))).sum() / 2)
            if loss > best:
                best, worst = loss, (f, places, gains)
    chosen, plants, gains = worst
    return Found(codes[chosen], best, purse.used, points, codes[plants], gains >= 0)


def _worst_plants(labels: Labels, missed: Floats, f: int, near: Booleans) -> tuple[Places, Floats]:
    """For each point the member near f that differs there and is missed most, and how likely; -1 without one."""
    members = np.flatnonzero(near)
    gains = np.where(labels[members] != labels[f], missed[members], -1.0)
    best = gains.argmax(axis=0)
    return members[best], gains[best, np.arange(len(best))]
