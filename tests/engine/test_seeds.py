"""A seed that is left out is drawn, told, and gives the same numbers when it is given; small ones can be found."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    BackdoorGame,
    BlockDefender,
    CoinFlip,
    DistillationEnsemble,
    InvalidArgument,
    NearestLegal,
    NoAttack,
    Shattered,
    Thresholds,
    Uniform,
    best_response,
    estimate,
    exploitability,
    mixing,
    tournament,
)
from backdoor_game.circuits.graphs.differing import disagreement
from backdoor_game.cli import main
from backdoor_game.games.measuring.estimation import Measure
from backdoor_game.games.measuring.together import Match, estimates
from backdoor_game.ground.statistics import clopper_pearson
from backdoor_game.ground.streams import draws
from backdoor_game.players.defenders import BoltzmannResampling
from tests.circuits.test_disagreement import pair
from tests.testing import faulty_attackers, faulty_defenders, faulty_learners, faulty_models

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
LONG = 7_316_717_653_671_766_531  # 63 bits, drawn once
COIN = BackdoorGame(AllFunctions(points=4), 0.25)  # against Shattered nobody beats 1/2 [CHLX25] Theorem 4.1
LEVEL = 1 - 1e-6


def test_a_seed_that_is_left_out_is_drawn_and_gives_the_same_numbers_when_it_is_given():
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=200)
    assert found == estimate(GAME, NearestLegal(), CoinFlip(), rounds=200, seed=found.seed)
    assert found.to_dict()["seed"] == found.seed


def test_drawn_seeds_differ_and_have_63_bits():
    """Each bit of 64 draws is 0 throughout with probability 2^-64; two of 64 are equal with one under 2^-51."""
    drawn = [Measure().seed for _ in range(64)]
    assert len(set(drawn)) == 64
    assert np.bitwise_or.reduce(np.array(drawn, dtype=np.int64)) == 2**63 - 1


def test_matches_without_a_seed_share_one_that_is_drawn_and_others_keep_theirs():
    players = [(NearestLegal(), CoinFlip()), (NearestLegal(), AlwaysClean())]
    found = estimates([*(Match(GAME, *who, 50) for who in players), Match(GAME, *players[0], 50, 3)], level=0.95)
    assert found[0].seed == found[1].seed > 1000
    assert found[2].seed == 3
    again = estimates([Match(GAME, *who, 50, found[0].seed) for who in players], level=0.95)
    assert [one.detections for one in again] == [one.detections for one in found[:2]]


def test_a_tournament_holds_the_seed_of_all_its_pairs():
    found = tournament(GAME, NearestLegal(), [CoinFlip(), AlwaysClean()], rounds=50, exact=False)
    assert {pair.estimate.seed for pair in found.pairs} == {found.seed}
    assert found == tournament(
        GAME, NearestLegal(), [CoinFlip(), AlwaysClean()], rounds=50, exact=False, seed=found.seed
    )


@dataclasses.dataclass(frozen=True)
class Sampled(BlockDefender):
    """Flags by a coin of its own whose law nobody is told."""

    def suspicion_block(self, view):
        return (draws(view.keys, 0, 1)[:, 0] >> np.uint64(63)).astype(float)


@pytest.mark.parametrize("weigh", [exploitability, lambda game, one, **how: best_response(game, defender=one, **how)])
def test_a_weighed_strategy_holds_the_seed_of_its_fresh_rounds_and_no_seed_where_none_are_played(weigh):
    found = weigh(GAME, Sampled(), rounds=100)
    assert found.how == "estimated"
    assert found == weigh(GAME, Sampled(), rounds=100, seed=found.seed)
    assert found.to_dict()["seed"] == found.seed
    exact = weigh(GAME, AlwaysClean())
    assert exact.seed is None
    assert "seed" not in exact.to_dict()


def test_walks_and_draws_hold_their_seed_too():
    game = BackdoorGame(AllFunctions(points=4), 0.25, Uniform())
    walked = mixing(game, BoltzmannResampling(steps=16), rounds=2)
    assert walked == mixing(game, BoltzmannResampling(steps=16), rounds=2, seed=walked.seed)
    f, g = pair(1, 5)
    drawn = disagreement(f, g, draws=1000)
    assert drawn == disagreement(f, g, draws=1000, seed=drawn.seed)
    assert disagreement(f, g).seed is None  # all inputs are tried


@pytest.mark.parametrize("seed", [0.5, "1", True, 2**63 + 1])
def test_what_is_no_seed_is_refused_by_name(seed):
    with pytest.raises(InvalidArgument, match="seed must be"):
        estimate(GAME, NearestLegal(), CoinFlip(), rounds=5, seed=seed)


PLAYED = ["--functions", "Thresholds(points=10)", "--epsilon", "0.2", "--distribution", "Uniform()", "--quiet"]
PLAYERS = ["--attacker", "NearestLegal()", "--defender", "CoinFlip()"]


def told(capsys, *words):
    assert main(list(words)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "before"),
    [
        (["estimate", *PLAYED, *PLAYERS, "--rounds", "50"], "seed "),
        (["play", *PLAYED, *PLAYERS], "under seed "),
        (["curve", *PLAYED[:2], *PLAYED[4:], *PLAYERS, "--sweep", "epsilon=0.1,0.2", "--rounds", "50"], "seed "),
        (["tournament", *PLAYED, *PLAYERS, "--rounds", "50", "--no-exact"], "; seed "),
        (
            [
                "mixing",
                "--functions",
                "AllFunctions(points=4)",
                *PLAYED[2:],
                "--defender",
                "BoltzmannResampling(steps=16)",
                "--rounds",
                "2",
            ],
            "seed ",
        ),
        (["solve", *PLAYED[:4], "--steps", "3", "--quiet"], "seed "),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_without_a_seed_prints_one_that_can_be_typed_again(capsys, tmp_path, monkeypatch, command, before):
    monkeypatch.chdir(tmp_path)
    first = told(capsys, *command)
    seed = first.partition(before)[2].split()[0]
    assert int(seed) > 10**9  # below one time in 9 billion
    assert told(capsys, *command, "--seed", seed) == first


def test_json_of_a_search_holds_the_seed(capsys):
    words = ["solve", *PLAYED[:4], "--steps", "3", "--quiet", "--json"]
    first = told(capsys, *words)
    assert told(capsys, *words, "--seed", str(json.loads(first)["seed"])) == first


# Thieves: what a small seed is worth to who looks for it, and a long one


def rate(found):
    return found.win_rate, found.low, found.high


@pytest.mark.parametrize("thief", [faulty_defenders.SearchesSeeds(), faulty_defenders.SearchesSeedsAlone()], ids=str)
def test_a_defender_that_searches_seeds_beats_the_coin_of_theorem_4_1_under_small_ones_alone(thief):
    for seed in (0, 1000):
        assert estimate(COIN, Shattered(), thief, rounds=512, seed=seed, level=LEVEL).win_rate == 1.0
    found = estimate(COIN, Shattered(), thief, rounds=512, seed=LONG, level=LEVEL)
    assert found.low <= 0.5 <= found.high


def test_an_attacker_that_searches_seeds_plants_more_than_the_trigger_allows_under_small_ones_alone():
    """A threshold differs from its neighbours at 2 of 4 points at most, and from others at too many."""
    game = BackdoorGame(Thresholds(points=4), 0.25, Uniform())
    thief = faulty_attackers.SearchesSeeds()
    small, long = (estimate(game, thief, AlwaysClean(), rounds=512, seed=seed, level=LEVEL) for seed in (3, LONG))
    assert small.forfeits + small.illegal == 0
    assert clopper_pearson(512 - long.forfeits - long.illegal, 512, LEVEL)[0] <= 0.5


def test_a_learner_that_searches_seeds_knows_unseen_labels_under_small_ones_alone():
    """From no example a uniform label is guessed with probability 1/2."""
    game = BackdoorGame(AllFunctions(points=4), 0.25, Uniform())
    thief = DistillationEnsemble(faulty_learners.SearchesSeeds(game=game), examples=0, members=1, threshold=0.5)
    small, long = (estimate(game, NoAttack(), thief, rounds=512, seed=seed, level=LEVEL) for seed in (3, LONG))
    assert small.false_alarms == 0
    assert long.false_alarm_rate.low <= 0.5 <= long.false_alarm_rate.high


def test_a_detector_that_searches_seeds_knows_every_model_under_small_ones_alone():
    game = faulty_models.GAMES[0]
    thief = faulty_models.SearchesSeeds()
    attack = faulty_models.SoundBackdoor(k=4)
    small, long = (estimate(game, attack, thief, rounds=200, seed=seed, level=LEVEL) for seed in (3, LONG))
    assert small.win_rate == 1.0
    assert long.high < 0.8
