"""Every function at every trigger, where the budget reaches that far."""

from __future__ import annotations

import numpy as np

from ..distance import distances_to_class, within
from ..distributions import Distribution
from ..domains import Points
from ..functions.base import Booleans, Floats, Labels
from ..functions.table import has_table, table
from ..views import GameLike
from .found import Found
from .ledger import Places
from .suspicions import Purse

CELLS = 2**21


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
