"""`mixing`: acceptance rates known by hand, walks that agree and walks that do not, and its command."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from scipy import stats

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    BoltzmannResampling,
    Circuits,
    CoinFlip,
    Conjunctions,
    InvalidArgument,
    MissingCapability,
    Parities,
    Singletons,
    Uniform,
    mixing,
)
from backdoor_game.cli import main
from backdoor_game.games.measuring import mixing as measuring
from backdoor_game.players.walking import walk

GAME = BackdoorGame(AllFunctions(points=4), 0.25, Uniform())
COMMAND = ["mixing", "--functions", "AllFunctions(points=4)", "--epsilon", "1/4", "--distribution", "Uniform()"]


def test_the_acceptance_rate_of_flips_is_the_one_of_independent_coins():
    """Each label is a chain of its own: a flip towards f' is always taken, one away with r = exp(-beta / 4).

    Away from f' with probability p = r / (1 + r) in the limit, so the rate is p + (1 - p) r = 2p.
    """
    found = mixing(GAME, BoltzmannResampling(steps=2000, beta=3.0), rounds=32, seed=0)
    r = math.exp(-3 / 4)
    assert found.acceptance == pytest.approx(2 * r / (1 + r), abs=0.01)
    assert found.proposed == 1.0


def test_proposals_that_stay_are_not_counted_as_taken():
    """At beta 0 all others are taken. Of the moves under depth 1, one in 8 is of the output and half of the others
    turn a literal, all of which change the code; the last kind picks one of 9, 11 or 13 other literals for a gate, of
    which 9 keep the depth."""
    game = BackdoorGame(Circuits(bits=4, gates=3, depth=1), "1/4", Uniform())
    found = mixing(game, BoltzmannResampling(steps=500, beta=0.0), rounds=8, seed=0)
    share = 1 / 8 + 7 / 8 * (1 / 2 + (9 / 9 + 9 / 11 + 9 / 13) / 6)
    assert found.acceptance == 1.0
    assert stats.binomtest(round(found.proposed * 16_000), 16_000, share).pvalue > 1e-4


def test_one_walk_of_each_function_starts_there_and_the_others_elsewhere(monkeypatch):
    seen = []

    def watched(functions, start, distances, *rest):
        seen.append(distances(start).reshape(20, 3))
        return walk(functions, start, distances, *rest)

    monkeypatch.setattr(measuring, "walk", watched)
    mixing(BackdoorGame(Parities(bits=8), "1/2", Uniform()), BoltzmannResampling(steps=20), chains=3, rounds=20, seed=0)
    assert seen[0][:, 0].tolist() == [0.0] * 20
    assert (seen[0][:, 1:] == 0.5).mean() > 0.9, "255 of 256 parities differ from f' on half of the points"


def test_long_walks_agree_and_count_as_their_autocorrelation_says():
    """The distance is a mean of 4 independent two-state chains, each flipped by a proposal in 4: at beta 0 a label is
    flipped with probability 1/4 a step, so autocorrelations are (1/2)^t, and 4 x 1000 draws count as a third."""
    found = mixing(GAME, BoltzmannResampling(steps=2000, beta=1e-9), rounds=32, seed=0)
    assert found.kept == 4000
    assert found.distance.worst_rhat < 1.02
    assert found.distance.size == pytest.approx(4000 / 3, rel=0.1)
    assert found.label.size == pytest.approx(4000 / 3, rel=0.1)


def test_walks_that_cannot_leave_their_starts_are_found_out():
    """At beta 10^4 parities, each 1/2 from all others, stay where they are: f' and the members drawn at random."""
    game = BackdoorGame(Parities(bits=8), "1/2", Uniform())
    found = mixing(game, BoltzmannResampling(steps=20, beta=1e4), rounds=16, seed=0)
    assert found.distance.worst_rhat == math.inf
    assert found.to_dict()["distance"]["worst_rhat"] == "inf"
    short = mixing(
        BackdoorGame(Conjunctions(bits=12), "1/64", Uniform()), BoltzmannResampling(steps=20), rounds=16, seed=0
    )
    assert short.distance.worst_rhat > 1.2


def test_what_never_changes_is_said_to_say_nothing():
    """On one point there are two functions, and at beta 10^4 all walks soon stand at f'."""
    game = BackdoorGame(AllFunctions(points=1), "1/2", Uniform())
    found = mixing(game, BoltzmannResampling(steps=40, beta=1e4), rounds=5, seed=0)
    assert dataclasses.astuple(found.label) == (None, None, None, None, 5)
    assert dataclasses.astuple(found.distance) == (None, None, None, None, 5)


def test_it_is_a_function_of_its_arguments():
    defender = BoltzmannResampling(steps=40)
    once, again = (mixing(GAME, defender, rounds=5, seed=4).to_dict() for _ in range(2))
    assert once == again
    assert once != mixing(GAME, defender, rounds=5, seed=5).to_dict()
    json.dumps(once, allow_nan=False)


def test_walks_that_go_by_examples_are_measured_too():
    @dataclasses.dataclass(frozen=True)
    class Shut(Conjunctions):
        def distance(self, F, G, distribution):
            return None

    found = mixing(
        BackdoorGame(Shut(bits=30), "1/4", Uniform()), BoltzmannResampling(steps=60, examples=8), rounds=6, seed=0
    )
    assert 0 < found.acceptance <= 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((GAME, CoinFlip()), "defender must be a BoltzmannResampling"),
        ((GAME, BoltzmannResampling()), "does not walk: give it steps, at least 16"),
        ((GAME, BoltzmannResampling(steps=15)), "give it steps, at least 16"),
        ((BackdoorGame(Singletons(points=4), 0.25), BoltzmannResampling(steps=20)), "give it a distribution"),
        ((GAME, BoltzmannResampling(steps=10**7)), "is 2560000000: at most 8388608 proposals are made"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_sentence(arguments, words):
    with pytest.raises((InvalidArgument, MissingCapability), match=words):
        mixing(*arguments, seed=0)


def test_the_command_prints_what_was_measured_and_json_for_machines(capsys):
    command = [*COMMAND, "--defender", "BoltzmannResampling(steps=200)", "--rounds", "8", "--seed", "0", "--quiet"]
    assert main(command) == 0
    lines = dict(line.split("  ", 1) for line in capsys.readouterr().out.splitlines())
    found = mixing(GAME, BoltzmannResampling(steps=200), rounds=8, seed=0)
    assert lines["acceptance rate"].split()[0] == f"{found.acceptance:.4f},"
    assert f"{found.distance.rhat:.4f}, worst {found.distance.worst_rhat:.4f}" in lines["R-hat, distance"]
    assert "of 400 draws" in lines["sample size, distance"]
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == found.to_dict()


def test_the_command_warns_where_walks_are_short_and_refuses_others_with_status_2(capsys):
    short = [*COMMAND, "--defender", "BoltzmannResampling(steps=16)", "--rounds", "4", "--seed", "0", "--quiet"]
    assert main(short) == 0
    assert "take more steps" in capsys.readouterr().out
    assert main([*COMMAND, "--defender", "CoinFlip()"]) == 2
    assert "BoltzmannResampling" in capsys.readouterr().err


@pytest.mark.parametrize(("worst", "advice"), [(1.0099, ""), (1.01, ""), (1.0101, " (over 1.01: take more steps)")])
def test_more_steps_are_advised_where_the_worst_r_hat_is_over_1_01(worst, advice):
    one = measuring.Statistic(rhat=1.002, worst_rhat=worst, size=300.0, least_size=200.0, constant=0)
    found = dataclasses.replace(mixing(GAME, BoltzmannResampling(steps=16), rounds=2, seed=0), distance=one)
    lines = dict(line.split("  ", 1) for line in str(found).splitlines())
    assert lines["R-hat, distance"].strip() == f"1.0020, worst {worst:.4f}{advice}"
