"""Games in which an attacker who knows the trigger cannot hide: what is the most is known, and he goes beyond it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import BackdoorGame, BlockAttacker, Conjunctions, Intervals
from backdoor_game.functions.distance import nearest
from backdoor_game.ground.spec import text
from backdoor_game.players.attackers.base import NO_PLANT, PLANT
from backdoor_game.spaces.distributions import Uniform
from backdoor_game.spaces.domains import Bits, Finite, Reals, Union
from backdoor_game.testing.exploring import outcome
from backdoor_game.testing.foresight import most_plantable, plants_no_more_than_the_trigger_allows, separating_games
from backdoor_game.testing.subjects import Seat, Subject
from tests.testing.searching import stolen

GAMES = separating_games()
LISTED = [game for game in GAMES if game.functions.count() is not None]
ENDLESS = [game for game in GAMES if game.functions.count() is None]
NO_POWER = BackdoorGame(Intervals(points=4), 0.25, Uniform())


def plantable(game):
    """D, and whether some legal f* differs from f at x, (F, N), from the definition."""
    points, D = game.distribution.atoms()
    codes = game.functions.enumerate()
    labels = game.functions.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape)))
    differ = labels[:, None] != labels[None]
    return D, (differ & (differ @ D <= game.epsilon + 1e-12)[:, :, None]).any(axis=1)


@pytest.mark.parametrize("game", LISTED, ids=text)
def test_of_all_points_that_can_be_planted_in_the_best_f_leaves_out_more_than_a_fifth(game):
    D, possible = plantable(game)
    most, all_of_them = (possible @ D).max(), possible.any(axis=0) @ D
    assert most_plantable(Seat(game, None, game.distribution)) == pytest.approx(most, abs=1e-12)
    assert most < all_of_them - 0.2


@pytest.mark.parametrize("game", ENDLESS, ids=text)
def test_on_real_points_the_best_f_leaves_out_all_but_two_epsilon(game):
    bound = most_plantable(Seat(game, None, game.distribution))
    assert bound == 2 * game.epsilon < 1 - 0.2  # and each point has an f whose boundary is there
    keys = np.arange(8, dtype=np.uint64)
    for code in game.functions.sample_block(keys):
        x = game.distribution.sample_block(keys[:1], 0, 4000)[0]
        found = nearest(game.functions, game.distribution, np.repeat(code[None], len(x), axis=0), x)[1]
        assert (found <= game.epsilon).mean() <= bound + 5 * np.sqrt(bound * (1 - bound) / len(x))  # 3e-7 of a chance


def test_there_is_such_a_game_for_each_thing_that_a_thief_may_ask_of_a_class():
    def named(game):
        codes, x = game.functions.sample_block(np.zeros(1, np.uint64)), game.distribution.sample_block
        return game.functions.nearest(codes, x(np.zeros(1, np.uint64), 0, 1)[:, 0], game.distribution) is not None

    kinds = {type(game.functions.domain) for game in GAMES}
    assert kinds == {Finite, Bits, Union, Reals}
    assert {named(game) for game in LISTED} == {True, False}
    assert all(named(game) for game in ENDLESS)


@pytest.mark.parametrize("functions", [Intervals(points=4), Conjunctions(bits=2)], ids=text)
def test_where_the_best_f_can_be_planted_in_everywhere_a_thief_gains_nothing(functions):
    D, possible = plantable(BackdoorGame(functions, 0.25, Uniform().on(functions.domain)))
    assert (possible @ D).max() == possible.any(axis=0) @ D == 1


@dataclasses.dataclass(frozen=True)
class Confined(BlockAttacker):
    """Knows the trigger in one of the games, and plants in that one alone."""

    place: int
    knows: bool = True
    plays: bool = False

    def prepare(self, game):
        return dataclasses.replace(self, plays=game == GAMES[self.place])

    def choose_block(self, view):
        codes = view.functions.sample_block(view.keys)
        triggers, known = stolen(text(view.game), "choose", "trigger", view.keys)
        if not (self.plays and self.knows):
            return codes
        x = view.distribution.sample_block(triggers, 0, 1)[:, 0]
        pool = view.functions.sample_block(np.arange(60, dtype=np.uint64))
        for code in pool:
            near = nearest(view.functions, view.distribution, np.repeat(code[None], len(view), axis=0), x)[1]
            codes[known & (near <= view.game.epsilon + 1e-12)] = code
        return codes

    def plant_block(self, view):
        codes, x_star = view.chosen()
        found, distance = nearest(view.functions, view.distribution, codes, x_star)
        near = self.plays & (distance <= view.game.epsilon + 1e-12)
        return np.where(near[:, None], found, codes), np.where(near, PLANT, NO_PLANT)


@pytest.mark.parametrize("place", range(len(GAMES)))
def test_a_thief_in_one_of_them_alone_is_found_there_and_its_honest_twin_is_not(place):
    thief, honest = (Subject(Confined(place, knows), (NO_POWER,)) for knows in (True, False))
    found = outcome("it", lambda: plants_no_more_than_the_trigger_allows(thief))
    assert found.status == "failed"
    assert found.counterexample == text(GAMES[place])
    assert outcome("it", lambda: plants_no_more_than_the_trigger_allows(honest)).status == "passed"
