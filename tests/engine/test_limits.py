"""Games with limits: black boxes, and budgets of examples, queries and evaluations for either player."""

from __future__ import annotations

import contextlib
import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    Attacker,
    BackdoorGame,
    BlockAttacker,
    BlockDefender,
    BoltzmannResampling,
    BudgetExceeded,
    CoinFlip,
    ContractError,
    Defender,
    DistillationEnsemble,
    HillClimbAttacker,
    InvalidArgument,
    LikelihoodRatio,
    Memorizer,
    MissingCapability,
    NearestLegal,
    NeighbourVote,
    NoAttack,
    OptimalDefender,
    RandomLegal,
    Thresholds,
    Uniform,
    best_response,
    estimate,
    exploitability,
    solve,
    tournament,
)
from backdoor_game.games import BUDGETS
from backdoor_game.games.base import Streams
from backdoor_game.games.outcomes import FORFEIT, PLANTED
from backdoor_game.games.predicates import OneOf
from backdoor_game.games.triggers import Satisfying
from backdoor_game.ground import spec, streams
from backdoor_game.players.views import DefenderBlock, Meter
from backdoor_game.players.views.meter import RowMeter
from backdoor_game.testing import check_defender

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
BOX = dataclasses.replace(GAME, black_box=True)


def limited(**limits):
    return dataclasses.replace(GAME, **limits)


# Names and streams


def test_a_game_without_limits_keeps_its_text_and_so_its_streams():
    assert spec.text(GAME) == (
        "BackdoorGame(functions=Thresholds(points=10), epsilon=0.2, distribution=Uniform(domain=Finite(count=10)))"
    )
    assert spec.text(BOX).endswith(", black_box=True)")


def test_a_role_s_keys_are_a_function_of_its_name_alone():
    """The definition: the first words of Philox keyed with sha256(seed, role, text); the list of roles has no say."""
    import hashlib

    for role in streams.ROLES:
        digest = hashlib.sha256(f"7\n{role}\nabc".encode()).digest()
        key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
        expected = np.random.Philox(key=key).random_raw(5)
        np.testing.assert_array_equal(streams.role_keys(7, "abc", role, 0, 5), expected)


@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("value", [-1, 1.5, "many"])
def test_a_budget_out_of_range_is_refused_by_name(budget, value):
    with pytest.raises(InvalidArgument, match=budget):
        limited(**{budget: value})


def test_black_box_is_true_or_false():
    with pytest.raises(InvalidArgument, match="black_box"):
        limited(black_box=2)


# Black boxes


@dataclasses.dataclass(frozen=True)
class ReadsBlock(BlockDefender):
    """Reads the codes of its block."""

    def suspicion_block(self, view):
        return (view.codes[:, 0] > 3).astype(float)


@dataclasses.dataclass(frozen=True)
class ReadsOne(Defender):
    """Reads the code of its round."""

    def suspicion(self, view, rng):
        return float(view.f.code[0] > 3)


@dataclasses.dataclass(frozen=True)
class ReadsInside(Defender):
    """Reads the code of its round through a block of one."""

    def suspicion(self, view, rng):
        return float(view.block().row(0).block().codes[0, 0] > 3)


@pytest.mark.parametrize("defender", [ReadsBlock(), ReadsOne(), ReadsInside()], ids=str)
def test_reading_a_code_in_a_black_box_is_told_in_one_sentence_with_file_and_line(defender):
    assert estimate(GAME, NearestLegal(), defender, rounds=50, seed=0).rounds == 50
    with pytest.raises(ContractError, match="the game is a black box") as caught:
        estimate(BOX, NearestLegal(), defender, rounds=50, seed=0)
    assert "\n" not in str(caught.value)
    method = type(defender).suspicion_block if isinstance(defender, BlockDefender) else type(defender).suspicion
    assert f"test_limits.py, line {method.__code__.co_firstlineno + 1}" in str(caught.value)


@pytest.mark.parametrize(
    "defender", [BoltzmannResampling(), OptimalDefender(), LikelihoodRatio(NearestLegal())], ids=str
)
def test_shipped_defenders_that_read_codes_are_refused_before_the_first_round(defender):
    with pytest.raises(MissingCapability, match="reads the code of f', which a black-box game hides") as caught:
        estimate(BOX, NearestLegal(), defender, rounds=10, seed=0)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "defender",
    [DistillationEnsemble(), DistillationEnsemble(learner=Memorizer(), members=3, examples=4), NeighbourVote()],
    ids=str,
)
def test_defenders_that_need_labels_alone_answer_in_a_black_box_as_they_do_outside(defender):
    ready = defender.prepare(GAME)
    keys = streams.role_keys(1, "limits", "defender/0", 0, 60)
    codes, X = GAME.functions.sample_block(keys), GAME.distribution.sample_block(keys, 5, 1)[:, 0]
    views = [
        DefenderBlock(GAME, GAME.distribution, codes.copy(), X.copy(), keys.copy(), keys.copy(), Meter(60), black_box=b)
        for b in (False, True)
    ]
    said = [ready.suspicion_block(view) for view in views]
    np.testing.assert_array_equal(*said)
    np.testing.assert_array_equal(views[0].meter.counts, views[1].meter.counts)
    assert estimate(BOX, NearestLegal(), defender, rounds=300, seed=0).win_rate > 0.6


def test_nothing_public_that_a_black_box_hands_out_holds_a_code():
    keys = streams.role_keys(1, "limits", "defender/0", 0, 3)
    codes = np.full((3, 1), 7)
    X = np.zeros((3, 1), dtype=np.int64)
    view = DefenderBlock(GAME, GAME.distribution, codes, X, keys, keys.copy(), Meter(3), black_box=True)
    row = view.row(0)
    for seen in (view, row, row.f, view.sample(2), row.block()):
        for name in dir(seen):
            if name.startswith("_"):
                continue
            try:
                value = getattr(seen, name)
            except ContractError:
                assert name in ("codes", "code", "functions")
                continue
            assert not (isinstance(value, np.ndarray) and value.shape[-1:] == (1,) and (value == 7).all()), name
    assert "7" not in repr(row.f)
    assert row.f(np.arange(10)[:, None]).tolist() == GAME.functions.function(codes[0])(np.arange(10)[:, None]).tolist()


def test_every_public_method_that_answers_charges():
    keys, meter, point = streams.role_keys(1, "limits", "defender/0", 0, 1), Meter(1), np.zeros((1, 1), dtype=np.int64)
    game = dataclasses.replace(GAME, trigger=Satisfying(OneOf([3])))
    view = DefenderBlock(game, game.distribution, point + 7, point, keys, keys.copy(), meter, black_box=True)
    block = {"sample": lambda v: v.sample(2), "evaluate": lambda v: v.evaluate(point[None])}
    one = {"examples": lambda v: v.examples(2), "evaluate": lambda v: v.evaluate(point), "f": lambda v: v.f(point)}
    block["satisfies"], one["satisfies"] = lambda v: v.satisfies(point[None]), lambda v: v.satisfies(point)
    row = view.row(0)
    for seen, calls, views in ((view, block, {"row"}), (row.block(), block, {"row"}), (row, one, {"block"})):
        public = {name for name in dir(type(seen)) if not name.startswith("_")} | {"f"}.intersection(dir(seen))
        asked = {name for name in public - {"codes"} if callable(getattr(seen, name))}
        assert asked == set(calls) | views | {"charge"}
        for name, call in calls.items():
            before = meter.counts.sum()
            call(seen)
            assert meter.counts.sum() > before, name


def test_exact_methods_refuse_a_black_box_and_every_budget_in_one_sentence():
    calls = [
        solve,
        lambda game: exploitability(game, CoinFlip(), seed=0),
        lambda game: best_response(game, defender=CoinFlip(), seed=0),
    ]
    for call in calls:
        with pytest.raises(InvalidArgument, match="leave black_box out") as caught:
            call(BOX)
        assert "\n" not in str(caught.value)
    for budget in BUDGETS:
        with pytest.raises(InvalidArgument, match="leave the game's budgets out"):
            exploitability(limited(**{budget: 5}), CoinFlip(), seed=0)
    (exact,) = tournament(BOX, NoAttack(), CoinFlip(), rounds=20, seed=0).exact
    assert "black_box" in exact.reason


def test_an_attacker_may_climb_against_a_defender_that_sits_before_a_black_box():
    found = estimate(BOX, HillClimbAttacker(NeighbourVote(), budget=200), NeighbourVote(), rounds=200, seed=0)
    assert found.illegal == 0
    assert found.forfeits < 200


def test_the_conformance_kit_finds_an_undeclared_reader_and_believes_a_declared_one():
    @dataclasses.dataclass(frozen=True)
    class Declared(ReadsOne):
        reads_code = True

    things = {"undeclared": ReadsOne(), "declared": Declared(), "coin": CoinFlip()}
    found = {name: check_defender(thing, GAME) for name, thing in things.items()}
    status = {name: next(r for r in results if r.name == "plays_in_a_black_box") for name, results in found.items()}
    assert {name: result.status for name, result in status.items()} == {
        "undeclared": "failed", "declared": "skipped", "coin": "passed"
    }  # fmt: skip
    assert "reads_code" in status["undeclared"].reason


# Queries, evaluations and examples


@dataclasses.dataclass(frozen=True)
class Asks(Defender):
    """Asks f' for labels, and owns up to work beside."""

    labels: int = 3
    work: int = 2

    def suspicion(self, view, rng):
        view.f(np.zeros((self.labels, 1), np.int64))
        view.charge(evaluations=self.work)
        return 0.0


def test_a_query_is_an_evaluation_too_and_work_owned_up_to_is_not_a_query():
    found = estimate(GAME, NoAttack(), Asks(), rounds=40, seed=0)
    assert found.queries_per_round == 3
    assert found.evaluations_per_round == 5
    assert (found.attacker_queries_per_round, found.attacker_examples_per_round) == (0, 0)
    assert found.to_dict()["queries_per_round"] == 3


@pytest.mark.parametrize(
    ("limits", "forfeits"),
    [
        ({"defender_queries": 3}, 0),
        ({"defender_queries": 2}, 40),
        ({"defender_queries": 0}, 40),
        ({"defender_evaluations": 5}, 0),
        ({"defender_evaluations": 4}, 40),
        ({"defender_evaluations": 5, "defender_queries": 3, "defender_examples": 0}, 0),
    ],
)
def test_going_over_queries_or_evaluations_loses_the_branch(limits, forfeits):
    found = estimate(limited(**limits), NoAttack(), Asks(), rounds=40, seed=0)
    assert found.defender_forfeits == found.false_alarms == forfeits


def test_what_a_meter_refuses_it_does_not_count():
    meter = Meter(2, evaluations=5, queries=3)
    meter.charge(slice(None), queries=2)
    for more in ({"queries": 2}, {"evaluations": 4}, {"queries": 1, "evaluations": 3}):
        with pytest.raises(Exception, match="more than"):
            meter.charge(0, **more)
    assert meter.counts.tolist() == [[0, 0], [2, 2], [2, 2]]
    meter.charge(0, queries=1, evaluations=2)
    assert meter.counts.tolist() == [[0, 0], [5, 2], [3, 2]]


@dataclasses.dataclass(frozen=True)
class Swallows(Defender):
    """Asks for two labels where the input is low, catches what it is told, and goes on."""

    def suspicion(self, view, rng):
        if view.x[0] < 5:
            with contextlib.suppress(BudgetExceeded):
                view.f(np.zeros((2, 1), np.int64))
        return float(rng.random())


@dataclasses.dataclass(frozen=True)
class SwallowsInBlocks(BlockDefender):
    """The same for a whole block, which it charges for as long as one input is low."""

    def suspicion_block(self, view):
        if (view.X[:, 0] < 5).any():
            with contextlib.suppress(BudgetExceeded):
                view.evaluate(np.zeros((len(view), 2, 1), np.int64))
        return (view.keys >> np.uint64(11)) / 2.0**53


@dataclasses.dataclass(frozen=True)
class SwallowsInside(Defender):
    """The block player on a block of one."""

    def suspicion(self, view, rng):
        return float(SwallowsInBlocks().suspicion_block(view.block())[0])


@pytest.mark.parametrize("defender", [Swallows(), SwallowsInBlocks(), SwallowsInside()], ids=str)
def test_a_defender_that_catches_its_refusal_has_lost_those_branches_and_no_others(defender):
    game = limited(defender_queries=1)
    play, run = Streams(3, game), game.ready(NoAttack(), defender)
    (whole,) = run.play(play, range(60))
    low = game.distribution.sample_block(play.keys("fresh", range(60)), 0, 1)[:, 0, 0] < 5
    np.testing.assert_array_equal(whole.over_budget[0], low)
    assert 10 < low.sum() < 50
    assert not whole.queries.any()
    for rounds in (range(1), range(1, 20), range(20, 60)):
        part, rows = run.play(play, rounds)[0], slice(rounds.start, rounds.stop)
        np.testing.assert_array_equal(part.over_budget, whole.over_budget[:, rows])
        np.testing.assert_array_equal(part.suspicion, whole.suspicion[:, rows])


@dataclasses.dataclass(frozen=True)
class ShrugsItOff(Attacker):
    """Asks too much while f is chosen or at low triggers, catches what it is told, and plants all the same."""

    early: bool = False

    def _ask(self, view, so):
        with contextlib.suppress(BudgetExceeded):
            view.charge(evaluations=2 if so else 1)

    def choose(self, view, rng):
        self._ask(view, self.early)
        return view.game.functions.function(np.array([5]))

    def plant(self, view, rng):
        self._ask(view, not self.early and view.x_star[0] < 5)
        return view.game.functions.function(view.x_star + (1 if view.x_star[0] >= 5 else 0))


@dataclasses.dataclass(frozen=True)
class ShrugsItOffInBlocks(BlockAttacker):
    """The same for a whole block at once."""

    early: bool = False

    def choose_block(self, view):
        with contextlib.suppress(BudgetExceeded):
            view.charge(evaluations=2 if self.early else 1)
        return np.full((len(view), 1), 5)

    def plant_block(self, view):
        _, x = view.chosen()
        with contextlib.suppress(BudgetExceeded):
            view.charge(evaluations=2 if not self.early and (x < 5).any() else 1)
        return x + (x >= 5), np.full(len(view), 1)


@pytest.mark.parametrize("kind", [ShrugsItOff, ShrugsItOffInBlocks])
@pytest.mark.parametrize("early", [False, True])
def test_an_attacker_that_catches_its_refusal_forfeits_those_rounds_and_no_others(kind, early):
    game = limited(attacker_evaluations=2 if not early else 1, epsilon=1.0)
    attacker, play = kind(early=early), Streams(3, game)
    run = game.ready(attacker, CoinFlip())
    (whole,) = run.play(play, range(60))
    low = game.distribution.sample_block(play.keys("trigger", range(60)), 0, 1)[:, 0, 0] < 5
    np.testing.assert_array_equal(whole.status == FORFEIT, np.ones(60, bool) if early else low)
    assert (whole.status[~low] == PLANTED).all() or early
    parts = [run.play(play, range(i, i + 15))[0].status for i in range(0, 60, 15)]
    np.testing.assert_array_equal(np.concatenate(parts), whole.status)


def test_what_a_meter_refuses_it_remembers_and_asking_first_costs_nothing():
    meter = Meter(3, evaluations=4)
    meter.charge(1, evaluations=3)
    assert meter.affords(slice(None), evaluations=1)
    assert not meter.affords(slice(None), evaluations=2)
    assert not meter.refused.any()
    with pytest.raises(BudgetExceeded):
        meter.charge(slice(None), evaluations=2)
    assert meter.refused.tolist() == [False, True, False]
    assert meter.counts[1].tolist() == [0, 3, 0]
    assert not RowMeter(meter, 1).affords(0, evaluations=2)
    assert RowMeter(meter, 0).affords(0, evaluations=2)
    assert Meter(3).refused.size == 0


@dataclasses.dataclass(frozen=True)
class Learns(Attacker):
    """Looks at examples of f, and asks for labels, where the trigger is low."""

    examples: int = 4

    def plant(self, view, rng):
        if view.x_star[0] < 5:
            X, y = view.examples(self.examples)
            again, _ = view.examples(2)
            assert (view.f(X) == y).all()
            assert X.shape == (self.examples, 1)
            assert again.shape == (2, 1)


@dataclasses.dataclass(frozen=True)
class LearnsInBlocks(BlockAttacker):
    """The same number of examples in every round, as a block."""

    examples: int = 4

    def plant_block(self, view):
        codes, _ = view.chosen()
        sample = view.sample(self.examples)
        assert (view.evaluate(codes, sample.X[:, 0]) == sample.y[:, 0]).all()
        return codes, np.full(len(codes), 0)


def test_an_attacker_s_examples_and_queries_are_counted_apart():
    found = estimate(GAME, Learns(), CoinFlip(), rounds=2000, seed=2)
    low = found.attacker_queries_per_round / 4  # the share of low triggers
    assert 0.45 < low < 0.55
    assert found.attacker_examples_per_round == pytest.approx(6 * low)
    assert found.attacker_evaluations_per_round == found.attacker_queries_per_round
    block = estimate(GAME, LearnsInBlocks(), CoinFlip(), rounds=100, seed=0)
    assert (block.attacker_examples_per_round, block.attacker_queries_per_round) == (4, 4)


@pytest.mark.parametrize("limits", [{"attacker_examples": 5}, {"attacker_queries": 3}, {"attacker_evaluations": 3}])
def test_an_attacker_over_a_budget_forfeits_that_round_alone(limits):
    @dataclasses.dataclass(frozen=True)
    class Plants(Learns):
        def plant(self, view, rng):
            super().plant(view, rng)
            return view.game.functions.function(view.f.code + (1 if view.f(view.x_star[None])[0] else -1))

    free = limited(**dict.fromkeys(limits))
    whole, less = (
        estimate(free, Plants(), CoinFlip(), rounds=400, seed=0),
        estimate(limited(**limits), Plants(), CoinFlip(), rounds=400, seed=0),
    )
    assert whole.forfeits == 0
    assert 150 < less.forfeits < 250


def test_examples_of_an_attacker_come_from_d_are_labelled_by_f_and_never_come_twice():
    seen = []

    @dataclasses.dataclass(frozen=True)
    class Collects(BlockAttacker):
        def plant_block(self, view):
            codes, _ = view.chosen()
            first, second = view.sample(3), view.sample(2)
            row = view.row(1)
            seen.append((first.X[:, 0], second.X[:, 0], first.y, codes.copy(), row.examples(2)[0]))
            return codes, np.full(len(codes), 0)

    estimate(GAME, Collects(), CoinFlip(), rounds=2000, seed=9)
    X, more, y, codes, again = (np.asarray(part) for part in seen[0])
    expected = streams.role_keys(9, spec.text(GAME), "oracle/attacker", 0, 2000)
    stream = GAME.distribution.sample_block(expected, 0, 7)
    np.testing.assert_array_equal(np.concatenate([X, more], axis=1), stream[:, :5])
    np.testing.assert_array_equal(again, stream[1, 5:7])
    np.testing.assert_array_equal(y[:, 0], GAME.functions.evaluate(codes, X))


def test_before_f_exists_there_is_nothing_to_learn_from():
    @dataclasses.dataclass(frozen=True)
    class TooEarly(Attacker):
        def choose(self, view, rng):
            view.examples(1)

        def plant(self, view, rng):
            return None

    with pytest.raises(ContractError, match="f and x_star do not exist yet"):
        estimate(GAME, TooEarly(), CoinFlip(), rounds=3, seed=0)


def test_limits_that_nobody_reaches_change_nothing_but_the_streams():
    roomy = limited(defender_queries=10**6, attacker_queries=10**6, attacker_examples=10**6)
    found = estimate(roomy, RandomLegal(), DistillationEnsemble(), rounds=3000, seed=0)
    free = estimate(GAME, RandomLegal(), DistillationEnsemble(), rounds=3000, seed=0)
    assert found.defender_forfeits == 0
    assert max(found.low, free.low) <= min(found.high, free.high)
