"""``estimate`` on the command line."""

import json

import pytest

from backdoor_game import BackdoorGame, estimate
from backdoor_game.functions import AllFunctions
from backdoor_game.players.attackers import Shattered
from backdoor_game.players.defenders import CoinFlip

from .running import GAME, SHORT, in_a_process

COUNTS = ("rounds", "forfeits", "illegal", "undecided", "false_alarms", "detections")
KEYS = ("win_rate", "low", "high", "level", "win_rate_given_plant", "auroc", "seed", "spec", "versions", *COUNTS)


def test_json_is_one_object_with_the_promised_keys(run):
    answer = run("estimate", *SHORT, "--json")
    assert answer.status == 0
    assert answer.err == ""
    assert answer.out.count("\n") == 1
    found = json.loads(answer.out)
    assert set(KEYS) <= set(found)
    assert found["rounds"] == 300
    assert found["seed"] == 1
    assert list(found) == sorted(found)


def test_json_says_what_the_library_says(run):
    found = json.loads(run("estimate", *SHORT, "--json").out)
    game = BackdoorGame(AllFunctions(points=8), 0.125)
    same = estimate(game, Shattered(), CoinFlip(), rounds=300, seed=1).to_dict()
    assert found == json.loads(json.dumps(same))


def test_the_summary_names_the_interval_and_its_level(run):
    out = run("estimate", *SHORT, "--level", "0.9").out
    assert "90%: exact, for rounds that score 0, 1/2 or 1" in out
    lines = dict(line.split("  ", 1) for line in out.splitlines())
    assert lines["rounds"].strip() == "300 (both branches), seed 1"


def test_a_users_defender_plays_from_a_file_of_its_own(run, mine):
    answer = run("estimate", *SHORT, "--defender", f"{mine}:Mine(threshold=0.3)", "--json")
    found = json.loads(answer.out)
    assert found["spec"]["defender"] == "mine.py:Mine(threshold=0.3)"
    assert found["examples_per_round"] == 128


def test_an_attacker_that_plants_illegally_forfeits_and_is_counted(run, mine):
    fixed = ("--distribution", "Uniform()", "--attacker", f"{mine}:Far()", "--defender", "AlwaysClean()")
    found = json.loads(run("estimate", *SHORT, *fixed, "--json").out)
    assert found["illegal"] == 300
    assert found["win_rate"] == 1


def test_budgets_are_passed_on(run, mine):
    spec = f"{mine}:Mine(m=10)"
    found = json.loads(run("estimate", *SHORT, "--defender", spec, "--defender-examples", "9", "--json").out)
    assert found["defender_forfeits"] == 600


def test_half_width_and_literal_are_passed_on(run):
    literal = json.loads(run("estimate", *SHORT, "--literal", "--json").out)
    assert literal["mode"] == "literal"
    words = ("--rounds", "1e6", "--half-width", "0.05", "--json")
    adaptive = json.loads(run("estimate", *SHORT, *words).out)
    assert adaptive["mode"] == "adaptive"
    assert adaptive["rounds"] % 4096 == 0
    assert adaptive["high"] - adaptive["low"] <= 0.1


@pytest.mark.parametrize("threads", ["1", "2"])
def test_threads_change_no_byte(run, threads):
    words = ("estimate", *GAME, "--attacker", "Shattered()", "--defender", "DistillationEnsemble()")
    words = (*words, "--rounds", "9000", "--seed", "3", "--json", "--quiet")
    assert run(*words, "--threads", threads).out == run(*words).out


def test_the_number_of_threads_in_the_environment_changes_no_byte():
    words = ("estimate", *SHORT, "--rounds", "9000", "--json")
    one, two = (in_a_process(*words, NUMBA_NUM_THREADS=str(n)) for n in (1, 2))
    assert one.status == two.status == 0
    assert one.out == two.out
    assert one.err == ""


def test_a_game_of_one_branch_prints_no_detection_rate_where_nothing_is_detected(run):
    """The user of `Persistence` wins or loses, and says nothing about a model."""
    data = "LinearBits(dimension=5, train=60, test=40)"
    game = f"Persistence(GateNetworks(bits=5, gates=5), {data})"
    players = ("--attacker", "MajorityPersistence(width=2)", "--defender", "WeightDecay()")
    answer = run("estimate", "--game", game, *players, "--rounds", "5", "--seed", "1")
    assert answer.status == 0
    assert "(one branch)" in answer.out
    assert "win rate" in answer.out
    assert "detection rate" not in answer.out
