"""Meters and views at their edges: nothing asked is nothing charged, and who asks first is told the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdoor_game import (
    AllFunctions,
    Attacker,
    BackdoorGame,
    BlockDefender,
    ContractError,
    Defender,
    Intervals,
    NoAttack,
    Thresholds,
    Uniform,
    estimate,
)
from backdoor_game.ground.errors import BudgetExceeded
from backdoor_game.players.views import Meter
from backdoor_game.players.views.meter import RowMeter

BUDGET = st.none() | st.integers(0, 6)
USES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=8)


@given(examples=BUDGET, evaluations=BUDGET, queries=BUDGET, uses=USES, alone=st.booleans())
def test_a_meter_grants_what_fits_the_budgets_of_its_row_and_says_so_before(
    examples, evaluations, queries, uses, alone
):
    """The rule in plain Python: a query is an evaluation too, and what is refused is not counted."""
    meter = Meter(3, examples=examples, evaluations=evaluations, queries=queries)
    used, refused = np.zeros((3, 3), dtype=int), [False] * 3
    for row, e, v, q in uses:
        more = np.array([e, v + q, q])
        after = used[:, row] + more
        limits = zip(more, after, (examples, evaluations, queries), strict=True)
        fits = all(not add or most is None or total <= most for add, total, most in limits)
        asked, at = (RowMeter(meter, row), 0) if alone else (meter, row)
        assert asked.affords(at, examples=e, evaluations=v, queries=q) == fits
        if fits:
            asked.charge(at, examples=e, evaluations=v, queries=q)
            used[:, row] += more
        else:
            with pytest.raises(BudgetExceeded, match="in a round"):
                asked.charge(at, examples=e, evaluations=v, queries=q)
            refused[row] = True
        np.testing.assert_array_equal(meter.counts, used)
    if (examples, evaluations, queries) == (None, None, None):
        assert len(meter.refused) == 0
    else:
        assert meter.refused.tolist() == refused


def test_where_all_rows_are_charged_those_that_go_over_are_refused_and_none_is_charged():
    meter = Meter(3, examples=4)
    meter.charge(1, examples=3)
    assert not meter.affords(slice(None), examples=2)
    with pytest.raises(BudgetExceeded, match="more than 4 examples in a round"):
        meter.charge(slice(None), examples=2)
    assert meter.refused.tolist() == [False, True, False]
    assert meter.examples.tolist() == [0, 3, 0]
    meter.charge(slice(None), examples=1)
    assert meter.examples.tolist() == [1, 4, 1]


@dataclass(frozen=True)
class AsksForNothing(Attacker):
    """Draws no example and asks for no label, and is told that what is no member of the class is no legal plant."""

    def plant(self, view, rng):
        X, y = view.examples(0)
        assert (X.shape, y.shape) == ((0, 1), (0,))
        assert view.f(np.zeros((0, 1), dtype=np.int64)).shape == (0,)
        other = AllFunctions(points=10)
        assert view.legal(Intervals(points=10).function([2, 5])) is False  # of another length
        assert view.legal(other.function(np.zeros(10))) is False  # of another length and type
        assert view.legal(AllFunctions(points=1).function([0])) is False  # of another type
        assert view.legal(view.game.functions.function([99])) is False  # no member


@dataclass(frozen=True)
class LooksAtNothing(Defender):
    """Draws no example and asks for no label."""

    def suspicion(self, view, rng):
        X, y = view.examples(0)
        assert (X.shape, y.shape) == ((0, 1), (0,))
        assert view.f(np.zeros((0, 1), dtype=np.int64)).shape == (0,)
        block = view.block()
        assert block.sample(0).X.shape == (1, 1, 0, 1)
        assert view.used == (0, 0)
        return 0.0


def test_asking_for_nothing_is_allowed_to_both_sides_and_costs_nothing_where_nothing_is_granted():
    game = BackdoorGame(
        Thresholds(points=10), 0.2, Uniform(), defender_examples=0, defender_queries=0, defender_evaluations=0,
        attacker_examples=0, attacker_queries=0, attacker_evaluations=0,
    )  # fmt: skip
    for attacker, defender in ((AsksForNothing(), LooksAtNothing()), (NoAttack(), LooksAtNothing())):
        found = estimate(game, attacker, defender, rounds=20, seed=1)
        assert (found.forfeits, found.defender_forfeits, found.false_alarms) == (20, 0, 0)
        assert (found.examples_per_round, found.queries_per_round, found.evaluations_per_round) == (0, 0, 0)


@dataclass(frozen=True)
class GivesBack(Defender):
    """Asks for less than nothing, which would refill a budget."""

    how: str

    def suspicion(self, view, rng):
        {
            "examples": lambda: view.examples(-1),
            "sample": lambda: view.block().sample(-1),
            "members": lambda: view.block().sample(1, members=-1),
            "charge": lambda: view.charge(evaluations=-1),
            "charge a block": lambda: view.block().charge(evaluations=-1),
        }[self.how]()
        return 0.0


@dataclass(frozen=True)
class AlsoGivesBack(Attacker):
    """The same on the other side."""

    how: str

    def plant(self, view, rng):
        GivesBack(self.how).suspicion(view, rng)


HOWS = ["examples", "sample", "members", "charge", "charge a block"]


@pytest.mark.parametrize("how", HOWS)
def test_nobody_can_ask_for_less_than_nothing(how):
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform())
    for attacker, defender in ((NoAttack(), GivesBack(how)), (AlsoGivesBack(how), LooksAtNothing())):
        with pytest.raises(ContractError, match=r"(m|members|evaluations) must be at least [01], got -1"):
            estimate(game, attacker, defender, rounds=3, seed=0)


@dataclass(frozen=True)
class TakesByInput(BlockDefender):
    """Takes x' examples a round, one after the other, and x' labels."""

    def suspicion_block(self, view):
        for _ in range(int(view.X.max(initial=0))):
            view.sample(1)
            view.evaluate(view.X[:, None, :])
        return np.zeros(len(view))


def test_a_block_over_budget_is_charged_row_by_row_for_what_each_row_has_taken():
    """Alone, a round with x' <= 3 takes x' of everything, and any other three, the fourth of which is refused."""
    game = BackdoorGame(Thresholds(points=10), 0.2, Uniform(), defender_examples=3)
    inputs = []

    @dataclass(frozen=True)
    class Notes(TakesByInput):
        def suspicion_block(self, view):
            if len(view) == 1:
                inputs.append(int(view.X[0, 0]))
            return super().suspicion_block(view)

    found = estimate(game, NoAttack(), Notes(), rounds=300, seed=2)
    assert len(inputs) == 300
    assert set(inputs) == set(range(10))
    assert found.false_alarms == found.defender_forfeits == sum(x > 3 for x in inputs)
    assert found.examples_per_round == sum(min(x, 3) for x in inputs) / 300
    assert found.queries_per_round == sum(min(x, 3) for x in inputs) / 300
