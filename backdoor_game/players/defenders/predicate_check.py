"""The defence where triggers must satisfy a predicate: ask it of the input."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ..views import DefenderBlock, GameLike
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class PredicateCheck(BlockDefender):
    """Flags iff x' satisfies the game's predicate: every plant is caught, and it wins 1 - D(predicate)/2. *Proved.*

    It pays what one answer of the predicate costs, and looks at nothing else.
    """

    def prepare(self, game: GameLike) -> PredicateCheck:
        if game.trigger.predicate is None:
            raise MissingCapability(
                f"{text(self)} asks the predicate of a trigger law that has one, such as "
                f'trigger="Satisfying(HashPrefix(bits=4))", got trigger={game.trigger!r}'
            )
        return self

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return np.asarray(view.satisfies(view.X[:, None, :])[:, 0], dtype=np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """0 or 1: nothing is left to chance."""
        predicate = view.game.trigger.predicate
        assert predicate is not None
        return np.asarray(predicate.holds(view.X), dtype=np.float64)
