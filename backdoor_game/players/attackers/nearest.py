"""The attack that moves as little as it can."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Booleans, Codes
from ...functions.distance import nearest
from ...functions.legality import within
from ...ground.streams import Words, draws
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..views import AttackerBlock, GameLike
from .base import (
    NO_PLANT,
    PLANT,
    BlockAttacker,
    Originals,
    PlantLaw,
    Plants,
    fixed_distribution,
    own_sample,
    own_sample_law,
)

TRIES = (
    32  # originals that are drawn for a trigger known beforehand: at one in ten with a plant 3% of rounds go without
)


@dataclasses.dataclass(frozen=True, repr=False)
class NearestLegal(BlockAttacker):
    """A random f, and the closest member that differs at the trigger where it is legal; else a forfeit. *Heuristic.*

    Where the trigger is known first, f is the first of up to 32 random members that has such a plant.
    """

    def prepare(self, game: GameLike) -> NearestLegal:
        distribution = fixed_distribution(self, game)
        key: Words = np.zeros(1, dtype=np.uint64)
        f, x = game.functions.sample_block(key), distribution.sample_block(key, 0, 1)[:, 0]
        nearest(game.functions, distribution, f, x)
        return self

    def choose_block(self, view: AttackerBlock) -> Codes:
        codes = own_sample(view)
        if view.X_star is None:
            return codes
        left = np.arange(len(view))
        for word in range(TRIES):
            able = _planted(view, codes[left], view.X_star[left])[1]
            left = left[~able]
            if not len(left) or word == TRIES - 1:
                break
            codes[left] = view.functions.draw_members(draws(view.keys[left], word, 1)[:, 0])
        return codes

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        return None if game.trigger.before_original else own_sample_law(game.functions)

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw | None:
        """Of the functions with a plant each is as likely to be met within the tries, of the others each to be last."""
        law = own_sample_law(view.functions)
        if law is None or view.X_star is None:
            return None
        codes, K = law[0], len(law[0])
        rows = np.repeat(np.arange(len(view)), K)
        able = _planted(view, np.tile(codes, (len(view), 1)), view.X_star[rows])[1].reshape(-1, K)
        share = able.mean(axis=1, keepdims=True)
        missed = (1.0 - share) ** TRIES
        good = (1.0 - missed) / np.maximum(share * K, 1.0)
        chances = np.where(able, good, missed / np.maximum((1.0 - share) * K, 1.0))
        return rows, np.tile(codes, (len(view), 1)), chances.ravel()

    def plant_block(self, view: AttackerBlock) -> Plants:
        planted, legal = _planted(view, *view.chosen())
        return planted, np.where(legal, PLANT, NO_PLANT)


def _planted(view: AttackerBlock, codes: Codes, X: Points) -> tuple[Codes, Booleans]:
    """The closest members that differ at X (B, n), and which of them are legal."""
    planted, distance = nearest(view.functions, view.distribution, codes, X)
    legal = np.isfinite(distance) & within(distance, view.game.epsilon, view.distribution.uniform_size())
    return planted, np.asarray(legal)
