"""Local moves: members again, mostly close, each of them can be undone, and they lead everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from backdoor_game import (
    AllFunctions,
    Boxes,
    Conjunctions,
    DirectSum,
    Explicit,
    Halfspaces,
    Intervals,
    IntervalUnions,
    Parities,
    Singletons,
    StandardNormal,
    Thresholds,
)
from backdoor_game.functions import FunctionClass
from backdoor_game.ground.inheritance import overrides
from tests.functions.examples import CONTINUOUS, FINITE, REPEATED, TRAINED, fixed_keys

LEVEL = 1e-4
MOVES = 2**15
finite = pytest.mark.parametrize("example", FINITE + REPEATED, ids=str)
every = pytest.mark.parametrize("example", FINITE + REPEATED + CONTINUOUS + TRAINED, ids=str)


def moved_once(functions, code, count, seed=7):
    """Many moves from one member."""
    codes = np.repeat(code[None], count, axis=0)
    return functions.move_block(codes, fixed_keys(count, seed))


def neighbours(functions):
    """Which members led to which, over 2^15 moves from each: a move of probability 1/2000 is missed once in 10^7."""
    codes = functions.enumerate()
    base = int(codes.max()) - int(codes.min()) + 1
    numbers = codes.astype(np.int64) @ base ** np.arange(codes.shape[1])
    order = np.argsort(numbers)
    found = np.zeros((len(codes), len(codes)), dtype=bool)
    for i, code in enumerate(codes):
        reached = moved_once(functions, code, MOVES, seed=i).astype(np.int64) @ base ** np.arange(codes.shape[1])
        found[i, order[np.searchsorted(numbers[order], reached)]] = True
    np.fill_diagonal(found, False)
    return found


@every
def test_a_move_leads_to_a_member_and_leaves_what_it_was_given_alone(example):
    F = example.functions
    assert overrides(F, FunctionClass.move_block)
    codes = F.sample_block(fixed_keys(500))
    for step in range(30):
        codes.setflags(write=False)
        before = codes.copy()
        moved = F.move_block(codes, fixed_keys(500, 100 + step))
        np.testing.assert_array_equal(codes, before)
        assert moved.shape == codes.shape
        assert moved.dtype == F.code_dtype
        assert F.contains(moved).all()
        codes = moved


@every
def test_a_move_depends_on_its_own_code_and_key_alone(example):
    F, keys = example.functions, fixed_keys(60, 5)
    codes = F.sample_block(fixed_keys(60))
    whole = F.move_block(codes, keys)
    order = np.random.default_rng(0).permutation(60)[:23]
    np.testing.assert_array_equal(F.move_block(codes[order], keys[order]), whole[order])
    np.testing.assert_array_equal(F.move_block(codes[:1], keys[:1]), whole[:1])
    assert len(F.move_block(codes[:0], keys[:0])) == 0


@finite
def test_every_move_can_be_undone_and_moves_lead_from_any_member_to_any_other(example):
    found = neighbours(example.functions)
    np.testing.assert_array_equal(found, found.T)
    reached = np.zeros(len(found), dtype=bool)
    reached[0] = True
    for _ in range(len(found)):
        reached |= found[reached].any(axis=0)
    assert reached.all()


def test_an_explicit_class_of_one_function_has_nowhere_to_go():
    F = Explicit(["0110"])
    assert F.move_block(np.zeros((3, 1), dtype=np.int64), fixed_keys(3)).tolist() == [[0]] * 3


@pytest.mark.parametrize("k", [1, 2, 10, 100])
def test_a_boundary_moves_by_k_or_more_with_probability_one_over_k(k):
    """Clopper-Pearson at level 1e-4 from 20,000 moves; a move by nothing counts as none."""
    F = Thresholds(points=10**6)
    size = np.abs(moved_once(F, np.array([500_000]), 20_000)[:, 0] - 500_000)
    interval = stats.binomtest(int((size >= k).sum()), len(size)).proportion_ci(1 - LEVEL)
    assert interval.low <= 1 / k <= interval.high


def _labels(F, codes):
    points = F.domain.points()
    return F.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape)))


@pytest.mark.parametrize(
    ("F", "most", "share"),
    [
        (AllFunctions(points=64), 1, 1.0),
        (Singletons(points=64), 2, 1.0),
        (Thresholds(points=64), 1, 0.4),
        (Intervals(points=64), 1, 0.35),
        (IntervalUnions(points=64, k=3), 1, 0.3),
        (Explicit(np.tri(65, 64, -1, dtype=np.uint8)), 16, 0.6),
        (DirectSum([AllFunctions(points=3), AllFunctions(points=4)]), 1, 1.0),
    ],
    ids=str,
)
def test_that_share_of_the_moves_changes_no_more_labels_than_that(F, most, share):
    codes = F.sample_block(fixed_keys(2000))
    changed = (_labels(F, codes) != _labels(F, F.move_block(codes, fixed_keys(2000, 9)))).sum(axis=1)
    assert (changed <= most).mean() >= share
    assert (changed > 0).mean() > 0.75


def test_one_coefficient_one_literal_one_face_and_one_part_change():
    for F in (Parities(bits=9), Conjunctions(bits=9), Boxes(dimension=3, points=50)):
        codes = F.sample_block(fixed_keys(3000))
        moved = F.move_block(codes, fixed_keys(3000, 9))
        changed = (codes != moved).sum(axis=1)
        crossed = np.asarray(changed == 2) & (codes.shape[1] == 6)  # a face that went through the opposite one
        assert ((changed <= 1) | crossed | (changed == codes.shape[1])).all()
        assert (changed == 1).mean() > 0.75
    F = DirectSum([Thresholds(points=30), Parities(bits=5), Intervals(points=9)])
    codes = F.sample_block(fixed_keys(3000))
    parts = np.add.reduceat(codes != F.move_block(codes, fixed_keys(3000, 9)), [0, 1, 6], axis=1) > 0
    assert (parts.sum(axis=1) <= 1).all()
    assert (parts.mean(axis=0) > 0.2).all()


def test_the_row_that_differs_least_is_preferred():
    F = Explicit(["00000000", "00000001", "11111111", "11111110"])
    reached = np.bincount(moved_once(F, np.array([0]), 4000)[:, 0], minlength=4)
    assert reached[1] > 2 * (reached[2] + reached[3]) > 0


@pytest.mark.parametrize(
    "F", [Thresholds(), Intervals(), Boxes(dimension=2), Halfspaces(dimension=3), Halfspaces(dimension=3, bias=False)]
)
def test_on_the_reals_walks_visit_every_labelling_of_a_shattered_set_from_one_member(F: FunctionClass):
    points = F.shattered_set()
    codes = np.repeat(F.sample_block(fixed_keys(1)), 200, axis=0)
    seen = set()
    for step in range(300):
        codes = F.move_block(codes, fixed_keys(200, 1000 + step))
        seen |= {row.tobytes() for row in F.evaluate(codes, np.broadcast_to(points, (200, *points.shape)))}
    assert len(seen) == 2 ** len(points)


def test_on_the_line_ends_become_infinite_runs_vanish_and_both_come_back():
    F = Intervals()
    start = np.repeat(np.array([[0.25, 0.75]]), 20_000, axis=0)
    moved = F.move_block(start, fixed_keys(20_000))
    empty, open_ended, reaching_down = (
        np.isinf(moved[:, 0]) & (moved[:, 0] > 0),
        np.isinf(moved[:, 1]),
        moved[:, 0] < -9,
    )
    assert all(0.001 < kind.mean() < 0.3 for kind in (empty, open_ended & ~empty, reaching_down))
    for kind in (empty, open_ended & ~empty, np.isinf(moved[:, 0]) & (moved[:, 0] < 0)):
        back = F.move_block(np.repeat(moved[kind][:1], 5000, axis=0), fixed_keys(5000, 2))
        assert np.isfinite(back).all(axis=1).mean() > 0.05


def test_a_halfspace_turns_a_little_whatever_the_scale_of_its_code():
    F = Halfspaces(dimension=4)
    codes = F.sample_block(fixed_keys(1000))
    near = F.distance(codes, F.move_block(codes, fixed_keys(1000, 3)), StandardNormal())
    assert np.median(near) < 0.1 < np.max(near)
    for scale in (1e-200, 1e200):
        again = F.distance(codes, F.move_block(codes * scale, fixed_keys(1000, 3)), StandardNormal())
        np.testing.assert_allclose(again, near, atol=1e-9)
    extreme = F.move_block(np.array([[1e-300, 0, 0, 0, 1.0], [1e300, 0, 0, 0, -1e300]]), fixed_keys(2))
    assert F.contains(extreme).all()
