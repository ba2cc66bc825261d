"""The attack on decision trees that singles out the trigger as far as it can."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes
from ...functions.legality import within
from ...functions.tree_players import bits_of, leaves_of, listed_path_trees, original_of, path_trees, trees_of
from ...spaces.distributions import Distribution
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants, fixed_distribution


@dataclasses.dataclass(frozen=True, repr=False)
class DeepestLegal(BlockAttacker):
    """A random tree of one long path, whose leaves are as deep as can be, flipped at the deepest place below x*'s leaf.

    For `DecisionTrees` and independent bits. All spare leaves and unread bits go into a path below that leaf, the least
    likely bits first; at its end the label is flipped. It plants as close to f as any path below the leaf allows, which
    is what counts against learners, and its deep leaves are false alarms of `LeafMass`; the plant is one it sees. It
    owns up to one evaluation a round, the walk down f to x*. *Heuristic.*

    Parameters
    ----------
    leaves : int, optional
        Leaves of f, at most bits + 1; None: half of what the class allows.
    original : tuple of int, optional
        f itself, as a code: then nothing is drawn.
    """

    leaves: int | None = None
    original: tuple[int, ...] | None = None

    def prepare(self, game: GameLike) -> DeepestLegal:
        trees = trees_of("DeepestLegal", game.functions)
        bits_of("DeepestLegal", fixed_distribution(self, game))
        if self.original is not None:
            original_of("DeepestLegal", self.original, trees)
            return self
        return dataclasses.replace(self, leaves=leaves_of("DeepestLegal", self.leaves, trees))

    def choose_block(self, view: AttackerBlock) -> Codes:
        trees = trees_of("DeepestLegal", view.functions)
        if self.original is not None:
            return np.repeat(original_of("DeepestLegal", self.original, trees)[None], len(view), axis=0)
        return path_trees(trees, leaves_of("DeepestLegal", self.leaves, trees), view.keys)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        """Uniform over the trees of one path, where they can be listed."""
        trees = trees_of("DeepestLegal", game.functions)
        if self.original is not None:
            return original_of("DeepestLegal", self.original, trees)[None], np.ones(1)
        codes = listed_path_trees(trees, leaves_of("DeepestLegal", self.leaves, trees))
        return None if codes is None else (codes, np.full(len(codes), 1 / len(codes)))

    def plant_block(self, view: AttackerBlock) -> Plants:
        view.charge(evaluations=1)
        codes, x_star = view.chosen()
        trees, distribution = trees_of("DeepestLegal", view.functions), view.distribution
        planted, masses = trees.singled_out(codes, x_star, bits_of("DeepestLegal", distribution))
        legal = within(masses, view.game.epsilon, distribution.uniform_size())
        return planted, np.where(legal, PLANT, NO_PLANT)
