"""One look at the path that the input takes through a decision tree."""

from __future__ import annotations

import dataclasses

import numpy as np

from ... import bounds
from ...functions.base import Floats
from ...functions.tree_players import bits_of, trees_of
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ..views import DefenderBlock, GameLike
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class LeafMass(BlockDefender):
    """Flags iff the leaf that x' reaches in f' has less than delta/s of D's mass [CHLX25] Theorem 6.1. *Proved.*

    For `DecisionTrees` of at most s leaves and independent bits. It uses no examples and one evaluation: the mass is
    the product of the bits' probabilities along the path. At most s leaves are that light, so that false alarms stay
    under delta. The leaves of f and f* at x* have different labels and overlap on at least the product of their masses,
    so that at epsilon < (delta/s)^2 they are not both heavy, and misses stay under delta too.

    Parameters
    ----------
    delta : float
        Above 0, at most 1.
    """

    delta: float = 0.1
    reads_code = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if _validate.real("LeafMass.delta", self.delta, 0.0, 1.0) == 0.0:
            raise InvalidArgument("LeafMass.delta must be above 0: every leaf has at least that share of the mass")

    def prepare(self, game: GameLike) -> LeafMass:
        trees_of("LeafMass", game.functions)
        bits_of("LeafMass", game.distribution)
        return self

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        view.charge(evaluations=1)
        return self.suspicion_probability(view)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """1 where the leaf is light, else 0: nothing is left to chance."""
        trees = trees_of("LeafMass", view.game.functions)
        masses = trees.leaf_masses(view.codes, view.X, bits_of("LeafMass", view.distribution))
        return np.asarray(masses < bounds.leaf_mass_threshold(self.delta, trees.leaves), dtype=np.float64)
