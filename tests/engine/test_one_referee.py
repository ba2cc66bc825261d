"""Where distances must be estimated, players and engine look at the same draws: what a view calls legal is legal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from backdoor_game import AlwaysClean, Attacker, BackdoorGame, BlockAttacker, Halfspaces, UnitCube, estimate
from backdoor_game.players.attackers.base import NO_PLANT, PLANT

GAME = BackdoorGame(Halfspaces(dimension=2), 0.25, UnitCube())
# Clopper-Pearson at .9999 on 16,384 draws reaches .013 up from here: half of all plants at this distance are legal.
MOVED = 0.25 - 0.0132


@dataclass(frozen=True)
class AtTheEdge(Attacker):
    """f is x_1 >= 1/2; f* has its boundary moved past the trigger, where the view calls that legal."""

    def choose(self, view, rng):
        return view.game.functions.function(np.array([1.0, 0.0, -0.5]))

    def plant(self, view, rng):
        side = -1.0 if view.x_star[0] < 0.5 else 1.0
        g = view.game.functions.function(np.array([1.0, 0.0, -0.5 - side * MOVED]))
        return g if view.legal(g) else None


@dataclass(frozen=True)
class AtTheEdgeInBlocks(BlockAttacker):
    """The same, many rounds at a time."""

    def choose_block(self, view):
        return np.tile([1.0, 0.0, -0.5], (len(view), 1))

    def plant_block(self, view):
        codes, x_star = view.chosen()
        planted = codes.copy()
        planted[:, 2] -= np.where(x_star[:, 0] < 0.5, -MOVED, MOVED)
        return planted, np.where(view.legal(planted), PLANT, NO_PLANT)


@pytest.mark.parametrize("attacker", [AtTheEdge(), AtTheEdgeInBlocks()])
def test_what_a_view_calls_legal_the_engine_neither_refuses_nor_doubts(attacker):
    """Under other draws of its own half of these plants would be undecided."""
    found = estimate(GAME, attacker, AlwaysClean(), rounds=150, seed=4)
    assert (found.illegal, found.undecided) == (0, 0)
    assert 15 < found.rounds - found.forfeits < 65  # about half of some 71 triggers that lie close enough
