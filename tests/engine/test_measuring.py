"""How a run is measured: defaults in one place, threads as asked, and labels that are no labels refused."""

from __future__ import annotations

import inspect
import threading
from dataclasses import dataclass, fields, replace

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    CoinFlip,
    ContractError,
    Defender,
    InvalidArgument,
    NearestLegal,
    NoAttack,
    RandomLegal,
    Thresholds,
    Uniform,
    estimate,
)
from backdoor_game.games.measuring.estimation import Measure
from backdoor_game.games.measuring.together import Match, estimates


@pytest.mark.parametrize("kind", [Match, Measure])
def test_who_measures_several_at_once_has_the_defaults_of_estimate(kind):
    wanted = inspect.signature(estimate).parameters
    own = {field.name: field.default for field in fields(kind) if field.name in wanted}
    chosen = {name: default for name, default in own.items() if name not in ("game", "attacker", "defender")}
    assert {"rounds", "seed"} <= set(chosen)
    assert chosen == {name: wanted[name].default for name in chosen}


class Small(BackdoorGame):
    """Many blocks."""

    block = 16


@dataclass(frozen=True)
class WhereBlocks(BlockDefender):
    """Writes down in which thread it is asked."""

    def suspicion_block(self, view):
        THREADS.append(threading.get_ident())
        return np.zeros(len(view))


@dataclass(frozen=True)
class Where(Defender):
    """The same, one round at a time."""

    def suspicion(self, view, rng):
        THREADS.append(threading.get_ident())
        return 0.0


@dataclass(frozen=True)
class CoinFlipsAlone(Defender):
    """A coin a round."""

    def suspicion(self, view, rng):
        return float(rng.random() < 0.5)


THREADS: list[int] = []


def threads_of(defender, threads):
    THREADS.clear()
    game = Small(Thresholds(points=10), 0.2, Uniform())
    estimate(game, RandomLegal(), defender, rounds=1600, seed=1, threads=threads, scale=False)
    return set(THREADS)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_blocks_are_played_on_no_more_threads_than_are_asked_for(threads):
    assert 1 <= len(threads_of(WhereBlocks(), threads)) <= threads
    assert len(threads_of(WhereBlocks(), 1)) == 1


def test_a_defender_that_answers_round_by_round_keeps_no_other_from_its_threads():
    THREADS.clear()
    game = Small(Thresholds(points=10), 0.2, Uniform())
    matches = [Match(game, RandomLegal(), defender, 64, 1) for defender in (WhereBlocks(), CoinFlipsAlone())]
    estimates(matches, level=0.9, threads=1)
    assert THREADS
    assert threading.get_ident() not in THREADS


def test_who_answers_one_round_at_a_time_is_asked_in_the_caller_s_own_thread():
    assert threads_of(Where(), 3) == {threading.get_ident()}


@pytest.mark.parametrize(
    "labels",
    [
        lambda y: y + np.uint8(1),
        lambda y: (2 * y).astype(np.uint8),
        lambda y: y.astype(np.int64),
        lambda y: y.astype(bool),
        lambda y: y[:, 0],
    ],
    ids=["up to 2", "0 and 2", "int64", "bool", "another shape"],
)
def test_labels_that_are_not_0_and_1_of_type_uint8_are_refused(labels):
    @dataclass(frozen=True, repr=False)
    class Odd(AllFunctions):
        def evaluate(self, codes, X):
            return labels(super().evaluate(codes, X))

        def nearest(self, codes, x, distribution):
            return 1 - codes, np.zeros(len(codes))

    with pytest.raises(ContractError, match="must return 0/1 labels of type uint8 and shape"):
        estimate(BackdoorGame(Odd(points=4), 1.0, Uniform()), NearestLegal(), CoinFlip(), rounds=50, seed=0)


def test_progress_is_told_after_every_block_and_ends_at_all_rounds():
    heard = []
    estimate(
        Small(Thresholds(points=10), 0.2, Uniform()), NoAttack(), CoinFlip(), rounds=50,
        progress=lambda done, total: heard.append((done, total)), seed=0,
    )  # fmt: skip
    assert heard == [(16, 50), (32, 50), (48, 50), (50, 50)]


@pytest.mark.parametrize(("attacker", "defender", "told"), [
    (CoinFlip(), CoinFlip(), r"attacker must be an Attacker such as NearestLegal\(\), got CoinFlip"),
    (NearestLegal(), NearestLegal(), r"defender must be a Defender such as CoinFlip\(\), got NearestLegal"),
    (5, CoinFlip(), "attacker must be an Attacker such as NearestLegal"),
])  # fmt: skip
def test_players_on_the_wrong_side_are_refused_in_one_sentence(attacker, defender, told):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    with pytest.raises(InvalidArgument, match=told) as caught:
        estimate(game, attacker, defender, rounds=3, seed=0)
    assert "\n" not in str(caught.value)
    with pytest.raises(InvalidArgument, match=told):
        estimates([Match(game, attacker, defender, 3, seed=0)], level=0.9)


class _Fails:
    def suspicion(self, view, rng):
        raise KeyError("lost")


@dataclass(frozen=True)
class FailsAlone(_Fails, Defender):
    """Wrote the form for one round."""


@dataclass(frozen=True)
class FailsInBlocks(BlockDefender):
    """Wrote the form for a block."""

    def suspicion_block(self, view):
        raise KeyError("lost")


@dataclass(frozen=True)
class FailsFurtherDown(FailsInBlocks):
    """Inherits the form for a block."""


@pytest.mark.parametrize(("defender", "method"), [
    (FailsAlone(), "suspicion"), (FailsInBlocks(), "suspicion_block"), (FailsFurtherDown(), "suspicion_block"),
])  # fmt: skip
def test_an_error_names_the_method_that_its_author_wrote(defender, method):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    with pytest.raises(ContractError, match=rf"{type(defender).__name__}: {method}\(\) raised KeyError: 'lost'"):
        estimate(game, NoAttack(), defender, rounds=3, seed=0)


@pytest.mark.parametrize("defender", [NearestLegal(), "CoinFlip()"])
def test_a_game_admits_no_defender_that_it_would_not_play(defender):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    with pytest.raises(InvalidArgument, match="defender must be a Defender"):
        game.admit(defender)
    game.admit(CoinFlip())


def test_progress_of_several_matches_is_told_of_all_together_and_ends_at_their_sum():
    """Two defenders of 50 rounds each are played at once, then another attacker's 40 rounds."""
    game, heard = Small(Thresholds(points=10), 0.2, Uniform()), []
    matches = [
        Match(game, NoAttack(), WhereBlocks(), 50, seed=0),
        Match(game, RandomLegal(), CoinFlip(), 40, seed=0),
        Match(game, NoAttack(), CoinFlip(), 50, seed=0),
    ]
    estimates(matches, level=0.9, progress=lambda done, total: heard.append((done, total)))
    assert [done for done, _ in heard] == [32, 64, 96, 100, 116, 132, 140]
    assert {total for _, total in heard} == {140}


@dataclass(frozen=True)
class Answers(BlockAttacker):
    """Hands in the original, with some answers."""

    what: str

    def plant_block(self, view):
        answers = {
            "2": np.full(len(view), 2),
            "-2 once": np.where(np.arange(len(view)) == 1, -2, 0),
            "too few": np.zeros(len(view) - 1, dtype=np.int8),
            "a column": np.zeros((len(view), 1), dtype=np.int8),
            "no plant": np.zeros(len(view), dtype=np.int8),
        }
        return view.chosen()[0].copy(), answers[self.what]


@pytest.mark.parametrize("what", ["2", "-2 once", "too few", "a column"])
def test_what_a_block_attacker_answers_must_be_one_of_three_numbers_for_each_round(what):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    with pytest.raises(ContractError, match=r"Answers: plant_block\(\) must answer 1, 0 or -1 for each of 5 rounds"):
        estimate(game, Answers(what), CoinFlip(), rounds=5, seed=0)
    assert estimate(game, Answers("no plant"), CoinFlip(), rounds=5, seed=0).forfeits == 5


@dataclass(frozen=True)
class SetsThreshold(Defender):
    """Sets its threshold when it hears of the game."""

    threshold: float = 0.5
    wanted: float = 0.5

    def prepare(self, game):
        return replace(self, threshold=self.wanted)

    def suspicion(self, view, rng):
        return 1.0


@pytest.mark.parametrize("wanted", [1.01, 1.4, -0.01])
def test_a_threshold_outside_the_unit_interval_is_refused_and_its_ends_are_not(wanted):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    with pytest.raises(InvalidArgument, match=r"the threshold of .*SetsThreshold.* must lie in \[0, 1\]"):
        estimate(game, NoAttack(), SetsThreshold(wanted=wanted), rounds=3, seed=0)
    for end in (0.0, 1.0):
        assert estimate(game, NoAttack(), SetsThreshold(wanted=end), rounds=3, seed=0).false_alarms == 3
