"""A fault that shows in one of the default games alone is found, whichever game it is."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import BlockAttacker, BlockDefender, Shattered
from backdoor_game.players.attackers.base import NO_PLANT, PLANT
from backdoor_game.testing import attackers, defenders
from backdoor_game.testing.examples import games
from backdoor_game.testing.exploring import outcome
from backdoor_game.testing.subjects import Subject


@dataclasses.dataclass(frozen=True)
class Confined:
    """Is at fault in one of the default games, and sound in the others."""

    place: int
    faulty: bool = False

    def prepare(self, game):
        return dataclasses.replace(self, faulty=game == games()[self.place])


@dataclasses.dataclass(frozen=True)
class PlantsItself(Confined, BlockAttacker):
    """Plants f itself."""

    def distribution(self, game):
        return Shattered().distribution(game)

    def plant_block(self, view):
        return view.chosen()[0], np.full(len(view), PLANT if self.faulty else NO_PLANT)


@dataclasses.dataclass(frozen=True)
class Percent(Confined, BlockDefender):
    """Suspicion 100."""

    def suspicion_block(self, view):
        return np.full(len(view), 100.0 if self.faulty else 1.0)


@dataclasses.dataclass(frozen=True)
class Writes(Confined, BlockDefender):
    """Turns the labels of its examples over."""

    def suspicion_block(self, view):
        y = view.sample(4).y
        if self.faulty:
            y.setflags(write=True)
            y[:] = 1 - y
        return np.zeros(len(view))


FAULTS = {
    PlantsItself: attackers.plants_are_legal,
    Percent: defenders.suspicion_lies_in_0_1,
    Writes: defenders.leaves_its_view_alone,
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("place", range(len(games())))
def test_a_fault_in_one_default_game_is_found_there(fault, place):
    found = outcome("it", lambda: FAULTS[fault](Subject(fault(place), games())))
    assert found.status == "failed"
    assert found.counterexample.startswith(f"game={games()[place]!r}, seed=0")
