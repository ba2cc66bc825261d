"""`play` in Python: the command is thin over it, for every game; examples in docstrings are what they print."""

import doctest
import importlib

import pytest

import backdoor_game
from backdoor_game import InvalidArgument, StaticDetection, play
from backdoor_game.cli import main
from backdoor_game.planting.datasets import GaussianLinear
from backdoor_game.planting.models import RandomFourierFeatures

SMALL = "StaticDetection(RandomFourierFeatures(features=16, dimension=4), GaussianLinear(dimension=4))"


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        (
            ["--functions", "AllFunctions(points=8)", "--epsilon", "1/8", "--attacker", "Shattered()"],
            ("BackdoorGame(AllFunctions(points=8), 1/8)", "Shattered()", "CoinFlip()"),
        ),
        (
            ["--game", SMALL, "--attacker", "CLWEBackdoor(k=4)"],
            (
                StaticDetection(RandomFourierFeatures(features=16, dimension=4), GaussianLinear(dimension=4)),
                "CLWEBackdoor(k=4)",
                "CoinFlip()",
            ),
        ),
    ],
)
def test_the_command_prints_what_the_function_returns(options, arguments, capsys):
    words = ["play", *options, "--defender", "CoinFlip()", "--seed", "3", "--round", "5"]
    assert main(words) == 0
    found = play(*arguments, seed=3, round=5)
    assert capsys.readouterr().out == f"{found}\n"
    assert found.to_dict()["round"] == 5
    assert repr(found) == f"Story(round=5, seed=3, status={found.facts['status']!r})"
    assert found._repr_html_().startswith("<pre>")
    assert found.to_frame()["status"][0] == found.facts["status"]


@pytest.mark.parametrize(("number", "said"), [(-1, "at least|between"), (0.5, "whole number"), (2**49, "between")])
def test_a_round_that_no_run_has_is_refused(number, said):
    with pytest.raises(InvalidArgument, match=f"round must be.*({said})"):
        play("BackdoorGame(AllFunctions(points=8), 1/8)", "Shattered()", "CoinFlip()", round=number)


def test_the_examples_of_public_functions_are_what_they_print():
    tried = 0
    for name in sorted(backdoor_game.PUBLIC):
        if backdoor_game._WHERE[name].split(".")[0] == "matches":
            thing = getattr(backdoor_game, name)
            module = importlib.import_module(thing.__module__)
            for test in doctest.DocTestFinder(recurse=False).find(thing, name, module=module):
                tried += len(test.examples)
                assert doctest.DocTestRunner().run(test).failed == 0
    assert tried >= 4
