"""One look at how many literals an AND has."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import Conjunctions
from ...functions.base import Floats
from ...functions.conjunctions import FREE
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ..views import DefenderBlock, GameLike
from .base import BlockDefender

TIE = 1e-9  # relative: epsilon = 2^-k may come rounded, and the next power is a factor of 2 away


@dataclasses.dataclass(frozen=True, repr=False)
class RareConjunction(BlockDefender):
    """Flags iff f'(x') = 1 and the AND f' of a literals has 2^-(a + 1) <= epsilon [CHLX25] section 6. *Proved.*

    For `Conjunctions` and uniform bits. It uses no examples and one evaluation. No other AND is closer than 2^-(a + 1)
    (2^-n if a = n), so a flagged AND is 1 on at most 2 epsilon; one that is not has no legal neighbour, neither to be
    planted nor to be planted in. Hence false alarms and misses are each at most 2 epsilon, and both are met.
    """

    reads_code = True

    def prepare(self, game: GameLike) -> RareConjunction:
        if not isinstance(game.functions, Conjunctions):
            raise MissingCapability(f"RareConjunction() reads Conjunctions(...), not {text(game.functions)[:200]}")
        p = None if game.distribution is None else game.distribution.bit_probabilities()
        if p is None or (p != 0.5).any():
            raise MissingCapability(
                f"RareConjunction() needs uniform bits: give the game Uniform(), not {text(game.distribution)[:200]}"
            )
        return self

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        view.evaluate(view.X[:, None, :])
        return self.suspicion_probability(view)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """1 where the AND is rare and holds, else 0: nothing is left to chance."""
        holds = view.game.functions.member_labels(view.codes, view.X[:, None, :])[:, 0] == 1
        literals = (view.codes < FREE).sum(axis=1)
        rare = np.ldexp(1.0, -(literals + 1)) <= view.game.epsilon * (1 + TIE)
        return np.asarray(holds & rare, dtype=np.float64)
