"""A defender that asks the predicate where it can pay for it, and plays without where it cannot."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...exact.finite.kept import keep, kept
from ...exact.players.coins import fractions
from ...exact.players.varied import Varied
from ...exact.variants import settled, variant_equilibrium
from ...functions.base import Floats
from ...games.triggers import Chosen
from ...players.defenders import BlockDefender, PredicateCheck
from ...players.views import DefenderBlock, GameLike
from ...spaces.distributions import Distribution


@dataclasses.dataclass(frozen=True, repr=False)
class Frugal(BlockDefender):
    """Flags iff x' satisfies the predicate, where one answer is within its budget. *Proved.*

    Else it plays the best defence of the game in which any trigger will do: that asks nothing, and wins its value here
    too, since an attacker bound by a predicate has no more moves.

    Parameters
    ----------
    asks : bool
        False never asks, whatever the budget.
    """

    asks: bool = True
    reads_code = True

    def prepare(self, game: GameLike) -> Frugal:
        PredicateCheck().prepare(game)
        return keep(dataclasses.replace(self), game, _without(game))

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        predicate = view.game.trigger.predicate
        assert predicate is not None
        if self.asks and view.meter.affords(slice(None), evaluations=predicate.cost):
            return PredicateCheck().suspicion_block(view)
        return (fractions(view.keys) < self._unasked(view)).astype(np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """Without a budget: 0 or 1 of the check, or the chance of a flag where it does not ask."""
        return PredicateCheck().suspicion_probability(view) if self.asks else self._unasked(view)

    def _unasked(self, view: DefenderBlock) -> Floats:
        known: Varied = kept(self, view.game) or _without(view.game)
        return known.flags(view)


def _without(game: Any) -> Varied:
    """Optimal play where the attacker picks any trigger."""
    law: Distribution = game.distribution
    return Varied(variant_equilibrium(settled(dataclasses.replace(game, trigger=Chosen()), law)))
