"""Advice in a refusal names the option, file, command or function that would do."""

from __future__ import annotations

import pytest

from backdoor_game import InvalidArgument, SpecError, make, read_aiger
from backdoor_game.cli import main

from .running import GAME, MINE, PLAYERS, SHORT

ESTIMATE = ("estimate", *SHORT)
CURVE = ("curve", "--functions", "AllFunctions(points=8)", *PLAYERS, "--quiet")
SOLVE = ("solve", *GAME, "--distribution", "Uniform()")

REFUSED = {
    "a second defender": (
        (*ESTIMATE, "--defender", "AlwaysClean()"),
        "--defender is given twice, 'CoinFlip()' and 'AlwaysClean()': name one, or let compare, curve",
    ),
    "a second defender, glued": ((*ESTIMATE, "--defender=AlwaysClean()"), "--defender is given twice"),
    "a second attacker in play": (("play", *GAME, *PLAYERS, "--attacker", "NoAttack()"), "--attacker is given twice"),
    "the same epsilon twice": ((*ESTIMATE, "--epsilon", "1/8"), "--epsilon is given twice, '1/8' and '1/8': name one"),
    "a second seed": ((*ESTIMATE, "--seed", "2"), "--seed is given twice, '1' and '2': give it once"),
    "two sweeps": (
        (*CURVE, "--sweep", "epsilon=1/8", "--sweep", "n=4,8"),
        "--sweep is given twice, 'epsilon=1/8' and 'n=4,8': one parameter is swept at a time: run curve once for each",
    ),
    "two outputs": (("reproduce", "theorem-4.1-lower", "--output", "a", "--output", "b"), "--output is given twice"),
    "two games to check": (("check", "CoinFlip", *GAME, "--functions", "Thresholds(points=3)"), "--functions is given"),
    "two tolerances": ((*SOLVE, "--tolerance", "1e-3", "--tolerance", "1e-4"), "--tolerance is given twice"),
    "two levels of a tournament": (("tournament", *GAME, "--level", ".9", "--level", ".8"), "--level is given twice"),
    "two chains": (("mixing", *GAME, "--chains", "4", "--chains", "5"), "--chains is given twice"),
    "a short form": (("estimate", "--eps", "1/8"), "unknown argument '--eps': did you mean '--epsilon'?"),
    "a single dash": (("estimate", "-rounds", "8"), "unknown argument '-rounds': did you mean '--rounds'?"),
    "a short form of several": (("estimate", "--def", "x"), "did you mean '--defender' or '--defender-"),
    "a slip": ((*ESTIMATE, "--epislon", "1/8"), "did you mean '--epsilon'?"),
    "a game for solve": (
        ("solve", "--game", "BackdoorGame(Thresholds(points=3), 1/3, Uniform())"),
        "unknown argument '--game': this command plays the backdoor game alone: name its --functions, --epsilon and",
    ),
    "a game for mixing": (("mixing", "--game", "x"), "name its --functions, --epsilon and --distribution"),
    "a sweep of eps": ((*CURVE, "--sweep", "eps=1/8"), "but no spec holds {eps}: did you mean 'epsilon'?"),
    "a sweep of a slip": ((*CURVE, "--sweep", "epsilom=1/8"), "did you mean 'epsilon'?"),
    "a class of the folder": (
        ("estimate", *GAME, "--attacker", "NoAttack()", "--defender", "Mine(m=3)"),
        "defender: unknown name 'Mine': for the class in a file of your own write mine.py:Mine",
    ),
    "a class that is nowhere": (
        ("estimate", *GAME, "--attacker", "NoAttack()", "--defender", "Line(m=3)"),
        "defender: unknown name 'Line': did you mean 'Finite', or a class of your own, path/to/file.py:Line?",
    ),
    "a file alone": (
        ("check", "mine.py"),
        "'mine.py' is a file without a name in it: write mine.py:Mine or mine.py:Se",
    ),
    "a file that is not there": (("check", "no.py"), "'no.py' is a file without a name in it: write no.py:Name"),
    "a module of Python": (("check", "this:x"), "module 'this' is one of the standard library"),
    "a level that rounds away": ((*ESTIMATE, "--level", "0.9999999999999999"), "level must be at most 1 - 1e-12, got"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_says_what_would_do(what, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    words, told = REFUSED[what]
    assert main(list(words)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert told in captured.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.py"]


def test_options_that_take_several_values_still_do(capsys):
    several = ("--defender", "CoinFlip()", "--defender", "AlwaysClean()", "--seed", "1", "--quiet", "--json")
    assert main(["solve", "--functions", "Thresholds(points=3)", "--epsilon", "1/3", "--distribution", "Uniform()",
                 *several]) == 0  # fmt: skip
    assert '"CoinFlip()"' in capsys.readouterr().out


def test_in_python_a_class_of_the_folder_is_named_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("class Mine:\n    pass\n")
    (tmp_path / "broken.py").write_text("class Mine(:")
    with pytest.raises(SpecError) as caught:
        make("Mine()")
    assert str(caught.value) == "spec: unknown name 'Mine': for the class in a file of your own write mine.py:Mine"


def test_a_long_path_is_shown_with_its_middle_left_out():
    with pytest.raises(InvalidArgument) as caught:
        read_aiger("x" * 3000 + ".aag")
    assert len(str(caught.value)) < 300


def test_a_circuit_that_is_not_there_says_so_and_how_one_is_made(tmp_path):
    with pytest.raises(InvalidArgument) as caught:
        read_aiger("nope.aag")
    assert str(caught.value) == (
        "path 'nope.aag' cannot be read: no file is there; write_aiger(circuit, path) makes one"
    )
    with pytest.raises(InvalidArgument, match=r"it is a folder: name a file in it$"):
        read_aiger(tmp_path)
