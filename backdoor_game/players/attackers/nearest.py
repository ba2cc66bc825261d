"""The attack that moves as little as it can."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.distance import nearest
from ...functions.legality import within
from ...ground.streams import Words
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Plants, fixed_distribution


@dataclasses.dataclass(frozen=True, repr=False)
class NearestLegal(BlockAttacker):
    """A random f, and the closest member that differs at the trigger where it is legal; else a forfeit. *Heuristic.*"""

    def prepare(self, game: GameLike) -> NearestLegal:
        distribution = fixed_distribution(self, game)
        key: Words = np.zeros(1, dtype=np.uint64)
        f, x = game.functions.sample_block(key), distribution.sample_block(key, 0, 1)[:, 0]
        nearest(game.functions, distribution, f, x)
        return self

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        planted, distance = nearest(view.functions, view.distribution, codes, x_star)
        legal = np.isfinite(distance) & within(distance, view.game.epsilon, view.distribution.uniform_size())
        return planted, np.where(legal, PLANT, NO_PLANT)
