"""The attack that leads the trigger down a path of its own in a decision tree."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import DecisionTrees
from ...functions.base import Codes
from ...functions.distance import COUNTABLE, TIE, allowed_count
from ...functions.tree_players import bits_of, leaves_of, original_of, padded, trees_of
from ...spaces.distributions import Distribution
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants, fixed_distribution, uniform_members

HALF = 0.5  # between two counts of points, so that rounding decides no tie


@dataclasses.dataclass(frozen=True, repr=False)
class GraftPath(BlockAttacker):
    """A random small tree, and a path before a node on x*'s way that leads x* to a leaf with the other label.

    For `DecisionTrees` and independent bits. Whoever leaves the new path meets the node as it was, copied at every
    step; without a new bit the leaf takes the node's place. Of all nodes and lengths for which leaves and unread bits
    are left, the legal one whose leaf is heaviest is planted, since a heavy leaf is what `LeafMass` lets pass: before
    the old leaf it has at most epsilon, higher up it may have more, where most of what it covers has that label
    already. The least likely bits are read first and the last is as likely as may be. It owns up to one evaluation a
    round, the walk down f to x*. *Heuristic.*

    Parameters
    ----------
    leaves : int, optional
        f is uniform over the trees of at most so many; None: half of the class's, so that as many are spare.
    original : tuple of int, optional
        f itself, as a code: then nothing is drawn.
    """

    leaves: int | None = None
    original: tuple[int, ...] | None = None

    def prepare(self, game: GameLike) -> GraftPath:
        trees = trees_of("GraftPath", game.functions)
        bits_of("GraftPath", fixed_distribution(self, game))
        if self.original is not None:
            original_of("GraftPath", self.original, trees)
            return self
        return dataclasses.replace(self, leaves=leaves_of("GraftPath", self.leaves, trees))

    def choose_block(self, view: AttackerBlock) -> Codes:
        trees = trees_of("GraftPath", view.functions)
        if self.original is not None:
            return np.repeat(original_of("GraftPath", self.original, trees)[None], len(view), axis=0)
        return padded(self._small(trees).sample_block(view.keys), trees)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        """Uniform over the small trees, where they can be listed."""
        trees = trees_of("GraftPath", game.functions)
        if self.original is not None:
            return original_of("GraftPath", self.original, trees)[None], np.ones(1)
        known = uniform_members(self._small(trees))
        return None if known is None else (padded(known[0], trees), known[1])

    def _small(self, trees: DecisionTrees) -> DecisionTrees:
        return DecisionTrees(trees.bits, leaves_of("GraftPath", self.leaves, trees))

    def plant_block(self, view: AttackerBlock) -> Plants:
        view.charge(evaluations=1)
        codes, x_star = view.chosen()
        trees, distribution = trees_of("GraftPath", view.functions), view.distribution
        p, limit = bits_of("GraftPath", distribution), most_within(view.game.epsilon, distribution.uniform_size())
        planted, found = trees.grafted(codes, x_star, p, limit)
        return planted, np.where(found & view.legal(planted), PLANT, NO_PLANT)


def most_within(epsilon: float, uniform_size: int | None) -> float:
    """A distance that legal plants do not exceed and illegal ones do, by the rule of `distance.within`."""
    if uniform_size is None:
        return epsilon + TIE
    if uniform_size > COUNTABLE:
        return epsilon * (1 + TIE)
    return (allowed_count(epsilon, uniform_size) + HALF) / uniform_size
