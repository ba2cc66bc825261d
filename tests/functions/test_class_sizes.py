"""Classes too small, too large to list, or just small enough."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backdoor_game import functions
from backdoor_game.functions.table import has_table
from tests.functions.examples import fixed_keys


def test_a_large_class_that_says_that_it_has_a_table_can_be_listed():
    F = functions.AllFunctions(points=17)
    assert has_table(F)
    assert len(np.unique(F.enumerate() @ (1 << np.arange(17)))) == 2**17


@pytest.mark.parametrize("make", [
    lambda: functions.Intervals(points=0),
    lambda: functions.IntervalUnions(points=4, k=0),
    lambda: functions.IntervalUnions(points=4, k=33),
    lambda: functions.Singletons(points=-1),
    lambda: functions.Boxes(dimension=0),
    lambda: functions.Boxes(dimension=2, points=0),
    lambda: functions.Conjunctions(bits=0),
    lambda: functions.Parities(bits=1001),
    lambda: functions.Halfspaces(dimension=0),
    lambda: functions.DirectSum(()),
    lambda: functions.DirectSum((functions.Thresholds(points=3), 4)),
])  # fmt: skip
def test_sizes_out_of_range_are_refused_in_one_sentence(make):
    with pytest.raises(ValueError, match="must be") as caught:
        make()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("F", [
    functions.AllFunctions(points=23),
    functions.Intervals(points=5000),
    functions.IntervalUnions(points=200, k=4),
    functions.Boxes(dimension=4, points=20),
    functions.Conjunctions(bits=40),
    functions.Parities(bits=40),
    functions.DirectSum((functions.Intervals(points=100), functions.Intervals(points=100))),
], ids=str)  # fmt: skip
def test_a_class_too_large_to_list_is_refused_before_any_work(F):
    with pytest.raises(ValueError, match="members"):
        F.enumerate()
    assert F.contains(F.sample_block(fixed_keys(50))).all()


def test_a_large_class_of_runs_is_counted_without_listing():
    assert functions.IntervalUnions(points=200, k=3).count() == sum(_binomial(201, 2 * j) for j in range(4))


def _binomial(n, k):
    """Pascal's rule."""
    row = [1]
    for _ in range(n):
        row = [1, *(a + b for a, b in itertools.pairwise(row)), 1]
    return row[k]
