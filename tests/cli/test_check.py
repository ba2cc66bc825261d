"""``backdoor-game check``: a table, the smallest failing cases, and exit statuses 0, 1 and 2."""

import json

import pytest

from .running import in_a_process

GAME = ("--functions", "Thresholds(points=4)", "--epsilon", "1/4", "--distribution", "Uniform()", "--quiet")


def test_a_strategy_that_keeps_its_contract_exits_0_with_a_table(run, mine):
    answer = run("check", "mine.py:Mine(threshold=0.3)", *GAME)
    assert answer.status == 0
    assert answer.err == ""
    lines = answer.out.splitlines()
    assert lines[0].split() == ["check", "status", "reason"]
    assert lines[-1] == "15 checks: 13 passed, 0 failed, 2 skipped"
    assert any(line.split()[:2] == ["suspicion_lies_in_0_1", "passed"] for line in lines)
    assert any("it declares no symmetry" in line for line in lines)


def test_the_parentheses_may_be_left_out_and_the_small_games_are_the_default(run, mine):
    answer = run("check", "mine.py:Mine", "--quiet", "--json")
    found = json.loads(answer.out)
    assert answer.status == 0
    assert found["spec"] == "mine.py:Mine()"
    assert found["passed"] is True
    assert [sorted(check) for check in found["checks"]] == [["counterexample", "name", "reason", "status"]] * 15


def test_a_failed_check_exits_1_and_shows_its_smallest_case(run, mine):
    answer = run("check", "mine.py:Seven", *GAME)
    assert answer.status == 1
    assert "suspicion() must return a number in [0, 1], got 7 (mine.py, line" in answer.out
    assert "suspicion_lies_in_0_1 fails for\n    game=BackdoorGame(functions=Thresholds(points=4)" in answer.out
    assert ", seed=0, rounds=1" in answer.out


def test_a_strategy_that_raises_fails_with_file_and_line_and_is_no_crash(run, mine):
    answer = run("check", "mine.py:Broken()", "--json", *GAME)
    assert answer.status == 1
    found = {check["name"]: check for check in json.loads(answer.out)["checks"]}
    assert found["suspicion_lies_in_0_1"]["status"] == "failed"
    assert "raised ZeroDivisionError: division by zero (mine.py, line" in found["suspicion_lies_in_0_1"]["reason"]
    assert "SystemExit" in run("check", "mine.py:Leaves()", *GAME).out


def test_an_attacker_whose_plants_are_illegal_is_shown_with_the_plant(run, mine):
    game = ("--functions", "AllFunctions(points=4)", "--epsilon", "1/4", "--distribution", "Uniform()", "--quiet")
    answer = run("check", "mine.py:Far", *game)
    assert answer.status == 1
    (line,) = [line for line in answer.out.splitlines() if line.startswith("plants_are_legal") and "failed" in line]
    assert "f* differs on 1, epsilon is 0.25" in line


@pytest.mark.parametrize(
    ("spec", "count"),
    [("NoAttack()", 19), ("Singletons(points=3)", 22), ("Weighted([0.25, 0.75])", 13), ("Memorizer()", 14)],
)
def test_the_kind_of_the_thing_decides_which_checks_run(run, spec, count):
    answer = run("check", spec, "--quiet", "--json")
    assert answer.status == 0
    assert len(json.loads(answer.out)["checks"]) == count


def test_how_many_games_are_played_and_why_not_the_others_is_said_beside_prepares(run):
    answer = run("check", "HiddenTile()", "--quiet")
    assert answer.status == 0
    (line,) = [line for line in answer.out.splitlines() if line.startswith("prepares")]
    assert "passed   plays 1 of 23 games; the first that it refuses: HiddenTile() needs a DirectSum" in line


@pytest.mark.parametrize("spec", ["mine.py:Mine", "CoinFlip()", "Thresholds(points=4)"])
def test_a_check_leaves_no_file_behind(run, mine, tmp_path, spec):
    assert in_a_process("check", spec, *GAME).status == 0
    assert {path.name for path in tmp_path.iterdir()} <= {"mine.py", "__pycache__"}


def test_progress_is_shown_on_standard_error(run, monkeypatch):
    import backdoor_game.ground.progress as progress

    monkeypatch.setattr(progress.time, "monotonic", iter(range(0, 10**6, 100)).__next__)
    loud = run("check", "AlwaysFlag()", *GAME[:-1])
    assert "check: 100%" in loud.err
    assert loud.out == run("check", "AlwaysFlag()", *GAME).out


WRONG = {
    "nothing": ((), "what is checked is missing"),
    "an unknown name": (("CoinFlop",), "did you mean 'CoinFlip'?"),
    "a file that is not there": (("missing.py:Mine",), "'missing.py'"),
    "what no kind is": (("Finite(count=3)",), "must be an instance of one of Attacker, Defender"),
    "half a game": (("CoinFlip()", "--epsilon", "1/4"), "--epsilon is for a game of your own: name its --functions"),
    "a game without epsilon": (("CoinFlip()", "--functions", "Thresholds(points=4)"), "--epsilon is missing"),
    "a game of another class": (
        ("Thresholds(points=9)", *GAME),
        "games must be on the class that is checked, Thresholds(points=9), got Thresholds(points=4)",
    ),
    "games that it cannot play": (
        ("HiddenTile()", *GAME),
        "HiddenTile() can play none of the 1 games: HiddenTile() needs a DirectSum",
    ),
    "a seed, which changes nothing": (("CoinFlip()", "--seed", "abc"), "--seed"),
    "an unknown option": (("CoinFlip()", "--functoins", "x"), "did you mean '--functions'?"),
}


@pytest.mark.parametrize("what", WRONG)
def test_bad_input_exits_2_with_one_sentence(run, mine, what):
    words, expected = WRONG[what]
    answer = run("check", *words)
    assert answer.status == 2
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert answer.err.startswith("backdoor-game check: ")
    assert expected in answer.err
