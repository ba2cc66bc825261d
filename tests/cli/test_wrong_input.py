"""Wrong input: one sentence that names the argument, exit status 2, no traceback, nothing written."""

import os
import subprocess
import sys

import pytest

from .running import GAME, PLAYERS, SHORT

ESTIMATE = ("estimate", *SHORT)
CURVE = ("curve", "--functions", "AllFunctions(points=8)", *PLAYERS, "--quiet")
FIXED = ("--distribution", "Uniform()", "--attacker", "NoAttack()")

WRONG = {
    "weights that are no list": ((*ESTIMATE, "--distribution", "Weighted(weights=0.5)"), "list of numbers"),
    "a defender for an attacker": ((*ESTIMATE, "--attacker", "CoinFlip()"), "must be an Attacker"),
    "an unknown command": (("estimte",), "did you mean 'estimate'?"),
    "an unknown option": ((*ESTIMATE, "--round", "5"), "did you mean '--rounds'?"),
    "an unknown first option": (("--vresion",), "did you mean '--version'?"),
    "a stray word": ((*ESTIMATE, "hello"), "'hello'"),
    "an option without its value": ((*ESTIMATE, "--seed"), "--seed"),
    "an option whose value is another option": ((*ESTIMATE, "--seed", "--json"), "--seed"),
    "a value where none belongs": ((*ESTIMATE, "--literal=yes"), "--literal"),
    "an unknown class": ((*ESTIMATE, "--functions", "AllFunctoins(points=8)"), "did you mean 'AllFunctions'?"),
    "an unknown defender": ((*ESTIMATE, "--defender", "CoinFlop()"), "did you mean 'CoinFlip'?"),
    "a misspelt parameter": ((*ESTIMATE, "--functions", "AllFunctions(pionts=8)"), "did you mean 'points'?"),
    "a missing parameter": ((*ESTIMATE, "--functions", "AllFunctions()"), "points"),
    "a spec that is no spec": ((*ESTIMATE, "--defender", "CoinFlip("), "'CoinFlip('"),
    "an attacker for a defender": ((*ESTIMATE, "--defender", "NoAttack()"), "NoAttack()"),
    "a missing option": (("estimate", *GAME, "--attacker", "NoAttack()"), "--defender"),
    "epsilon below 0": ((*ESTIMATE, "--epsilon", "-1"), "epsilon must lie in [0, 1], got '-1'"),
    "epsilon a negative fraction": ((*ESTIMATE, "--epsilon", "-1/2"), "epsilon must lie in [0, 1], got '-1/2'"),
    "epsilon above 1": ((*ESTIMATE, "--epsilon", "2"), "epsilon must lie in [0, 1], got '2'"),
    "epsilon nan": ((*ESTIMATE, "--epsilon", "nan"), "epsilon must be a finite number, got 'nan'"),
    "epsilon a word": ((*ESTIMATE, "--epsilon", "abc"), "epsilon must be a finite number, got 'abc'"),
    "epsilon far too large": ((*ESTIMATE, "--epsilon", "1e999999999"), "epsilon must be a finite number"),
    "weights that do not sum to 1": ((*ESTIMATE, "--distribution", "Weighted(weights=[0.5, 0.6])"), "sum to 1"),
    "too few weights": ((*ESTIMATE, "--distribution", "Weighted(weights=[0.5, 0.5])"), "8 weights"),
    "a distribution on another domain": ((*ESTIMATE, "--distribution", "StandardNormal()"), "StandardNormal()"),
    "a fixed distribution for Shattered": ((*ESTIMATE, "--distribution", "Uniform()"), "Shattered()"),
    "no rounds": ((*ESTIMATE, "--rounds", "0"), "rounds"),
    "rounds a word": ((*ESTIMATE, "--rounds", "many"), "rounds must be a whole number, got 'many'"),
    "a fraction of a round": ((*ESTIMATE, "--rounds", "2.5"), "'2.5'"),
    "a level of 1": ((*ESTIMATE, "--level", "1"), "level must lie strictly between 0 and 1"),
    "a half-width of 2": ((*ESTIMATE, "--half-width", "2"), "half_width"),
    "half-width and literal": ((*ESTIMATE, "--half-width", "0.1", "--literal"), "half_width"),
    "no threads": ((*ESTIMATE, "--threads", "0"), "threads"),
    "a negative budget": ((*ESTIMATE, "--defender-examples", "-5"), "defender_examples"),
    "a plug-in file that is not there": ((*ESTIMATE, "--defender", "missing.py:Mine()"), "'missing.py'"),
    "a plug-in file that does not import": ((*ESTIMATE, "--defender", "bad.py:Mine()"), "'bad.py' does not import"),
    "a plug-in file that leaves": ((*ESTIMATE, "--defender", "leaves.py:Mine()"), "'leaves.py' does not import"),
    "a plug-in file without that class": ((*ESTIMATE, "--defender", "mine.py:Mien()"), "did you mean 'Mine'?"),
    "a plug-in module that is not there": ((*ESTIMATE, "--defender", "no.such.module:Mine()"), "no.such.module"),
    "a defender that returns 7": ((*ESTIMATE, "--defender", "mine.py:Seven()"), "mine.py, line"),
    "a defender that raises": ((*ESTIMATE, "--defender", "mine.py:Broken()"), "ZeroDivisionError"),
    "a defender that leaves": ((*ESTIMATE, "--defender", "mine.py:Leaves()"), "SystemExit"),
    "a defender that raises in play": (("play", *GAME, *PLAYERS, "--defender", "mine.py:Broken()"), "mine.py:Broken"),
    "a negative round": (("play", *GAME, *PLAYERS, "--round", "-1"), "round"),
    "an unknown room": (("list", "functins"), "did you mean 'functions'?"),
    "an unknown experiment": (("reproduce", "theorem-4.1-lowre"), "did you mean 'theorem-4.1-lower'?"),
    "no experiment": (("reproduce",), "theorem-4.1"),
    "quick and full": (("reproduce", "theorem-4.1", "--quick", "--full"), "--full"),
    "an output folder below a file": (("reproduce", "theorem-4.1-lower", "--output", "mine.py/here"), "mine.py/here"),
    "a sweep's output below a file": ((*CURVE, "--sweep", "epsilon=1/8", "--output", "mine.py/x"), "mine.py/x"),
    "no sweep": ((*CURVE, "--epsilon", "1/8"), "--sweep"),
    "a sweep without values": ((*CURVE, "--sweep", "epsilon"), "'epsilon'"),
    "a sweep over words": ((*CURVE, "--sweep", "epsilon=1/8,abc"), "'abc'"),
    "a sweep over a huge power": ((*CURVE, "--sweep", "epsilon=10^900"), "'10^900'"),
    "a sweep of what stands nowhere": ((*CURVE, "--epsilon", "1/8", "--sweep", "n=4,8"), "{n}"),
    "a sweep of another name": ((*CURVE, "--functions", "AllFunctions(points={d})", "--sweep", "n=4"), "{d}"),
    "a sweep that is fixed too": ((*CURVE, "--epsilon", "1/8", "--sweep", "epsilon=1/8"), "leave --epsilon out"),
    "a sweep whose last value is wrong": ((*CURVE, "--sweep", "epsilon=1/8,1/4,2"), "epsilon must lie in [0, 1]"),
    "a logarithm of 0": ((*CURVE, "--sweep", "epsilon=0,1/8", "--log-x"), "--log-x"),
    "one defender twice": ((*CURVE, "--sweep", "epsilon=1/8", "--defender", "CoinFlip()"), "twice"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_input_is_refused_in_one_sentence_and_leaves_nothing(run, mine, tmp_path, what):
    (tmp_path / "bad.py").write_text("import no_such_thing_at_all\n")
    (tmp_path / "leaves.py").write_text("raise SystemExit(0)\n")
    before = sorted(os.listdir(tmp_path))
    words, expected = WRONG[what]
    answer = run(*words)
    assert answer.status == 2
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    command = "backdoor-game " + words[0] if words[0] in ("estimate", "play", "list", "reproduce", "curve") else ""
    assert answer.err.startswith((command or "backdoor-game") + ": ")
    assert expected in answer.err
    assert "Traceback" not in answer.err
    assert sorted(name for name in os.listdir(tmp_path) if name != "__pycache__") == before


def test_running_out_of_memory_is_told_in_one_sentence(run, monkeypatch):
    import backdoor_game.games.measuring.estimation as estimation

    def hungry(*_, **__):
        raise MemoryError

    monkeypatch.setattr(estimation, "estimate", hungry)
    answer = run("estimate", *SHORT)
    assert answer.status == 2
    assert len(answer.err.splitlines()) == 1
    assert "out of memory" in answer.err


def test_a_bug_keeps_its_traceback(run, monkeypatch):
    import backdoor_game.games.measuring.estimation as estimation

    def buggy(*_, **__):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(estimation, "estimate", buggy)
    with pytest.raises(ZeroDivisionError):
        run("estimate", *SHORT)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_a_full_disk_under_standard_output_is_one_sentence_and_what_was_to_be_said_follows(run):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "backdoor_game.cli", "list"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert done.stderr.split("\n", 1)[1] == run("list").out
