"""What attackers look at, pick and are charged for where a law leaves the trigger to them, or shows it before f."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import ClassVar

import numpy as np
import pytest

from backdoor_game import (
    AlwaysFlag,
    Attacker,
    BackdoorGame,
    Bits,
    BlockAttacker,
    BlockDefender,
    ContractError,
    Explicit,
    InvalidArgument,
    MissingCapability,
    NearestLegal,
    NoAttack,
    PredicateCheck,
    RandomLegal,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    make,
)
from backdoor_game.games.base import Streams
from backdoor_game.games.outcomes import FORFEIT, ILLEGAL, PLANTED
from backdoor_game.games.predicates import HashPrefix, OneOf
from backdoor_game.games.triggers import AfterOriginal, BeforeOriginal, Chosen, Satisfying, TriggerLaw, WorstOf
from backdoor_game.players.attackers.base import NO_PLANT, PLANT
from backdoor_game.players.picking import drawn
from backdoor_game.players.views import AttackerBlock, Meter

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
ROUNDS = 300


def under(trigger, **more):
    return dataclasses.replace(GAME, trigger=trigger, **more)


def played(game, attacker, defender=None, rounds=range(ROUNDS), seed=3):
    run = dataclasses.replace(game.ready(attacker, defender or AlwaysFlag()), keep=True)
    return run.play(Streams(seed, game), rounds)[0]


# What plant would see


@dataclasses.dataclass(frozen=True)
class Compares(BlockAttacker):
    """Looks through `at` at the trigger that it picks, in all rounds and in some, and then at the real view."""

    looked: ClassVar[dict] = {}

    def pick_block(self, view):
        X = view.offered[:, -1]
        rows = np.arange(len(view))[::-2].copy()
        for there, of in ((view.at(X), np.arange(len(view))), (view.at(X[rows], rows), rows)):
            self.looked[len(there)] = of, self.held(there)
        self.looked[1] = [4], self.held(view.row(4).block().at(X[4:5]))
        return X

    def plant_block(self, view):
        self.looked["real"] = np.arange(len(view)), self.held(view)
        return RandomLegal().plant_block(view)

    def held(self, view):
        sample = view.sample(3)
        return [view.keys, view.codes, view.X_star, view.offered, sample.X, sample.y, view._referee_keys]


def test_a_trigger_that_is_looked_at_shows_what_plant_will_see():
    played(under(WorstOf(draws=3)), Compares(), rounds=range(41))
    _, real = Compares.looked["real"]
    for many in (41, 21, 1):
        rows, seen = Compares.looked[many]
        assert all(np.array_equal(one, other[rows]) for one, other in zip(seen, real, strict=True))


@dataclasses.dataclass(frozen=True)
class Charges(BlockAttacker):
    """Is charged for the rounds that it looks at again, and for all once."""

    def pick_block(self, view):
        X = view.offered[:, 0]
        rows = np.array([5, 2])
        view.at(X[rows], rows).charge(evaluations=10)
        view.at(X).row(7).charge(evaluations=100)
        view.charge(evaluations=1)
        return X

    def plant_block(self, view):
        return view.chosen()[0], np.full(len(view), NO_PLANT)


def test_who_looks_at_some_rounds_is_charged_for_those():
    used = played(under(WorstOf(draws=2)), Charges(), rounds=range(9)).attacker_evaluations
    assert used.tolist() == [1, 1, 11, 1, 1, 11, 1, 101, 1]


# What the default picks


@dataclasses.dataclass(frozen=True)
class Boasts(BlockAttacker):
    """Answers with the complement, which is legal nowhere, at the points below 5, and with nothing at odd points."""

    def plant_block(self, view):
        codes, X = view.chosen()
        planted, answers = RandomLegal().plant_block(view)
        low, odd = X[:, 0] < 5, X[:, 0] % 2 == 1
        return np.where(low[:, None], codes, planted), np.where(odd, NO_PLANT, np.where(low, PLANT, answers))


def test_a_pick_is_one_at_which_the_plant_is_legal_and_is_meant():
    outcome = played(under(Chosen()), Boasts())
    labels = Thresholds(points=10).evaluate(outcome.kept.f, np.tile(np.arange(10)[:, None], (ROUNDS, 1, 1)))
    every = Thresholds(points=10).enumerate()
    table = Thresholds(points=10).evaluate(every, np.tile(np.arange(10)[:, None], (len(every), 1, 1)))
    apart = labels[:, None] != table[None]
    able = (apart & (apart.sum(axis=2, keepdims=True) <= 2)).any(axis=1)[:, [6, 8]].any(axis=1)
    assert 0 < able.sum() < ROUNDS
    assert np.array_equal(outcome.status == PLANTED, able)


@dataclasses.dataclass(frozen=True)
class Repeats(TriggerLaw):
    """Offers one point three times and another once."""

    draws: int = 4

    def offered(self, distribution, keys):
        return np.tile(np.array([2, 2, 2, 7])[None, :, None], (len(keys), 1, 1))

    def offers(self, points, weights):
        return None


@dataclasses.dataclass(frozen=True)
class Misshapen(Repeats):
    """Says that it offers four triggers and offers five."""

    def offered(self, distribution, keys):
        return np.zeros((len(keys), 5, 1), dtype=np.int64)


def test_a_trigger_that_is_offered_again_is_no_likelier():
    often = (played(under(Repeats()), NoAttack(), rounds=range(1000)).kept.x_star == 7).sum()
    assert abs(often - 500) < 4 * np.sqrt(250)


def test_points_without_mass_are_not_looked_at():
    law = Weighted([0.5, 0.0] * 2 + [0.0] * 6)
    outcome = played(under(Chosen(), distribution=law), RandomLegal())
    assert set(np.unique(outcome.kept.x_star)) <= {0, 2}
    assert not (outcome.status == ILLEGAL).any()


@dataclasses.dataclass(frozen=True)
class Insists(BlockAttacker):
    """Picks the point 7 whatever the law says."""

    def pick_block(self, view):
        return np.full((len(view), 1), 7)

    def plant_block(self, view):
        return RandomLegal().plant_block(view)


@dataclasses.dataclass(frozen=True)
class IsSeven(BlockDefender):
    """Flags the point 7."""

    def suspicion_block(self, view):
        return (view.X[:, 0] == 7).astype(np.float64)


@pytest.mark.parametrize("trigger", [Chosen(), Satisfying(OneOf([2, 7]))])
def test_a_point_without_mass_is_illegal_and_no_clean_input_either(trigger):
    game = under(trigger, distribution=Weighted([0.25] * 4 + [0.0] * 6), clean_input="trigger")
    outcome = played(game, Insists(), IsSeven())
    assert (outcome.status == ILLEGAL).all()
    assert (outcome.suspicion[0] == 0).all()


@pytest.mark.parametrize(("points", "all_of_them"), [(256, True), (257, False)])
def test_as_many_points_are_looked_at_as_is_said(points, all_of_them):
    domain = Thresholds(points=points).domain
    shown = Chosen().shown(Uniform().on(domain), np.arange(3, dtype=np.uint64), domain)
    assert shown.shape == (3, 256, 1)
    assert (len(np.unique(shown[0])) == points) == all_of_them


def test_where_no_place_counts_each_is_as_likely():
    keys = np.arange(3000, dtype=np.uint64) * np.uint64(977)
    counts = np.bincount(drawn(np.zeros((3000, 3)), keys), minlength=3)
    assert (abs(counts - 1000) < 4 * np.sqrt(3000 * 2 / 9)).all()


# The trigger comes first


def test_a_random_original_is_the_first_of_thirty_two_with_a_plant():
    """At 1/40 only the empty function and the trigger's own have one: 2 in 41."""
    game = BackdoorGame(Singletons(points=40), 1 / 40, Uniform(), trigger=BeforeOriginal())
    found = played(game, NearestLegal(), rounds=range(4000)).status
    wanted = 1 - (39 / 41) ** 32
    assert abs((found == PLANTED).mean() - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / 4000)
    law = game.distribution
    X = np.zeros((1, 1), dtype=np.int64)
    view = AttackerBlock(game, law, np.zeros(1, np.uint64), Meter(1), X_star=X, offered=X[:, None].copy())
    chances = np.sort(NearestLegal().prepare(game).choose_given_law(view)[2])
    assert chances[-2:] == pytest.approx(wanted / 2)
    assert chances[:-2] == pytest.approx((1 - wanted) / 39)


@pytest.mark.parametrize("attacker", ["NearestLegal()", "RandomLegal()", "ExchangeablePair()"])
def test_where_nothing_can_be_planted_the_law_of_f_is_one_all_the_same(attacker):
    functions = Explicit([[0, 0, 0], [0, 1, 0], [0, 1, 1]])  # nobody differs at the first point
    game = BackdoorGame(functions, 0.5, Uniform(), trigger=BeforeOriginal())
    ready = game.attacking(make(attacker, Attacker, "attacker"))
    X = np.zeros((1, 1), dtype=np.int64)
    view = AttackerBlock(game, game.distribution, np.zeros(1, np.uint64), Meter(1), X_star=X, offered=X[:, None].copy())
    assert ready.choose_given_law(view)[2].sum() == pytest.approx(1)


# Budgets are of a round, whatever is asked when


@dataclasses.dataclass(frozen=True)
class Spends(BlockAttacker):
    """Uses some evaluations at each of its moments, in some rounds one more."""

    choosing: int = 0
    picking: int = 0
    planting: int = 0

    def spend(self, view, evaluations):
        for r in range(len(view)):
            view.row(r).charge(evaluations=evaluations + int(view.keys[r] % 2))

    def choose_block(self, view):
        self.spend(view, self.choosing)
        return super().choose_block(view)

    def pick_block(self, view):
        self.spend(view, self.picking)
        return super().pick_block(view)

    def plant_block(self, view):
        view.charge(evaluations=self.planting)
        return RandomLegal().plant_block(view)


@pytest.mark.parametrize("trigger", [AfterOriginal(), BeforeOriginal(), WorstOf(draws=1), Satisfying(OneOf([1, 4, 8]))])
@pytest.mark.parametrize("budget", [5, 6, 7, 17, 18])
def test_rounds_together_are_the_rounds_alone_under_a_budget(trigger, budget):
    game = under(trigger, attacker_evaluations=budget)
    attacker = Spends(choosing=2, picking=2, planting=1)
    together = played(game, attacker, rounds=range(30))
    alone = [played(game, attacker, rounds=range(r, r + 1)) for r in range(30)]
    for name in ("status", "attacker_evaluations"):
        assert np.array_equal(getattr(together, name), np.concatenate([getattr(one, name) for one in alone]))
    for name in ("f", "f_star", "x_star"):
        parts = np.concatenate([getattr(one.kept, name) for one in alone])
        assert np.array_equal(getattr(together.kept, name), parts)


@pytest.mark.parametrize("moments", [{"choosing": 9}, {"picking": 9}, {"choosing": 5, "picking": 4}, {"planting": 9}])
def test_what_is_spent_at_any_moment_counts(moments):
    """At most eight; a coin adds one to each of choosing and picking, and plants are tried at one trigger or more."""
    game = under(WorstOf(draws=2), attacker_evaluations=8)
    outcome = played(game, Spends(**moments))
    assert (outcome.status == FORFEIT).all()
    assert (outcome.attacker_evaluations <= 8).all()
    assert (played(under(WorstOf(draws=2)), Spends(**moments)).status == PLANTED).any()


# Predicates, from their definition


def test_a_hash_prefix_is_zeros_of_the_hash_of_salt_and_point():
    X = np.arange(400)[:, None]
    for salt, bits in ((0, 0), (0, 3), (5, 3), (5, 6)):
        digests = [hashlib.sha256(f"{salt}\n".encode() + x.astype("<i8").tobytes()).digest() for x in X]
        wanted = [f"{int.from_bytes(digest, 'big'):0256b}".startswith("0" * bits) for digest in digests]
        assert HashPrefix(bits=bits, salt=salt).holds(X).tolist() == wanted


def test_one_of_is_the_listed_points():
    X = Bits(3).points()
    assert OneOf([[0, 1, 1], [1, 0, 0]]).holds(X).tolist() == [x.tolist() in ([0, 1, 1], [1, 0, 0]) for x in X]
    assert OneOf([3]).holds(np.arange(5)[:, None]).tolist() == [False, False, False, True, False]


def test_the_check_flags_what_satisfies_and_nothing_else():
    outcome = played(under(Satisfying(OneOf([1, 4]))), RandomLegal(), PredicateCheck())
    assert (outcome.suspicion[1, outcome.status == PLANTED] == 1).all()
    assert (outcome.evaluations[outcome.shown] == 1).all()
    alarms = outcome.suspicion[0].sum()
    assert abs(alarms - 0.2 * ROUNDS) < 4 * np.sqrt(ROUNDS * 0.2 * 0.8)
    with pytest.raises(MissingCapability, match="asks the predicate of a trigger law that has one"):
        GAME.ready(RandomLegal(), PredicateCheck())


# What is refused


@dataclasses.dataclass(frozen=True)
class NoDraws(Repeats):
    """Would offer nothing."""

    draws: int = 0


@dataclasses.dataclass(frozen=True)
class Undecided(TriggerLaw):
    """Answers for three points whatever it is asked."""

    draws: None = None

    def offered(self, distribution, keys):
        return None

    def offers(self, points, weights):
        return None

    def admits(self, distribution, X):
        return np.ones(3, dtype=bool)


@pytest.mark.parametrize(
    ("attempt", "error", "said"),
    [
        (lambda: under(NoDraws()), InvalidArgument, r"NoDraws\.draws must be at least 1, got 0"),
        (lambda: under(Satisfying(OneOf([1.5]))), InvalidArgument, r"OneOf\.points must lie in .*, got \[1\.5\]"),
        (
            lambda: under(Satisfying(OneOf([7])), distribution=Weighted([0.25] * 4 + [0.0] * 6)),
            InvalidArgument,
            "holds on none of the 4 points that may be drawn",
        ),
        (
            lambda: under(Satisfying(OneOf([])), distribution=None),
            InvalidArgument,
            "holds on none of the 10 points that may be drawn",
        ),
        (lambda: played(under(Misshapen()), NoAttack()), ContractError, r"offered\(\) must return points of shape"),
        (lambda: played(under(Undecided()), NoAttack()), ContractError, r"admits\(\) must return bool of shape"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(attempt, error, said):
    with pytest.raises(error, match=said) as refused:
        attempt()
    assert "\n" not in str(refused.value)


def test_a_round_is_as_large_as_what_is_looked_at():
    one = under(AfterOriginal()).entries
    assert under(BeforeOriginal()).entries == one
    assert under(WorstOf(draws=50)).entries == one + 50
    assert under(Chosen()).entries == one + 256
