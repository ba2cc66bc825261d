"""The rules of the game: legality, forfeits, budgets, both branches, and what a player may not do."""

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    AlwaysClean,
    AlwaysFlag,
    Attacker,
    BackdoorGame,
    BlockDefender,
    CoinFlip,
    ContractError,
    Defender,
    DistillationEnsemble,
    Finite,
    FunctionClass,
    Halfspaces,
    InvalidArgument,
    MissingCapability,
    NearestLegal,
    NoAttack,
    RandomLegal,
    Shattered,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    estimate,
)

GAME = BackdoorGame(Thresholds(points=10), 0.2, Uniform())


@dataclasses.dataclass(frozen=True)
class Script(Attacker):
    """Plants whatever the test wants."""

    what: str = "none"

    def choose(self, view, rng):
        return view.game.functions.function(np.array([99 if self.what == "bad f" else 5]))

    def plant(self, view, rng):
        F = view.game.functions
        if self.what in ("none", "bad f"):
            return None
        if self.what == "outside":
            return F.function(np.array([99]))
        if self.what == "other class":
            return AllFunctions(points=10).function(np.zeros(10, np.uint8))
        if self.what == "same":
            return view.f
        if self.what == "far":
            return F.function(np.array([0 if view.x_star[0] < 5 else 10]))
        if self.what == "nonsense":
            return 3
        if self.what == "raises":
            raise RuntimeError("on purpose")
        x = int(view.x_star[0])
        g = F.function(np.array([x + 1 if x >= 5 else x]))
        assert view.legal(g) == (view.distance(g) <= 0.2 + 1e-12)
        return g if view.legal(g) else None


@dataclasses.dataclass(frozen=True)
class Says(Defender):
    """Returns whatever the test wants."""

    what: object = 0.0

    def __post_init__(self):
        pass

    def suspicion(self, view, rng):
        if self.what == "raise":
            raise KeyError("lost")
        if self.what == "write":
            view.x[0] = 1
        return self.what


@dataclasses.dataclass(frozen=True)
class Greedy(Defender):
    """Asks for more examples in rounds with a large input."""

    def suspicion(self, view, rng):
        view.examples(3)
        if view.x[0] >= 5:
            view.examples(1)
        return 0.0


def test_a_tie_at_epsilon_is_legal_and_the_engine_agrees_with_the_view():
    found = estimate(GAME, Script(what="legal"), AlwaysClean(), rounds=4000, seed=1)
    # |x* - 5| <= 2 costs at most two points of ten: x* in 3, 4, 5, 6 are legal.
    assert found.illegal == 0
    assert 0.37 < (found.rounds - found.forfeits) / found.rounds < 0.43


@pytest.mark.parametrize(
    ("what", "counted"), [("outside", "illegal"), ("other class", "illegal"), ("same", "illegal"), ("none", "forfeits")]
)
def test_a_plant_that_breaks_a_rule_is_a_counted_forfeit(what, counted):
    found = estimate(GAME, Script(what=what), AlwaysClean(), rounds=300, seed=1)
    assert getattr(found, counted) == 300
    assert found.win_rate == 1.0


def test_a_plant_beyond_epsilon_is_illegal_and_one_within_is_not():
    found = estimate(GAME, Script(what="far"), AlwaysClean(), rounds=4000, seed=1)
    assert found.illegal == 4000


def test_an_original_outside_the_class_loses_the_attacker_both_branches():
    found = estimate(GAME, Script(what="bad f"), AlwaysFlag(), rounds=200, seed=1)
    assert found.illegal == 200
    assert found.win_rate == 1.0


@pytest.mark.parametrize(("what", "words"), [("nonsense", "must return a Function or None"), ("raises", "on purpose")])
def test_an_attacker_that_returns_nonsense_or_raises_is_a_bug_that_names_the_file(what, words):
    with pytest.raises(ContractError, match=words) as caught:
        estimate(GAME, Script(what=what), AlwaysClean(), rounds=10, seed=0)
    assert "test_rules.py, line" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("what", "words"),
    [(7, "in \\[0, 1\\], got 7"), (-0.1, "got -0.1"), (float("nan"), "got nan"), ("x", "got 'x'"), (None, "got None"),
     ("raise", "KeyError"), ("write", "read-only")],
)  # fmt: skip
def test_a_defender_that_returns_nonsense_raises_or_writes_is_a_bug_that_names_the_file(what, words):
    with pytest.raises(ContractError, match=words) as caught:
        estimate(GAME, NearestLegal(), Says(what=what), rounds=10, seed=0)
    assert "test_rules.py, line" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_block_answer_of_the_wrong_shape_is_a_bug():
    @dataclasses.dataclass(frozen=True)
    class Short(BlockDefender):
        def suspicion_block(self, view):
            return np.zeros(len(view) - 1)

    with pytest.raises(ContractError, match="shape"):
        estimate(GAME, NearestLegal(), Short(), rounds=10, seed=0)


def test_going_over_a_budget_forfeits_that_branch_and_no_other():
    free = estimate(GAME, NoAttack(), Greedy(), rounds=2000, seed=4)
    tight = estimate(dataclasses.replace(GAME, defender_examples=3), NoAttack(), Greedy(), rounds=2000, seed=4)
    assert free.defender_forfeits == free.false_alarms == 0
    assert tight.false_alarms == tight.defender_forfeits
    assert 0.45 < tight.false_alarms / 2000 < 0.55
    roomy = estimate(dataclasses.replace(GAME, defender_examples=4), NoAttack(), Greedy(), rounds=2000, seed=4)
    assert roomy.defender_forfeits == 0
    assert 3.4 < roomy.examples_per_round < 3.6


def test_a_block_defender_over_budget_forfeits_every_branch_it_is_shown():
    game = dataclasses.replace(GAME, defender_examples=10)
    found = estimate(game, RandomLegal(), DistillationEnsemble(members=3, examples=4), rounds=500, seed=4)
    assert found.defender_forfeits == found.false_alarms + (500 - found.forfeits)
    assert found.detections == found.forfeits


def test_an_attacker_over_its_evaluations_forfeits():
    @dataclasses.dataclass(frozen=True)
    class Curious(Attacker):
        def plant(self, view, rng):
            view.f(np.zeros((5, 1), np.int64))
            return None if view.x_star[0] < 5 else view.f

    found = estimate(dataclasses.replace(GAME, attacker_evaluations=4), Curious(), AlwaysClean(), rounds=100, seed=0)
    assert found.forfeits == 100
    assert found.illegal == 0
    assert found.attacker_evaluations_per_round == 0  # what is refused is not charged


def test_meters_count_examples_when_handed_out_and_evaluations_when_made():
    found = estimate(GAME, NoAttack(), DistillationEnsemble(members=7, examples=4), rounds=50, seed=0)
    assert found.examples_per_round == 28
    assert found.evaluations_per_round == 1


def test_literal_mode_and_both_branches_agree_within_their_intervals():
    for defender in (CoinFlip(), DistillationEnsemble(), AlwaysFlag(), AlwaysClean()):
        for attacker in (NearestLegal(), NoAttack()):
            both = estimate(GAME, attacker, defender, rounds=20_000, seed=5, level=0.999)
            literal = estimate(GAME, attacker, defender, rounds=20_000, seed=6, level=0.999, literal=True)
            assert literal.mode == "literal"
            assert max(both.low, literal.low) <= min(both.high, literal.high)


def test_adaptive_stopping_ends_at_a_whole_block_with_the_width_asked_for():
    found = estimate(GAME, NearestLegal(), CoinFlip(), rounds=400_000, seed=5, half_width=0.01)
    assert found.rounds % 4096 == 0
    assert found.rounds < 400_000
    assert (found.high - found.low) / 2 <= 0.01
    assert found.low < found.win_rate < found.high


def test_no_call_of_a_defender_sees_both_branches_of_a_round():
    @dataclasses.dataclass(frozen=True)
    class Counts(BlockDefender):
        def suspicion_block(self, view):
            CALLS.append((len(view), view.codes.copy()))
            return np.zeros(len(view))

    CALLS = []
    estimate(BackdoorGame(AllFunctions(points=4), 0.25), Shattered(), Counts(), rounds=1000, seed=0, scale=False)
    (first, f1), (second, f2) = CALLS
    assert first == second == 1000
    assert ((f1 != f2).sum(axis=1) == 1).all()


def test_undecided_rounds_are_lost_in_low_and_won_in_high():
    """Half-spaces with a bias on the cube have no closed distance: a plant right at epsilon straddles it."""

    @dataclasses.dataclass(frozen=True)
    class AtEpsilon(Attacker):
        def choose(self, view, rng):
            return view.game.functions.function(np.array([1.0, 0.0, -0.5]))

        def plant(self, view, rng):
            moved = 0.25 if view.x_star[0] < 0.5 else 0.75
            return view.game.functions.function(np.array([1.0, 0.0, -moved]))

    game = BackdoorGame(Halfspaces(dimension=2), 0.25, UnitCube())
    found = estimate(game, AtEpsilon(), AlwaysClean(), rounds=60, seed=2)
    assert found.undecided > 0
    assert found.illegal > 0
    assert found.low <= 0.5 + 0.5 * found.illegal / 60 <= found.win_rate <= found.high


def test_players_refuse_games_they_cannot_play_in_one_sentence():
    wrong = [
        (BackdoorGame(Thresholds(points=4), 0.25, Uniform()), Shattered(), CoinFlip()),
        (BackdoorGame(Thresholds(points=4), 0.25), RandomLegal(), CoinFlip()),
        (BackdoorGame(Thresholds(points=4), 0.25), NearestLegal(), CoinFlip()),
        (BackdoorGame(Thresholds(), 0.25, UnitCube()), RandomLegal(), CoinFlip()),
        (BackdoorGame(Halfspaces(dimension=2), 0.25, UnitCube()), NoAttack(), DistillationEnsemble()),
        (BackdoorGame(Thresholds(points=4), 0.0, Uniform()), NearestLegal(), DistillationEnsemble()),
    ]
    for game, attacker, defender in wrong:
        with pytest.raises((MissingCapability, InvalidArgument)) as caught:
            estimate(game, attacker, defender, rounds=10, seed=0)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("epsilon", [-1, 2, float("nan"), "abc", None, True, float("inf")])
def test_an_epsilon_outside_the_unit_interval_is_refused_with_its_value(epsilon):
    with pytest.raises(InvalidArgument, match="epsilon"):
        BackdoorGame(Thresholds(points=4), epsilon, Uniform())


@pytest.mark.parametrize(
    ("name", "value"),
    [("rounds", 0), ("rounds", 2.5), ("seed", "x"), ("level", 1.0), ("threads", 0), ("half_width", 0.0)],
)
def test_estimate_refuses_numbers_out_of_range_by_name(name, value):
    with pytest.raises(InvalidArgument, match=name):
        estimate(GAME, NoAttack(), CoinFlip(), **{name: value})


def test_a_distribution_on_another_domain_is_refused_with_one_sentence():
    for functions, distribution in [
        (Thresholds(points=4), Weighted([0.5, 0.5])),
        (Thresholds(points=4), UnitCube()),
        (Thresholds(), Uniform()),
        (Halfspaces(dimension=2), UnitCube(dimension=3)),
    ]:
        with pytest.raises(InvalidArgument, match="does not fit the domain") as caught:
            BackdoorGame(functions, 0.1, distribution)
        assert "\n" not in str(caught.value)


@dataclasses.dataclass(frozen=True)
class AsksAbout(Defender):
    """Evaluates f' at a point of its own."""

    x: float = 0.0

    def suspicion(self, view, rng):
        return float(view.f(np.array([[self.x]]))[0]) * 0.0


@pytest.mark.parametrize(("x", "words"), [(10, "got \\[10\\]"), (-1, "got \\[-1\\]"), (0.5, "shape")])
def test_a_point_outside_the_domain_is_refused_before_a_kernel_reads_it(x, words):
    assert estimate(GAME, NoAttack(), AsksAbout(x=9), rounds=3, seed=0).false_alarms == 0
    with pytest.raises(ContractError, match=words) as caught:
        estimate(GAME, NoAttack(), AsksAbout(x=x), rounds=3, seed=0)
    assert "test_rules.py, line" in str(caught.value)


@dataclasses.dataclass(frozen=True)
class Broken(FunctionClass):
    """A class of its own whose evaluation fails."""

    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(4))

    def evaluate(self, codes, X):
        raise ZeroDivisionError("in the class")

    def sample(self, rng):
        return np.zeros(1, np.int64)

    def contains(self, codes):
        return np.ones(len(codes), dtype=bool)


def test_a_function_class_that_raises_is_told_with_its_file_and_line():
    told = r"^tests.engine.test_rules:Broken: .* ZeroDivisionError: in the class \(test_rules.py, line \d+\)"
    with pytest.raises(ContractError, match=told):
        estimate(BackdoorGame(Broken(), 0.1, Uniform()), NoAttack(), CoinFlip(), rounds=3, seed=0)
