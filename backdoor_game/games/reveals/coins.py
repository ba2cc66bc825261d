"""The reveal of the attacker's coins."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions.base import Booleans
from ...players.attackers.base import PLANT
from ...players.views import AttackerBlock, DefenderBlock
from ...spaces.distributions import Distribution
from ..contract import ask_original, ask_plants
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
        """Where the strategy, played again with these coins and its budgets, has not chosen f'.

        Where f is picked for a trigger that the defender has not seen, it is where it plants f' at x'.
        """
        game: Any = view.game
        coins, meter = np.asarray(view.trace), game.attacker_meter(len(view))
        D: Distribution = view.distribution or attacker.distribution(game)
        if not game.trigger.before_original:
            again = AttackerBlock(game, D, coins[:, 0].copy(), meter)
            return np.asarray((ask_original(attacker, again, game.attacker_meter)[0] != view.codes).any(axis=1))
        offer, X = view.X[:, None, :].copy(), view.X.copy()
        choosing = AttackerBlock(game, D, coins[:, 0].copy(), meter, X_star=X, offered=offer)
        f, _ = ask_original(attacker, choosing, game.attacker_meter)
        planting = AttackerBlock(game, D, coins[:, 2].copy(), meter, codes=f, X_star=X, offered=offer)
        planted, answers = ask_plants(attacker, planting, game.attacker_meter)
        return np.asarray((planted == view.codes).all(axis=1) & (answers == PLANT))
