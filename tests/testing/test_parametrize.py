"""The pytest decorator: one test a strategy and check, strict expected failures, nothing skipped silently."""

from __future__ import annotations

import textwrap

import pytest

from backdoor_game import AlwaysFlag, CoinFlip, Finite, InvalidArgument, Memorizer, SpecError, Uniform
from backdoor_game.testing import check_defender, check_names, parametrize_with_checks
from tests.testing.faulty import FEW
from tests.testing.faulty_defenders import TwoMinds

TWO_MINDS = {"TwoMinds": {"a_round_is_a_block_of_one": "it changes its mind on purpose"}}


@parametrize_with_checks([CoinFlip(), AlwaysFlag(), TwoMinds()], expected_failures=TWO_MINDS, games=FEW, number=15)
def test_a_battery_as_a_user_writes_it(strategy, check):
    check(strategy)


def parameters(*strategies, **options):
    return parametrize_with_checks(strategies, **options).args[1]


def test_there_is_a_test_for_every_strategy_and_check_with_both_in_its_name():
    found = parameters(CoinFlip(), Memorizer(default=1))
    wanted = [f"CoinFlip()-{name}" for name in check_names(CoinFlip())]
    wanted += [f"Memorizer(default=1)-{name}" for name in check_names(Memorizer())]
    assert [parameter.id for parameter in found] == wanted


def test_only_what_is_expected_to_fail_is_marked_and_strictly():
    marked = [(p.id, mark.kwargs) for p in parameters(TwoMinds(), expected_failures=TWO_MINDS) for mark in p.marks]
    ((where, how),) = marked
    assert where.endswith("TwoMinds()-a_round_is_a_block_of_one")
    assert how["strict"] is True
    assert how["reason"] == "it changes its mind on purpose"


@pytest.mark.parametrize("key", ["TwoMinds", "tests.testing.faulty_defenders:TwoMinds()"])
def test_a_strategy_is_named_by_its_class_or_by_its_spec(key):
    found = parameters(TwoMinds(), expected_failures={key: {"prepares": "so it is"}})
    assert sum(len(parameter.marks) for parameter in found) == 1


WRONG = {
    "an unknown check": ({"expected_failures": {"CoinFlip": {"prepars": "?"}}}, "did you mean 'prepares'"),
    "an unknown strategy": ({"expected_failures": {"CoinFlop": {"prepares": "?"}}}, "no strategy is 'CoinFlop'"),
    "failures that are no dict": ({"expected_failures": ["CoinFlip"]}, "expected_failures must be a dict"),
    "failures of no checks": (
        {"expected_failures": {"CoinFlip": "prepares"}},
        r"\['CoinFlip'\] must be a dict in a dict",
    ),
    "no reason": ({"expected_failures": {"CoinFlip": {"prepares": None}}}, "must be the reason in words, got None"),
    "a number in words": ({"number": "twelve"}, "number must be a whole number, got 'twelve'"),
    "another number of checks": ({"number": 99}, "number must be 15, the checks that CoinFlip"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_an_error_in_one_sentence(what):
    options, words = WRONG[what]
    with pytest.raises(InvalidArgument, match=words):
        parametrize_with_checks([CoinFlip()], **options)


def test_one_strategy_twice_and_what_is_no_strategy_are_refused():
    with pytest.raises(InvalidArgument, match="strategies must be different"):
        parametrize_with_checks([CoinFlip(), CoinFlip()])
    with pytest.raises(InvalidArgument, match="instance of one of Attacker, Defender"):
        parametrize_with_checks([Finite(3)])
    with pytest.raises(SpecError, match="games must be a BackdoorGame"):
        parametrize_with_checks([Uniform()], games=["Thresholds"])


@pytest.mark.parametrize("strategies", [[], (), iter(()), CoinFlip(), "CoinFlip()", None])
def test_what_is_no_list_or_an_empty_one_is_refused(strategies):
    with pytest.raises(InvalidArgument, match=r"strategies must (not be empty|be a list)"):
        parametrize_with_checks(strategies)


def test_a_generator_is_as_good_as_a_list():
    found = parametrize_with_checks(thing for thing in (CoinFlip(), AlwaysFlag())).args[1]
    assert [p.id for p in found] == [p.id for p in parameters(CoinFlip(), AlwaysFlag())]


def test_games_that_are_none_are_refused_in_one_sentence():
    with pytest.raises(InvalidArgument, match="games must be a game or a list of them, got 5"):
        check_defender(CoinFlip(), 5)


FILE = """
from backdoor_game import AlwaysFlag, BackdoorGame, CoinFlip, Thresholds, Uniform
from backdoor_game.testing import parametrize_with_checks
from tests.testing.faulty_defenders import Percent, TwoMinds

EXPECTED = {
    "AlwaysFlag": {"prepares": "passes, and so is a failure"},
    "CoinFlip": {"declared_symmetries_hold": "passes too"},
    "TwoMinds": {
        "a_round_is_a_block_of_one": "fails as expected",
        "declared_symmetries_hold": "has nothing to check, and so is a failure",
    },
}
STRATEGIES = [AlwaysFlag(), CoinFlip(), TwoMinds(), Percent()]


@parametrize_with_checks(
    STRATEGIES, expected_failures=EXPECTED, games=BackdoorGame(Thresholds(points=2), 0.5, Uniform())
)
def test_mine(strategy, check):
    check(strategy)
"""


def test_expected_failures_must_fail_and_unexpected_ones_fail_with_their_smallest_case(tmp_path):
    import subprocess
    import sys

    (tmp_path / "test_mine.py").write_text(textwrap.dedent(FILE))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", f"--rootdir={tmp_path}"]
    done = subprocess.run([*command, str(tmp_path / "test_mine.py")], capture_output=True, text=True, check=False)
    report = done.stdout
    assert done.returncode == 1
    assert "7 failed" in report
    assert "1 xfailed" in report
    assert "smallest case: game=BackdoorGame(" in report
    assert "[XPASS(strict)] passes, and so is a failure" in report
    assert "is expected to fail, but there is nothing to check" in report
    percent = [line for line in report.splitlines() if line.startswith("FAILED") and "Percent" in line]
    assert len(percent) == 4
    total = sum(
        int(word)
        for word, what in zip(report.split(), report.split()[1:], strict=False)
        if what.strip(",") in ("failed", "passed", "skipped", "xfailed") and word.isdigit()
    )
    assert total == 4 * 15
