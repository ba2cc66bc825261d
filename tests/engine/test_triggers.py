"""Trigger laws as the engine plays them: who sees what when, what may be picked, and what the clean branch shows."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
import pytest

from backdoor_game import (
    AlwaysFlag,
    Attacker,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    Conjunctions,
    ContractError,
    DistillationEnsemble,
    Intervals,
    InvalidArgument,
    NearestLegal,
    NoAttack,
    Parities,
    RandomLegal,
    Shattered,
    Singletons,
    SpecError,
    Thresholds,
    Uniform,
    Weighted,
    estimate,
)
from backdoor_game.games.base import Streams
from backdoor_game.games.outcomes import FORFEIT, ILLEGAL, PLANTED
from backdoor_game.games.predicates import HashPrefix, OneOf, Predicate
from backdoor_game.games.triggers import AfterOriginal, BeforeOriginal, Chosen, Satisfying, TriggerLaw, WorstOf
from backdoor_game.ground import spec
from backdoor_game.players.picking.any_legal import first_of_its_kind

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
ROUNDS = 300


def under(trigger, **more):
    return dataclasses.replace(GAME, trigger=trigger, **more)


def played(game, attacker, defender=None, rounds=ROUNDS, seed=3):
    run = dataclasses.replace(game.ready(attacker, defender or AlwaysFlag()), keep=True)
    return run.play(Streams(seed, game), range(rounds))[0]


@dataclasses.dataclass(frozen=True)
class Watching(BlockAttacker):
    """Notes what its views hold; f and plants are `RandomLegal`'s."""

    seen: ClassVar[list] = []

    def choose_block(self, view):
        self.seen.append(("choose", view.X_star, view.offered))
        return RandomLegal().choose_block(view)

    def pick_block(self, view):
        self.seen.append(("pick", view.X_star, view.offered))
        return super().pick_block(view)

    def plant_block(self, view):
        self.seen.append(("plant", view.X_star, view.offered))
        return RandomLegal().plant_block(view)


@dataclasses.dataclass(frozen=True)
class Insists(BlockAttacker):
    """Picks one point whatever is offered."""

    point: int = 0

    def pick_block(self, view):
        return np.full((len(view), 1), self.point)

    def plant_block(self, view):
        return RandomLegal().plant_block(view)


# What the default is


def test_the_default_law_has_no_word_in_a_spec_and_the_same_numbers():
    plain = estimate(GAME, NearestLegal(), DistillationEnsemble(), rounds=500, seed=1).to_dict()
    spelt = under(AfterOriginal(), clean_input="fresh", reveal=None)
    assert spec.text(spelt) == spec.text(GAME)
    assert estimate(spelt, NearestLegal(), DistillationEnsemble(), rounds=500, seed=1).to_dict() == plain
    assert "trigger" not in plain["players"]["game"]


def test_a_variant_is_told_with_its_fields():
    told = estimate(under(Chosen(), clean_input="trigger"), NearestLegal(), AlwaysFlag(), rounds=10, seed=1).to_dict()
    assert told["players"]["game"]["trigger"] == "Chosen()"
    assert told["players"]["game"]["clean_input"] == "trigger"
    assert "trigger=Chosen()" in told["spec"]["game"]


# When the trigger is known


@pytest.mark.parametrize(
    ("trigger", "early", "asked"),
    [
        (AfterOriginal(), False, False),
        (BeforeOriginal(), True, False),
        (WorstOf(draws=1), False, False),
        (WorstOf(draws=3), False, True),
        (Chosen(), False, True),
        (Satisfying(OneOf([1, 4])), False, True),
    ],
)
def test_a_law_says_when_the_attacker_sees_its_trigger_and_whether_it_is_asked(trigger, early, asked):
    Watching.seen.clear()
    outcome = played(under(trigger), Watching())
    moments = {moment: (x, offered) for moment, x, offered in reversed(Watching.seen)}  # the first view of each moment
    assert (moments["choose"][0] is not None) == early
    assert ("pick" in moments) == asked
    if early:
        assert np.array_equal(moments["choose"][0], outcome.kept.x_star)
    if trigger.draws is not None:
        offered = moments["plant"][1]
        assert offered.shape == (ROUNDS, trigger.draws, 1)
        assert (offered == outcome.kept.x_star[:, None]).any(axis=1).all()


def test_triggers_are_those_of_the_default_where_nature_draws_one():
    default, before = under(AfterOriginal()), under(BeforeOriginal())
    one, other = played(default, NoAttack()), played(before, NoAttack())
    assert not np.array_equal(one.kept.x_star, other.kept.x_star)  # another game, another stream
    counts = np.bincount(np.concatenate([played(before, NoAttack(), seed=s).kept.x_star[:, 0] for s in range(20)]))
    # 6,000 draws: chi-square with 9 degrees of freedom is above 27.9 once in a thousand
    assert len(counts) == 10
    assert ((counts - 600) ** 2 / 600).sum() < 27.9


def test_picks_are_uniform_over_the_offered_triggers_at_which_the_plant_is_legal():
    game = under(WorstOf(draws=4))
    Watching.seen.clear()
    outcome = played(game, Watching(), rounds=4000)
    offered = next(offer for moment, _, offer in reversed(Watching.seen) if moment == "pick")
    able = np.zeros((4000, 10), dtype=bool)
    labels = Thresholds(points=10).evaluate(outcome.kept.f, np.tile(np.arange(10)[:, None], (4000, 1, 1)))
    every = Thresholds(points=10).enumerate()
    table = Thresholds(points=10).evaluate(every, np.tile(np.arange(10)[:, None], (len(every), 1, 1)))
    for row in table:
        apart = labels != row
        able |= apart & (apart.sum(axis=1, keepdims=True) <= 2)
    choices = [sorted({int(x) for x in offered[r, :, 0] if able[r, x]}) for r in range(4000)]
    picked = outcome.kept.x_star[:, 0]
    some = [r for r in range(4000) if choices[r]]
    assert all(picked[r] in choices[r] for r in some)
    two = [choices[r].index(picked[r]) for r in some if len(choices[r]) == 2]
    # a fair coin leaves four standard deviations once in 15,000
    assert abs(sum(two) - len(two) / 2) < 2 * np.sqrt(len(two))
    assert len(two) > 500


# What may be picked


def test_a_trigger_that_was_not_offered_is_illegal():
    outcome = played(under(WorstOf(draws=2)), Insists(point=4))
    offered = WorstOf(draws=2).offered(Uniform().on(GAME.functions.domain), _keys(under(WorstOf(draws=2)), "trigger"))
    there = (offered == 4).any(axis=1)[:, 0]
    assert (outcome.status[~there] == ILLEGAL).all()
    assert (outcome.status[there] != ILLEGAL).all()
    assert there.any()


def _keys(game, role, seed=3):
    return Streams(seed, game).keys(role, range(ROUNDS))


def test_a_point_without_mass_may_not_be_chosen():
    law = Weighted([0.25] * 4 + [0.0] * 6)
    assert (
        played(under(Chosen(), distribution=law.on(GAME.functions.domain)), Insists(point=7)).status == ILLEGAL
    ).all()
    inside = played(under(Chosen(), distribution=law.on(GAME.functions.domain)), Insists(point=2))
    assert (inside.status != ILLEGAL).all()


def test_a_trigger_must_satisfy_the_predicate():
    game = under(Satisfying(OneOf([1, 4])))
    assert (played(game, Insists(point=2)).status == ILLEGAL).all()
    status = played(game, Insists(point=4)).status
    assert ((status == PLANTED) | (status == FORFEIT)).all()
    assert (status == PLANTED).any()


def test_a_point_outside_the_domain_is_the_attackers_bug():
    with pytest.raises(ContractError, match=r"Insists.*pick_block\(\) must return points of Finite"):
        played(under(Chosen()), Insists(point=10))


@dataclasses.dataclass(frozen=True)
class Simple(Attacker):
    """Picks round by round what the law allows."""

    def pick(self, view, rng):
        return view.offered[-1] if view.offered is not None else np.array([int(rng.integers(10))])

    def plant(self, view, rng):
        return None


def test_a_simple_attacker_picks_round_by_round():
    game = under(WorstOf(draws=2))
    outcome = played(game, Simple())
    offered = WorstOf(draws=2).offered(Uniform().on(GAME.functions.domain), _keys(game, "trigger"))
    assert np.array_equal(outcome.kept.x_star, offered[:, -1])
    assert (played(under(Chosen()), Simple()).status == FORFEIT).all()


# What the clean branch shows


@dataclasses.dataclass(frozen=True)
class Low(BlockDefender):
    """Flags the lower half of the points."""

    def suspicion_block(self, view):
        return (view.X[:, 0] < 5).astype(np.float64)


@pytest.mark.parametrize("trigger", [AfterOriginal(), BeforeOriginal(), Chosen(), WorstOf(draws=2)])
def test_a_clean_branch_at_the_trigger_shows_the_input_of_the_planted_one(trigger):
    paired = played(under(trigger, clean_input="trigger"), RandomLegal(), Low())
    both = paired.shown.all(axis=0)
    assert both.sum() > 50
    assert np.array_equal(paired.suspicion[0, both], paired.suspicion[1, both])
    fresh = played(under(trigger), RandomLegal(), Low())
    both = fresh.shown.all(axis=0)
    assert not np.array_equal(fresh.suspicion[0, both], fresh.suspicion[1, both])


def test_who_forfeits_names_a_trigger_all_the_same():
    game = under(Chosen(), clean_input="trigger")
    outcome = played(game, NoAttack(), Low())
    assert outcome.shown[0].all()
    assert set(np.unique(outcome.suspicion[0])) == {0.0, 1.0}


# The predicate is metered


@dataclasses.dataclass(frozen=True)
class Sevens(Predicate):
    """The point 7, dear to ask."""

    cost: int = 5

    def holds(self, X):
        return X[:, 0] == 7


@dataclasses.dataclass(frozen=True)
class AsksThrice(BlockDefender):
    def suspicion_block(self, view):
        X = np.repeat(view.X[:, None], 3, axis=1)
        assert np.array_equal(view.satisfies(X)[:, 0], view.X[:, 0] == 7)
        return np.zeros(len(view))


def test_answers_of_the_predicate_cost_evaluations_on_both_sides():
    game = under(Satisfying(Sevens()))
    outcome = played(game, RandomLegal(), AsksThrice())
    assert (outcome.kept.x_star == 7).all()
    assert (outcome.evaluations[0] == 15).all()
    assert (outcome.attacker_evaluations == 50).all()  # ten points, at five each
    assert (outcome.queries == 0).all()


def test_budgets_bound_what_the_predicate_may_be_asked():
    game = under(Satisfying(Sevens()), attacker_evaluations=49, defender_evaluations=14)
    outcome = played(game, RandomLegal(), AsksThrice())
    assert (outcome.status == FORFEIT).all()
    assert outcome.over_budget[0].all()
    enough = under(Satisfying(Sevens()), attacker_evaluations=50, defender_evaluations=15)
    outcome = played(enough, RandomLegal(), AsksThrice())
    assert (outcome.status == PLANTED).any()
    assert not outcome.over_budget.any()


def test_hash_prefixes_hold_as_often_as_their_bits_say():
    X = np.arange(20_000)[:, None]
    share = HashPrefix(bits=4).holds(X).mean()
    assert abs(share - 1 / 16) < 4 * np.sqrt(1 / 16 * 15 / 16 / 20_000)
    assert HashPrefix(bits=0).holds(X[:5]).all()
    deeper = HashPrefix(bits=5).holds(X)
    assert (HashPrefix(bits=4).holds(X) | ~deeper).all()
    assert not np.array_equal(HashPrefix(bits=4, salt=1).holds(X), HashPrefix(bits=4).holds(X))


# The law of what is offered


@pytest.mark.parametrize("q", [1, 2, 3, 5])
def test_the_sets_of_worst_of_are_as_likely_as_all_sequences_say(q):
    weights = np.array([0.5, 0.2, 0.2, 0.1])
    law = {}
    for sequence in np.ndindex(*(4,) * q):
        law[frozenset(sequence)] = law.get(frozenset(sequence), 0.0) + np.prod(weights[list(sequence)])
    offers = WorstOf(draws=q).offers(np.arange(4)[:, None], weights)
    found = {
        frozenset(np.flatnonzero(row).tolist()): chance
        for row, chance in zip(offers.members, offers.chances, strict=True)
    }
    assert found.keys() == law.keys()
    assert all(found[s] == pytest.approx(law[s], abs=1e-12) for s in law)


# What is refused


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: WorstOf(draws=0), r"WorstOf\.draws must be between 1 and 4096, got 0"),
        (lambda: under(Chosen(), clean_input="both"), 'clean_input must be "fresh" or "trigger", got \'both\''),
        (lambda: under("Chosn()"), "trigger: unknown name 'Chosn'"),
        (lambda: under(OneOf([1])), r"trigger must be a TriggerLaw, got the Predicate .*: write Satisfying\(OneOf"),
        (lambda: under(Satisfying(OneOf([11]))), r"OneOf\.points must lie in Finite\(count=10\), got \[11\.0\]"),
        (
            lambda: under(Satisfying(OneOf([[1, 2]]))),
            r"OneOf\.points must be points of Finite\(count=10\), 1 numbers each",
        ),
        (lambda: under(Satisfying(HashPrefix(bits=60))), "holds on none of the 10 points that may be drawn"),
        (lambda: under(Satisfying(OneOf([]))), "holds on none of the 10 points that may be drawn"),
        (lambda: Satisfying(OneOf([1], cost=-1)), r"OneOf\.cost must be at least 0, got -1"),
        (lambda: WorstOf(draws=9).offers(np.arange(60)[:, None], np.full(60, 1 / 60)), "sets of the 60 points"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(make, said):
    with pytest.raises((InvalidArgument, SpecError), match=said) as refused:
        make()
    assert "\n" not in str(refused.value)


# A law of one's own


@dataclasses.dataclass(frozen=True)
class TwoWorlds(TriggerLaw):
    """Nature offers the first point or the last, before f."""

    before_original = True

    def offered(self, distribution, keys):
        return np.where(keys[:, None, None] >> np.uint64(63) == 0, 0, 9)

    def offers(self, points, weights):
        return None


@dataclasses.dataclass(frozen=True)
class Crooked(TwoWorlds):
    """Offers what is no point."""

    def offered(self, distribution, keys):
        return np.full((len(keys), 1, 1), 99)


def test_a_law_from_elsewhere_plays_and_is_held_to_its_contract():
    game = BackdoorGame(Singletons(points=10), 0.1, Uniform(), trigger=TwoWorlds())
    outcome = played(game, RandomLegal())
    assert set(np.unique(outcome.kept.x_star)) == {0, 9}
    with pytest.raises(ContractError, match=r"Crooked.*offered\(\) must return points of Finite"):
        played(dataclasses.replace(game, trigger=Crooked()), RandomLegal())


# What is picked where the domain is too large to look at all of it


def test_a_random_order_of_drawn_points_leans_to_none_of_them():
    """The upper half of D is the lower half again, so a trigger that is picked at random is as often in either."""
    half = np.random.default_rng(4).random(500)
    weights = np.concatenate([half, half]) / (2 * half.sum())
    game = BackdoorGame(Thresholds(points=1000), 0.1, Weighted(weights.tolist()), trigger=Chosen())
    low = (played(game, NoAttack(), rounds=1000).kept.x_star < 500).sum()
    assert abs(low - 500) < 4 * np.sqrt(250)


@pytest.mark.parametrize("n", [1, 3, 9, 20])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float64])
def test_points_that_stood_before_are_found(n, dtype):
    X = np.random.default_rng(n).integers(0, 2, size=(40, 12, n)).astype(dtype)
    X[..., : max(0, n - 2)] = X[:1, :1, : max(0, n - 2)]  # few are different
    wanted = [[not any((X[r, j] == X[r, i]).all() for j in range(i)) for i in range(12)] for r in range(40)]
    assert np.array_equal(first_of_its_kind(X), wanted)
    same = np.broadcast_to(X[0], X.shape)
    assert np.array_equal(first_of_its_kind(same), [wanted[0]] * 40)


# What cannot be asked for nothing


@dataclasses.dataclass(frozen=True)
class AsksInOtherShapes(BlockDefender):
    """Asks of five points a round in the shape of one a round."""

    alone: bool = False

    def suspicion_block(self, view):
        if self.alone:
            return view.row(0).satisfies(np.zeros((5, 1, 1), dtype=np.int64))
        return view.satisfies(np.zeros((5 * len(view), 1, 1), dtype=np.int64))


@dataclasses.dataclass(frozen=True)
class EvaluatesForOthers(BlockAttacker):
    """Asks for the labels of more functions than there are rounds."""

    def choose_block(self, view):
        codes = super().choose_block(view)
        view.evaluate(np.tile(codes, (5, 1)), np.zeros((5 * len(view), 1, 1), dtype=np.int64))
        return codes

    def plant_block(self, view):
        return RandomLegal().plant_block(view)


@pytest.mark.parametrize(
    ("attacker", "defender"),
    [
        (RandomLegal(), AsksInOtherShapes()),
        (RandomLegal(), AsksInOtherShapes(alone=True)),
        (EvaluatesForOthers(), AlwaysFlag()),
    ],
)
def test_points_in_another_shape_than_they_are_charged_in_are_refused(attacker, defender):
    with pytest.raises(ContractError, match=r"X must have shape \(.*m, n\), m points for (each|this) round, got"):
        played(under(Satisfying(OneOf([1, 4]))), attacker, defender)


@dataclasses.dataclass(frozen=True)
class Numbers(Predicate):
    """Answers with what is no yes or no."""

    def holds(self, X):
        return X[:, 0]


def test_an_answer_that_is_no_yes_or_no_is_the_predicates_bug():
    game = BackdoorGame(Parities(bits=40), 0.5, Uniform(), trigger=Satisfying(Numbers()))  # too many points to look at
    with pytest.raises(ContractError, match=r"Numbers\(\): holds\(\) must return bool of shape"):
        played(game, NearestLegal())


def test_a_distribution_of_the_attackers_own_must_hold_a_point_of_the_predicate():
    plain = BackdoorGame(Thresholds(points=9), 0.5)
    points, weights = plain.setup(plain.attacking(Shattered())).atoms()
    none = next(x for x in range(9) if x not in points[weights > 0])
    with pytest.raises(InvalidArgument, match=r"holds on none of the \d points that may be drawn"):
        BackdoorGame(Thresholds(points=9), 0.5, trigger=Satisfying(OneOf([none]))).ready(Shattered(), AlwaysFlag())


def test_a_class_with_too_many_pairs_is_refused_before_the_first_round():
    game = BackdoorGame(Intervals(points=150), 0.01, Uniform(), trigger=BeforeOriginal())
    with pytest.raises(InvalidArgument, match="comparisons of labels"):
        game.ready(RandomLegal(), AlwaysFlag())


def test_who_finds_no_trigger_is_told_to_look_at_the_predicate():
    game = BackdoorGame(Conjunctions(bits=30), 0.25, Uniform(), trigger=Satisfying(HashPrefix(bits=12)))
    (note,) = estimate(game, NearestLegal(), AlwaysFlag(), rounds=200, seed=1).notes
    assert "take a predicate that more points satisfy" in note
    (other,) = estimate(GAME, NoAttack(), AlwaysFlag(), rounds=200, seed=1).notes
    assert "predicate" not in other
