"""Every seeded fault is caught by the check that is meant for it, and every check has a fault that it catches."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from backdoor_game import BlockDefender, InvalidArgument
from backdoor_game.testing import check_names
from backdoor_game.testing.batteries import check
from backdoor_game.testing.kinds import KINDS, kind_of
from tests.testing import (
    faulty_attackers,
    faulty_classes,
    faulty_defenders,
    faulty_distributions,
    faulty_hands,
    faulty_learners,
    faulty_models,
    faulty_shown,
    faulty_variants,
)

ROOMS = (faulty_attackers, faulty_defenders, faulty_classes, faulty_distributions, faulty_learners, faulty_models)
ROOMS += (faulty_hands, faulty_variants, faulty_shown)
FAULTS = [fault for room in ROOMS for fault in room.FAULTS]
SOUND = [
    (faulty_attackers.Sound(), faulty_attackers.FAULTS[0].games),
    (faulty_defenders.Sound(), faulty_defenders.FAULTS[0].games),
    (faulty_classes.Sound(), None),
    (faulty_distributions.Die(), faulty_distributions.ON_SIX),
    (faulty_learners.Sound(), faulty_learners.FAULTS[0].games),
    (faulty_models.SoundDetector(), faulty_models.GAMES),
    (faulty_models.SoundBackdoor(k=4), faulty_models.GAMES),
    (faulty_models.SoundData(dimension=8), None),
    (faulty_hands.SoundObfuscator(), None),
    (faulty_hands.SoundForger(), None),
    (faulty_hands.SoundDelegate(), None),
    (faulty_hands.SoundUpdate(), faulty_hands.SIGMOIDS),
    (faulty_attackers.PicksTheFirst(), faulty_attackers.FAULTS[0].games),
    (faulty_attackers.ChoosesTheFirst(), faulty_attackers.FAULTS[0].games),
    (faulty_variants.SoundLaw(), None),
    (faulty_variants.SoundChoice(), None),
    (faulty_variants.SoundPredicate(), None),
    (faulty_shown.SoundReveal(), None),
    (faulty_shown.SoundView(), None),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}-{fault}")
def test_a_fault_is_caught_by_the_check_meant_for_it_and_by_no_other_that_can_help_it(fault):
    found = {result.name: result for result in check(fault.thing, fault.games)}
    assert {name for name, result in found.items() if result.status == "failed"} == {fault.check, *fault.also}
    assert found[fault.check].reason
    assert "\n" not in found[fault.check].reason


def test_every_check_of_every_kind_has_a_fault():
    caught = {(kind_of(fault.thing).base, fault.check) for fault in FAULTS}
    wanted = {(kind.base, check.__name__) for kind in KINDS for check in kind.checks}
    assert caught == wanted
    assert len(wanted) == 78 + 22 + 28 + 6 + 37


def test_every_check_that_cannot_but_fail_with_another_says_why():
    assert all(bool(fault.also) == bool(fault.because) for fault in FAULTS)


@pytest.mark.parametrize(("thing", "games"), SOUND, ids=lambda value: type(value).__name__)
def test_without_its_fault_the_same_strategy_fails_nothing(thing, games):
    found = check(thing, games)
    assert [result.name for result in found] == list(check_names(thing))
    assert [result for result in found if result.status == "failed"] == []


# Counter-examples and reasons


def failure(thing, name, games):
    (found,) = [result for result in check(thing, games) if result.name == name]
    assert found.status == "failed"
    return found


def test_the_smallest_case_is_one_round_of_the_first_game():
    games = faulty_defenders.FAULTS[0].games
    found = failure(faulty_defenders.TwoMinds(), "a_round_is_a_block_of_one", games)
    assert found.counterexample == f"game={games[0]!r}, seed=0"
    assert "suspicion() says 0.8 where suspicion_block() says 0.2" in found.reason


def test_a_fault_that_needs_two_rounds_is_shown_with_two():
    found = failure(faulty_attackers.Imitates(), "a_plant_depends_on_its_own_round", faulty_attackers.FAULTS[0].games)
    assert found.counterexample.endswith("rounds=2")


def test_a_strategy_that_raises_fails_with_its_file_and_line():
    games = faulty_defenders.FAULTS[0].games
    found = failure(faulty_defenders.CrashesWhenPoor(), "over_budget_is_a_forfeit", games)
    assert "raised ZeroDivisionError: division by zero (faulty_defenders.py, line " in found.reason
    found = failure(faulty_classes.BreaksOnGarbage(), "garbage_is_refused", None)
    assert "faulty_classes.py, line " in found.reason


def test_writing_into_a_read_only_array_is_told_as_such():
    found = failure(faulty_classes.WritesReadOnly(), "leaves_its_arguments_alone", None)
    assert "read-only" in found.reason


def test_a_player_that_can_play_nothing_is_no_failure_but_an_error_that_says_what_to_name():
    words = r"can play none of the 3 games: this needs a quantum computer; name a game .*--functions.* games=\[\.\.\.\]"
    with pytest.raises(InvalidArgument, match=words):
        check(faulty_defenders.PlaysNothing(), faulty_defenders.FAULTS[0].games)


def test_a_player_that_refuses_a_game_is_told_how_many_it_plays():
    found = check(faulty_defenders.PlaysSingletons(), faulty_defenders.FAULTS[0].games)[0]
    assert (found.name, found.status) == ("prepares", "passed")
    assert found.reason == "plays 1 of 3 games; the first that it refuses: this needs singletons"


@dataclasses.dataclass(frozen=True)
class Scribbles(BlockDefender):
    """Writes into its inputs as if they were its own."""

    def suspicion_block(self, view):
        view.X[:] = 0
        return np.zeros(len(view))


def test_a_plain_write_into_a_view_is_told_as_such_with_its_line():
    found = failure(Scribbles(), "leaves_its_view_alone", faulty_defenders.FAULTS[0].games)
    assert "assignment destination is read-only (test_faults.py, line " in found.reason


class ScribblesOnExamples(faulty_models.SoundDetector):
    """Writes into the user's data as if they were its own."""

    def suspicion(self, view, rng):
        view.train.X[0] += 1.0
        return super().suspicion(view, rng)


class RescalesExamples(faulty_models.SoundBackdoor):
    """Doubles the user's data in place."""

    def plant(self, functions, X, y, rng):
        X *= 2.0
        return super().plant(functions, X, y, rng)


@pytest.mark.parametrize(("thing", "name"), [
    (ScribblesOnExamples(), "leaves_its_view_alone"), (RescalesExamples(k=4), "leaves_its_data_alone"),
])  # fmt: skip
def test_a_plain_write_into_the_user_s_data_is_told_as_such_with_its_line(thing, name):
    found = failure(thing, name, faulty_models.GAMES)
    assert "read-only (test_faults.py, line " in found.reason


MAIN = """
from dataclasses import dataclass
from backdoor_game import Defender
from backdoor_game.testing import check_defender

@dataclass(frozen=True)
class Mine(Defender):
    def suspicion(self, view, rng):
        return 0.5

for result in check_defender(Mine()):
    if result.status != "passed":
        print(result.name, result.status, result.reason, sep="|")
"""


def test_what_is_defined_in_main_is_checked_but_for_its_spec_which_is_skipped_with_the_reason():
    done = subprocess.run([sys.executable, "-c", MAIN], capture_output=True, text=True, check=True)
    found = dict(line.split("|", 1) for line in done.stdout.splitlines())
    assert found.pop("spec_reads_back").startswith("skipped|it is defined in __main__")
    assert {line.split("|")[0] for line in found.values()} == {"skipped"}
    assert set(found) == {"suspicion_probability_is_right", "declared_symmetries_hold"}
    assert done.stderr == ""


def test_a_check_gives_the_same_results_on_every_run_prints_nothing_and_leaves_the_random_state_alone(capfd):
    thing, games = faulty_defenders.Ranks(), faulty_defenders.FAULTS[0].games
    np.random.seed(3)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    assert check(thing, games) == check(thing, games)
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    captured = capfd.readouterr()
    assert captured.out == captured.err == ""
