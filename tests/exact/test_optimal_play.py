"""Optimal players in play: a million rounds hold the value, and nobody does better against them."""

import dataclasses
import functools
import pickle
from itertools import product

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    Boxes,
    Conjunctions,
    DirectSum,
    Explicit,
    Intervals,
    IntervalUnions,
    InvalidArgument,
    LikelihoodRatio,
    MissingCapability,
    Mixture,
    NearestLegal,
    OptimalAttacker,
    OptimalDefender,
    Parities,
    ProductBits,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    WorstAttack,
    best_response,
    estimate,
    exact_win_rate,
    exploitability,
    solve,
)
from backdoor_game.catalog.names import shipped
from backdoor_game.exact.finite.kept import kept
from backdoor_game.exact.players import solved as solved_players
from backdoor_game.exact.responses import likelihood_ratio, worst_attack
from backdoor_game.games.base import Streams
from backdoor_game.ground.errors import BackdoorGameError
from backdoor_game.ground.spec import text
from backdoor_game.ground.statistics import simultaneous_level
from tests.players.cases import ATTACKERS, DEFENDERS, LISTED, TILED

EVEN = [0.5, 0.5]
GAMES = [
    BackdoorGame(Thresholds(points=10), "1/5", Uniform()),
    BackdoorGame(Thresholds(points=6), 0.3, Weighted([0.1, 0.2, 0.1, 0.3, 0.1, 0.2])),
    BackdoorGame(Intervals(points=12), "2/12", Uniform()),
    BackdoorGame(IntervalUnions(points=6, k=2), "1/3", Uniform()),
    BackdoorGame(Singletons(points=6), "2/6", Uniform()),
    BackdoorGame(AllFunctions(points=5), "1/5", Uniform()),
    BackdoorGame(Conjunctions(bits=3), 0.3, ProductBits([0.1, 0.5, 0.8])),
    BackdoorGame(Parities(bits=3), 0.5, ProductBits([0.1, 0.5, 0.3])),
    BackdoorGame(Boxes(dimension=2, points=3), "2/9", Uniform()),
    BackdoorGame(Explicit(["00000", "10100", "01011", "11110", "00111", "10001", "00000"]), 0.6, Uniform()),
    BackdoorGame(DirectSum([Thresholds(points=3), Singletons(points=2)]), 0.25, Mixture([Uniform(), Uniform()], EVEN)),
]
LEVEL = simultaneous_level(0.99, len(GAMES))


@functools.cache
def solved(game):
    return solve(game)


@pytest.mark.parametrize("game", GAMES, ids=repr)
def test_a_million_rounds_of_optimal_play_hold_the_value(game):
    found = estimate(game, OptimalAttacker(), OptimalDefender(), rounds=1_000_000, seed=5, level=LEVEL)
    assert found.illegal == 0
    assert found.low <= solved(game).value <= found.high
    assert exact_win_rate(game, OptimalAttacker(), OptimalDefender()) == pytest.approx(solved(game).value, abs=1e-9)


@pytest.mark.parametrize("game", [*LISTED, *TILED], ids=repr)
def test_no_shipped_strategy_beats_the_value_against_optimal_play(game):
    value = solve(game).value
    defenders = [defender for defender, games in DEFENDERS.items() if game in games]
    attackers = [attacker for attacker, games in ATTACKERS.items() if game in games]
    assert len(defenders) >= 5
    assert len(attackers) >= 3
    for defender in defenders:
        if text(defender).startswith("BoltzmannResampling(") and defender.steps is not None:  # can only be sampled
            assert estimate(game, OptimalAttacker(), defender, rounds=4000, seed=5, level=LEVEL).low <= value
        else:
            assert exact_win_rate(game, OptimalAttacker(), defender) <= value + 1e-9
    for attacker in attackers:
        assert exact_win_rate(game, attacker, OptimalDefender()) >= value - 1e-9


def test_every_shipped_player_is_held_against_optimal_play():
    games = {*LISTED, *TILED}
    held = {type(player) for table in (DEFENDERS, ATTACKERS) for player, where in table.items() if games & {*where}}
    open_only, circuits = {"Shattered", "Star"}, {"PuncturedPRFAttacker", "StructuralDefender"}
    trees = {"DeepestLegal", "GraftPath", "LeafMass", "RareConjunction"}
    variants = {"ExchangeablePair", "PredicateCheck", "TraceReader"}  # in test_variant_play.py
    every = {*shipped("attackers").values(), *shipped("defenders").values()}
    assert {player.__name__ for player in every - held} == open_only | circuits | trees | variants


@pytest.mark.parametrize("game", GAMES[:4], ids=repr)
def test_optimal_players_cannot_be_exploited_and_their_best_replies_gain_nothing(game):
    for player in (OptimalAttacker(), OptimalDefender()):
        found = exploitability(game, player, seed=0)
        assert found.how == "closed form"
        assert found.value == pytest.approx(0.0, abs=1e-9)
        assert found.game_value == pytest.approx(solved(game).value, abs=1e-9)
    reply = best_response(game, defender=OptimalDefender(), seed=0)
    assert exact_win_rate(game, reply.player, OptimalDefender()) == pytest.approx(reply.win_rate, abs=1e-9)


def test_optimal_players_of_an_open_game_need_a_law():
    game = BackdoorGame(AllFunctions(points=4), 0.25)
    for player in (OptimalAttacker(), OptimalDefender()):
        with pytest.raises(MissingCapability, match=r"pass law=Uniform\(\)"):
            player.prepare(game)
    found = estimate(game, OptimalAttacker(law=Uniform()), OptimalDefender(law=Uniform()), rounds=4000, seed=1)
    assert found.low <= 0.5 <= found.high
    with pytest.raises(InvalidArgument, match="leave law out"):
        OptimalAttacker(law=Weighted([0.1, 0.2, 0.3, 0.4])).prepare(dataclasses.replace(game, distribution=Uniform()))


def test_the_tolerance_is_kept_or_said():
    game = BackdoorGame(Thresholds(points=10), "1/5", Uniform())
    assert solve(game, tolerance=1e-3).attacker == OptimalAttacker(tolerance=1e-3)
    for wrong in (0, 2.0, "x", -1):
        with pytest.raises(InvalidArgument, match="tolerance"):
            solve(game, tolerance=wrong)
    with pytest.raises(InvalidArgument, match="tolerance"):
        OptimalDefender(tolerance=0)
    with pytest.raises(BackdoorGameError, match="game must be"):
        solve(Thresholds(points=10))


def test_a_prepared_player_holds_its_table_and_asks_no_cache_while_it_plays(monkeypatch):
    """However many games a process plays by turns, each is solved once."""
    game = BackdoorGame(Thresholds(points=6), "1/6", Uniform())
    players = [OptimalAttacker(), WorstAttack(OptimalDefender())], [OptimalDefender(), LikelihoodRatio(NearestLegal())]
    runs = [game.ready(attacker, defender) for attacker, defender in product(*players)]
    expected = [run.play(Streams(3, game), range(64))[0].suspicion for run in runs]

    def asked(*_, **__):
        raise AssertionError("the table is worked out again")

    for module, name in (
        (solved_players, "optimum"),
        (likelihood_ratio, "attack_table"),
        (worst_attack, "_found"),
    ):
        monkeypatch.setattr(module, name, asked)
    for run, before in zip(runs, expected, strict=True):
        np.testing.assert_array_equal(run.play(Streams(3, game), range(64))[0].suspicion, before)
    with pytest.raises(AssertionError, match="worked out again"):
        OptimalDefender().prepare(game)


def test_what_a_player_holds_is_no_part_of_its_spec_its_equality_or_its_pickle():
    game = BackdoorGame(Thresholds(points=6), "1/6", Uniform())
    ready = OptimalDefender().prepare(game)
    again = pickle.loads(pickle.dumps(ready))
    assert again == ready == dataclasses.replace(ready)
    assert "_kept" not in vars(again)
    other = BackdoorGame(Thresholds(points=7), "1/7", Uniform())
    assert kept(ready, game) is not None
    assert kept(ready, other) is None
