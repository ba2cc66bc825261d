"""The reveal of the attacker's coins."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions.base import Booleans
from ...players.attackers.base import PLANT
from ...players.views import AttackerBlock, DefenderBlock, Meter
from ...spaces.distributions import Distribution
from .base import AttackerRun, Reveal, Trace


@dataclasses.dataclass(frozen=True, repr=False)
class Coins(Reveal):
    """The keys that the attacker draws its coins from, uint64 (B, 3): of choosing f, picking a trigger, planting.

    Who also knows the attacker's strategy plays it again.
    """

    needs_attacker = True

    def trace_block(self, run: AttackerRun) -> Trace:
        return run.coins

    def contradicts(self, view: DefenderBlock, attacker: Any) -> Booleans:
        """Where the strategy, played again with these coins, has not chosen f'.

        Where f is picked for a trigger that the defender has not seen, it is where it plants f' at x'.
        """
        game, coins = view.game, np.asarray(view.trace)
        D: Distribution = view.distribution or attacker.distribution(game)
        if not game.trigger.before_original:
            again = AttackerBlock(game, D, coins[:, 0].copy(), Meter(len(view)))
            return np.asarray((attacker.choose_block(again) != view.codes).any(axis=1))
        offer, X = view.X[:, None, :].copy(), view.X.copy()
        choosing = AttackerBlock(game, D, coins[:, 0].copy(), Meter(len(view)), X_star=X, offered=offer)
        f = attacker.choose_block(choosing)
        planting = AttackerBlock(game, D, coins[:, 2].copy(), Meter(len(view)), codes=f, X_star=X, offered=offer)
        planted, answers = attacker.plant_block(planting)
        return np.asarray((planted == view.codes).all(axis=1) & (answers == PLANT))
