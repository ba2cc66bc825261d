"""Closure, ERM, memoriser and separator against their definitions."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    Boxes,
    Closure,
    ConsistentERM,
    Finite,
    FunctionClass,
    Halfspaces,
    Intervals,
    InvalidArgument,
    LinearSeparator,
    Memorizer,
    MissingCapability,
    OneInclusion,
    Parities,
    StandardNormal,
    Thresholds,
    catalog,
)
from tests.learners.exhaustive import CASES, CO_SINGLETONS, Given, answers, drawn, everything, laws
from tests.naive import classes

CLOSED = [(functions, m) for functions, m in CASES if functions.intersection_closed]
CONTINUOUS = [Thresholds(), Intervals(), Boxes(dimension=1), Boxes(dimension=3)]
PROVED = {Closure, OneInclusion}


# Closure


@pytest.mark.parametrize(("functions", "m"), CLOSED, ids=str)
def test_the_closure_is_the_intersection_of_the_members_that_hold_the_positive_examples(functions, m):
    found = everything(Closure(), functions, m)
    members = {tuple(row) for row in found.labels.tolist()}
    for f, row in enumerate(found.labels):
        known = {}
        for s, sample in enumerate(found.samples.tolist()):
            positive = frozenset(p for p in sample if row[p])
            if positive not in known:
                known[positive] = classes.closure(members, positive)
            assert tuple(found.predicted[f, s]) == known[positive]


@pytest.mark.parametrize(("functions", "m"), CLOSED, ids=str)
def test_the_closure_errs_at_most_d_over_m_plus_one_whatever_the_law(functions, m):
    found = everything(Closure(), functions, m)
    d = classes.vc_dimension(map(tuple, found.labels.tolist()))
    assert Closure().expected_error(d, m) == d / (m + 1)
    for law in laws(len(found.points)):
        assert found.errors(law).max() <= d / (m + 1) + 1e-12


@pytest.mark.parametrize("functions", CONTINUOUS, ids=str)
def test_on_a_continuum_leaving_out_each_of_m_plus_one_points_fools_the_closure_at_most_d_times(functions):
    k = 7
    points = np.random.default_rng(3).random((k, functions.domain.n))
    rest = np.array([[i for i in range(k) if i != x] for x in range(k)])
    labels = functions.labelings(points)
    said = answers(
        Closure(),
        functions,
        np.tile(points[rest], (len(labels), 1, 1)),
        labels[:, rest].reshape(-1, k - 1),
        np.tile(points, (len(labels), 1)),
    ).reshape(labels.shape)
    assert (said <= labels).all()
    assert (said != labels).sum(axis=1).max() <= functions.vc_dimension


@pytest.mark.parametrize("functions", [Parities(bits=2), Halfspaces(dimension=2), CO_SINGLETONS], ids=str)
def test_the_closure_refuses_a_class_that_is_not_closed_under_intersection(functions):
    with pytest.raises(MissingCapability, match="not closed under intersection: pass learner=OneInclusion"):
        Closure().prepare(functions, 4)


# ConsistentERM


@pytest.mark.parametrize(("functions", "m"), CASES, ids=str)
def test_the_erm_is_a_member_that_agrees_with_every_example(functions, m):
    codes, points = functions.enumerate(), functions.domain.points()
    rng = np.random.default_rng(6)
    X = points[rng.integers(len(points), size=(200, m))]
    y = functions.evaluate(codes[rng.integers(len(codes), size=200)], X)
    given = Given(functions, X, y)
    learnt = ConsistentERM().prepare(functions, m).learn_block(given, np.zeros(200, np.uint64))
    assert learnt.shape == (200, 1, functions.code_length)
    assert functions.contains(learnt[:, 0]).all()
    np.testing.assert_array_equal(functions.evaluate(learnt[:, 0], X), y)


def test_an_erm_errs_more_than_d_over_m_plus_one():
    """All but one of four points, or all four: while a point is unseen the first row that fits leaves one out."""
    found = everything(ConsistentERM(), CO_SINGLETONS, 4)
    everywhere = found.labels.sum(axis=1).argmax()
    all_seen = 4 * 3 * 2 * 1 / 4**4
    error = found.errors(laws(4)[0])[everywhere]
    assert error == pytest.approx((1 - all_seen) / 4, abs=1e-15)
    assert error > CO_SINGLETONS.vc_dimension / (4 + 1)


@dataclasses.dataclass(frozen=True)
class Unlearnable(FunctionClass):
    """The constant 0, without a `consistent`."""

    code_length, code_dtype = 1, np.int64
    domain = property(lambda self: Finite(2))

    def evaluate(self, codes, X):
        return np.zeros(X.shape[:2], np.uint8)

    def sample(self, rng):
        return np.zeros(1, np.int64)

    def contains(self, codes):
        return codes[:, 0] == 0


def test_a_class_without_a_consistent_learner_is_refused():
    with pytest.raises(MissingCapability, match="has no consistent learner"):
        ConsistentERM().prepare(Unlearnable(), 3)


# Memorizer


@pytest.mark.parametrize("default", [0, 1])
@pytest.mark.parametrize(("functions", "m"), [(f, m) for f, m in CASES if f.domain.size <= 6 and m <= 3], ids=str)
def test_the_memorizer_repeats_what_it_has_seen_and_guesses_the_default_elsewhere(functions, m, default):
    found = everything(Memorizer(default=default), functions, m)
    for f, row in enumerate(found.labels):
        for s, sample in enumerate(found.samples.tolist()):
            expected = [row[x] if x in sample else default for x in range(len(row))]
            assert found.predicted[f, s].tolist() == expected


@pytest.mark.parametrize("default", [-1, 2, 0.5, True, "0"])
def test_a_default_that_is_no_label_is_refused(default):
    with pytest.raises(InvalidArgument, match="default"):
        Memorizer(default=default)


# LinearSeparator


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dimension", [1, 2, 5])
@pytest.mark.parametrize("m", [0, 1, 2, 12])
def test_the_separator_classifies_every_realizable_example_rightly(bias, dimension, m):
    functions = Halfspaces(dimension=dimension, bias=bias)
    sample, _, _, keys = drawn(functions, StandardNormal(), 2, m, rounds=40)
    learnt = LinearSeparator().prepare(functions, m).learn_block(sample, keys)
    assert learnt.shape == (40, 2, dimension + 1)
    flat = learnt.reshape(80, -1)
    assert functions.contains(flat).all()
    X, y = sample.X.reshape(80, m, dimension), sample.y.reshape(80, m)
    if m > 2:
        assert 0 < y.mean() < 1
    np.testing.assert_array_equal(functions.evaluate(flat, X), y)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("label", [0, 1])
def test_the_separator_puts_examples_of_one_label_on_one_side(bias, label):
    functions = Halfspaces(dimension=2, bias=bias)
    X = np.array([[[1.0, 2.0], [0.5, -0.1], [3.0, 1.0]]])
    y = np.full((1, 3), label, dtype=np.uint8)
    learnt = LinearSeparator().learn_block(Given(functions, X, y), np.zeros(1, np.uint64))[:, 0]
    assert functions.contains(learnt).all()
    np.testing.assert_array_equal(functions.evaluate(learnt, X), y)


def test_without_bias_an_example_at_the_origin_says_nothing():
    functions = Halfspaces(dimension=2, bias=False)
    X = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]])
    y = np.array([[1, 1, 0]], dtype=np.uint8)
    learnt = LinearSeparator().learn_block(Given(functions, X, y), np.zeros(1, np.uint64))[:, 0]
    assert functions.contains(learnt).all()
    np.testing.assert_array_equal(functions.evaluate(learnt, X), y)


def test_the_separator_finds_the_largest_margin_in_the_box():
    """For points -1 (0) and 3 (1) on a line, |w|, |b| <= 1: margins 3 w + b and w - b are both 2 at w = 1, b = -1."""
    functions = Halfspaces(dimension=1)
    given = Given(functions, np.array([[[-1.0], [3.0]]]), np.array([[0, 1]]))
    learnt = LinearSeparator().learn_block(given, np.zeros(1, np.uint64))[0, 0]
    np.testing.assert_allclose(learnt, [1.0, -1.0], atol=1e-9)


def test_the_separator_refuses_what_is_no_halfspace():
    with pytest.raises(MissingCapability, match=r"learns Halfspaces\(\.\.\.\), not Thresholds\(points=4\)"):
        LinearSeparator().prepare(Thresholds(points=4), 3)


# The room


def test_an_error_bound_is_stated_where_it_is_proved_and_nowhere_else():
    shipped = catalog.shipped("learners").values()
    assert set(shipped) >= PROVED
    for cls in shipped:
        assert cls().expected_error(3, 11) == (3 / 12 if cls in PROVED else None)
        assert ("*Proved" in cls.__doc__) == (cls in PROVED)
