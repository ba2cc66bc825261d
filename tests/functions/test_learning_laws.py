"""What learning needs of a class: VC dimension, shattered sets, closures, labelings and witnesses, by brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backdoor_game import functions
from backdoor_game.functions import Boxes, Intervals, Thresholds
from tests.functions.examples import CONTINUOUS, FINITE, REPEATED, fixed_keys, labelings, table
from tests.naive import classes

WITNESSED = {functions.AllFunctions, functions.Thresholds, functions.Singletons}

finite = pytest.mark.parametrize("example", FINITE, ids=str)
every = pytest.mark.parametrize("example", FINITE + CONTINUOUS, ids=str)


@finite
def test_the_vc_dimension_is_the_one_found_by_brute_force(example):
    F = example.functions
    assert F.vc_dimension == classes.vc_dimension(labelings(F))
    assert F.vc_upper_bound == F.vc_dimension


@every
def test_every_labeling_of_the_shattered_set_is_realised(example):
    F = example.functions
    points = F.shattered_set()
    assert points.shape == (F.vc_dimension, F.domain.n)
    assert points.dtype == F.domain.dtype
    assert F.domain.contains(points).all()
    labels = np.array(list(itertools.product((0, 1), repeat=len(points))), dtype=np.uint8)
    codes = F.realise(labels)
    assert codes.dtype == F.code_dtype
    assert F.contains(codes).all()
    np.testing.assert_array_equal(F.evaluate(codes, np.broadcast_to(points, (len(labels), *points.shape))), labels)


@pytest.mark.parametrize("example", REPEATED, ids=str)
def test_an_upper_bound_on_the_vc_dimension_is_not_passed_by_brute_force(example):
    F = example.functions
    assert F.vc_dimension is None
    assert classes.vc_dimension(labelings(F)) <= F.vc_upper_bound


@finite
def test_the_intersection_flag_is_the_one_found_by_brute_force(example):
    assert example.functions.intersection_closed == classes.is_intersection_closed(labelings(example.functions))


@finite
@pytest.mark.parametrize("m", [0, 1, 4, 9])
def test_a_consistent_function_agrees_with_its_sample(example, m):
    F, rng = example.functions, np.random.default_rng(m)
    codes, places = F.enumerate()[rng.integers(F.count(), size=60)], rng.integers(F.domain.size, size=(60, m))
    X = F.domain.points()[places]
    y = F.evaluate(codes, X)
    found = F.consistent(X, y)
    assert found.dtype == F.code_dtype
    assert F.contains(found).all()
    np.testing.assert_array_equal(F.evaluate(found, X), y)


@pytest.mark.parametrize("example", [e for e in FINITE if e.functions.intersection_closed], ids=str)
@pytest.mark.parametrize("m", [0, 1, 3, 8])
def test_in_an_intersection_closed_class_it_is_the_closure(example, m):
    F, rng = example.functions, np.random.default_rng(m)
    codes, places = F.enumerate()[rng.integers(F.count(), size=40)], rng.integers(F.domain.size, size=(40, m))
    X = F.domain.points()[places]
    y = F.evaluate(codes, X)
    labels = F.evaluate(F.consistent(X, y), np.broadcast_to(F.domain.points(), (40, F.domain.size, F.domain.n)))
    for row in range(40):
        assert tuple(labels[row]) == classes.closure(labelings(F), places[row][y[row] == 1])


@pytest.mark.parametrize("example", FINITE + REPEATED, ids=str)
def test_labelings_of_a_few_points_are_the_restrictions_of_all_members(example):
    F, rng = example.functions, np.random.default_rng(7)
    for k in range(1, min(F.domain.size, 6) + 1):
        places = rng.permutation(F.domain.size)[:k]
        found = F.labelings(F.domain.points()[places])
        assert found.dtype == np.uint8
        assert list(map(tuple, found.tolist())) == sorted({tuple(row[p] for p in places) for row in labelings(F)})


@pytest.mark.parametrize("F", [Thresholds(), Intervals(), Boxes(dimension=2), Boxes(dimension=3)], ids=str)
def test_labelings_of_real_points_are_the_closures_of_their_subsets(F):
    points = np.random.default_rng(2).random((5, F.domain.n))
    subsets = (np.arange(2**5)[:, None] >> np.arange(5) & 1).astype(np.uint8)
    X = np.broadcast_to(points, (2**5, *points.shape))
    if isinstance(F, Thresholds):
        rows = [[any(y & (points[:, 0] <= p)) for p in points[:, 0]] for y in subsets]
    else:
        spans = [(points[y == 1].min(axis=0), points[y == 1].max(axis=0)) if y.any() else (1.0, 0.0) for y in subsets]
        rows = [((a <= points) & (points <= b)).all(axis=1) for a, b in spans]
    closed = np.array(rows, dtype=np.uint8)
    np.testing.assert_array_equal(F.labelings(points), np.unique(closed, axis=0))
    np.testing.assert_array_equal(F.evaluate(F.consistent(X, closed), X), closed)


def _one_hit_decides(F):
    return all(map(_one_hit_decides, F.parts)) if isinstance(F, functions.DirectSum) else type(F) in WITNESSED


@finite
def test_a_sample_inside_the_witness_span_decides_the_closure(example):
    F = example.functions
    if not _one_hit_decides(F):
        assert F.witness(F.enumerate(), np.repeat(F.domain.points()[:1], F.count(), axis=0)) is None
        return
    codes, labels, members = F.enumerate(), table(F), labelings(F)
    for place, point in enumerate(F.domain.points()):
        held = np.flatnonzero(labels[:, place])
        low, high = F.witness(codes[held], np.broadcast_to(point, (len(held), F.domain.n)))
        for f, a, b in zip(held, low, high, strict=True):
            ones = np.flatnonzero(labels[f])
            for size in range(min(len(ones), 4) + 1):
                for sample in itertools.combinations(ones.tolist(), size):
                    inside = any(a <= i <= b for i in sample)
                    assert classes.closure(members, sample)[place] == inside
            assert not [i for i in range(a, b + 1) if not labels[f, i]]


def test_solving_for_a_parity_on_many_bits_recovers_it_from_enough_examples():
    F = functions.Parities(bits=130)
    codes = F.sample_block(fixed_keys(6))
    X = np.random.default_rng(1).integers(2, size=(6, 190, 130), dtype=np.uint8)
    np.testing.assert_array_equal(F.consistent(X, F.evaluate(codes, X)), codes)
