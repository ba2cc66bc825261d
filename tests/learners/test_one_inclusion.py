"""The one-inclusion learner through its public form: one orientation a set of points, and at most d/(m+1) errors."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    Boxes,
    Conjunctions,
    DirectSum,
    Halfspaces,
    Intervals,
    IntervalUnions,
    InvalidArgument,
    MissingCapability,
    OneInclusion,
    Parities,
    Singletons,
    StandardNormal,
    Thresholds,
    Uniform,
    UnitCube,
)
from backdoor_game.ground import streams
from backdoor_game.ground.statistics import clopper_pearson, simultaneous_level
from backdoor_game.players.views import Sample
from tests.learners.exhaustive import CASES, CLASSES, RANDOM, answers, everything, laws
from tests.naive import classes
from tests.naive import one_inclusion as naive

CONTINUOUS = [
    Thresholds(),
    Intervals(),
    Boxes(dimension=1),
    Boxes(dimension=2),
    Boxes(dimension=3),
    DirectSum([Thresholds(), Intervals()]),
]
ROUNDS, FAMILY = 3000, 0.999


def general_points(functions, k, seed):
    """k different points; in a disjoint union every other one lies in the second part."""
    rng = np.random.default_rng(seed)
    if isinstance(functions, DirectSum):
        return np.column_stack([np.arange(k) % 2, rng.random(k)])
    return rng.random((k, functions.domain.n))


def left_out(functions, points):
    """Each labeling of the points, and what is predicted at each point from all the others; both (V, k)."""
    labels = functions.labelings(points)
    k = len(points)
    rest = np.array([[i for i in range(k) if i != x] for x in range(k)], dtype=np.int64).reshape(k, k - 1)
    X, x = np.tile(points[rest], (len(labels), 1, 1)), np.tile(points, (len(labels), 1))
    y = labels[:, rest].reshape(len(x), k - 1)
    return labels, answers(OneInclusion(), functions, X, y, x).reshape(labels.shape)


@pytest.mark.parametrize("functions", [functions for functions, _ in CLASSES], ids=str)
def test_permuting_the_sample_and_swapping_in_the_test_point_change_no_orientation(functions):
    rng = np.random.default_rng(1)
    for k in (2, 4):
        places = rng.permutation(functions.domain.size)[:k]
        points = functions.domain.points()[places]
        labelings = functions.labelings(points)
        orders = np.array(list(itertools.permutations(range(k))))
        heads = {}
        for row in labelings:
            y = np.tile(row, (len(orders), 1))[np.arange(len(orders))[:, None], orders]
            said = answers(OneInclusion(), functions, points[orders[:, :-1]], y[:, :-1], points[orders[:, -1]])
            for order, label in zip(orders, said, strict=True):
                x = int(order[-1])
                edge = (x, tuple(np.delete(row, x).tolist()))
                assert heads.setdefault(edge, int(label)) == label
        # One graph oriented once: as many edges leave a labeling as the best orientation allows, whoever is asked.
        vertices = {tuple(row) for row in labelings.tolist()}
        left = [sum(heads[x, (*v[:x], *v[x + 1 :])] != v[x] for x in range(k)) for v in vertices]
        assert max(left) == naive.least_by_flow(vertices)
        assert sum(left) == len(naive.edges(vertices))


@pytest.mark.parametrize("functions", [functions for functions, _ in CLASSES], ids=str)
def test_examples_that_come_twice_change_no_answer(functions):
    rng = np.random.default_rng(2)
    codes, points = functions.enumerate(), functions.domain.points()
    X = points[rng.integers(len(points), size=(150, 3))]
    x = points[rng.integers(len(points), size=150)]
    y = functions.evaluate(codes[rng.integers(len(codes), size=150)], X)
    twice = np.array([2, 0, 1, 1, 0])
    np.testing.assert_array_equal(
        answers(OneInclusion(), functions, X, y, x), answers(OneInclusion(), functions, X[:, twice], y[:, twice], x)
    )


@pytest.mark.parametrize(("functions", "m"), CASES, ids=str)
def test_the_exact_error_is_at_most_d_over_m_plus_one_whatever_the_law(functions, m):
    found = everything(OneInclusion(), functions, m)
    d = classes.vc_dimension(map(tuple, found.labels.tolist()))
    assert functions.vc_dimension == d
    bound = OneInclusion().expected_error(d, m)
    assert bound == d / (m + 1)
    for law in laws(len(found.points)):
        assert found.errors(law).max() <= bound + 1e-12


@pytest.mark.parametrize(("functions", "m"), CASES, ids=str)
def test_a_label_that_the_sample_gives_or_forces_is_never_missed(functions, m):
    found = everything(OneInclusion(), functions, m)
    for f, row in enumerate(found.labels):
        for s, sample in enumerate(found.samples[:200]):
            fits = found.labels[(found.labels[:, sample] == row[sample]).all(axis=1)]
            forced = (fits == fits[0]).all(axis=0)
            np.testing.assert_array_equal(found.predicted[f, s, forced], row[forced])


def test_on_singletons_and_the_empty_function_the_bound_is_kept_although_any_unseen_point_may_be_the_one():
    functions = Singletons(points=6)
    for m in (1, 2, 4):
        found = everything(OneInclusion(), functions, m)
        empty = found.labels.sum(axis=1).argmin()
        assert found.labels[empty].sum() == 0
        # Guessing 1 at every unseen point would err with probability (5/6)^m.
        assert found.errors(laws(6)[0])[empty] <= 1 / (m + 1) < (5 / 6) ** m


MEASURED = [
    (AllFunctions(points=9), 6, Uniform()),
    (Thresholds(points=500), 30, Uniform()),
    (Intervals(points=40), 12, Uniform()),
    (IntervalUnions(points=14, k=2), 6, Uniform()),
    (Singletons(points=60), 40, Uniform()),
    (Boxes(dimension=2, points=6), 8, Uniform()),
    (Conjunctions(bits=5), 8, Uniform()),
    (Parities(bits=5), 4, Uniform()),
    (RANDOM, 3, Uniform()),
    (Thresholds(), 12, StandardNormal()),
    (Intervals(), 8, UnitCube()),
    (Boxes(dimension=2), 5, UnitCube()),
]


@pytest.mark.parametrize(("functions", "m", "law"), MEASURED, ids=str)
def test_the_measured_error_on_drawn_samples_is_at_most_d_over_m_plus_one(functions, m, law):
    law = law.on(functions.domain)
    rounds = ROUNDS if functions.domain.size else ROUNDS // 10
    keys = streams.role_keys(7, str(functions), "oracle/0", 0, rounds)
    codes = functions.sample_block(keys)
    if isinstance(functions, Singletons):
        codes = np.full_like(codes, functions.points)
        assert not functions.evaluate(codes[:1], functions.domain.points()[None]).any()
    x = law.sample_block(streams.role_keys(7, "x", "fresh", 0, rounds), 0, 1)
    sample = Sample(functions, law, codes, keys, start=0, members=1, m=m)
    said = OneInclusion().prepare(functions, m).predict_block(sample, x[:, 0], keys)
    wrong = int((said != functions.evaluate(codes, x)).sum())
    level = simultaneous_level(FAMILY, len(MEASURED))
    assert clopper_pearson(wrong, rounds, level)[0] <= functions.vc_dimension / (m + 1)


@pytest.mark.parametrize("functions", CONTINUOUS, ids=str)
@pytest.mark.parametrize("k", [1, 2, 4, 6])
def test_on_a_continuum_leaving_out_each_of_m_plus_one_points_errs_at_most_d_times(functions, k):
    for seed in range(3):
        labels, said = left_out(functions, general_points(functions, k, seed))
        assert (said != labels).sum(axis=1).max() <= functions.vc_dimension


@pytest.mark.parametrize(("whole", "listed"), [(Thresholds(), Thresholds), (Intervals(), Intervals)], ids=["t", "i"])
def test_a_continuum_is_answered_as_the_ranks_of_its_points_are(whole, listed):
    points = general_points(whole, 6, 5)
    ranks = points[:, 0].argsort().argsort()[:, None]
    codes = listed(points=6).enumerate()
    for left in range(6):
        rest = np.array([i for i in range(6) if i != left])
        X, x = np.tile(ranks[rest], (len(codes), 1, 1)), np.tile(ranks[left], (len(codes), 1))
        y = listed(points=6).evaluate(codes, X)
        on_ranks = answers(OneInclusion(), listed(points=6), X, y, x)
        on_line = answers(OneInclusion(), whole, np.tile(points[rest], (len(codes), 1, 1)), y, points[[left] * len(x)])
        np.testing.assert_array_equal(on_ranks, on_line)


def test_members_and_rounds_are_answered_one_by_one_as_together():
    functions, m, members = Intervals(points=9), 4, 3
    keys = streams.role_keys(3, "block", "oracle/0", 0, 20)
    codes, law = functions.sample_block(keys), Uniform().on(functions.domain)
    x = law.sample_block(keys[::-1].copy(), 0, 1)[:, 0]
    sample = Sample(functions, law, codes, keys, start=0, members=members, m=m)
    together = OneInclusion().predict_block(sample, x, keys)
    assert together.shape == (20, members)
    for r in range(20):
        for t in range(members):
            alone = answers(OneInclusion(), functions, sample.X[r, t][None], sample.y[r, t][None], x[r : r + 1])
            assert alone[0] == together[r, t]


@pytest.mark.parametrize(
    ("functions", "m", "learner"),
    [
        (AllFunctions(points=16), 15, OneInclusion()),
        (Intervals(points=100), 3, OneInclusion(limit=11)),
        (Thresholds(points=64), 1000, OneInclusion()),
        (Thresholds(points=65), 63, OneInclusion()),
        (Thresholds(), 63, OneInclusion()),
        (Parities(bits=6), 500, OneInclusion(limit=64)),
    ],
    ids=str,
)
def test_a_class_at_the_stated_limits_is_accepted(functions, m, learner):
    assert learner.prepare(functions, m) == learner


@pytest.mark.parametrize(
    ("functions", "m", "learner", "words"),
    [
        (AllFunctions(points=17), 16, OneInclusion(), "more than 65536 labelings of 17 points"),
        (Intervals(points=100), 3, OneInclusion(limit=10), "more than 10 labelings of 4 points"),
        (Thresholds(points=65), 64, OneInclusion(), "at most 64 distinct points, got 65"),
        (Thresholds(), 64, OneInclusion(), "at most 64 distinct points, got 65"),
        (Parities(bits=7), 500, OneInclusion(limit=64), "at most 64 distinct points, got 128"),
        (Boxes(dimension=8), 20, OneInclusion(), "more than 65536 labelings of 21 points"),
    ],
    ids=str,
)
def test_a_class_above_the_stated_limits_is_refused_in_one_sentence(functions, m, learner, words):
    with pytest.raises(InvalidArgument, match=words) as caught:
        learner.prepare(functions, m)
    assert "\n" not in str(caught.value)


def test_a_class_that_cannot_list_its_labelings_is_refused_in_one_sentence():
    with pytest.raises(MissingCapability, match="cannot list its labelings: pass another learner"):
        OneInclusion().prepare(Halfspaces(dimension=2), 4)


@pytest.mark.parametrize("limit", [0, -1, 2**20 + 1, True, "many"])
def test_a_limit_out_of_range_is_refused(limit):
    with pytest.raises(InvalidArgument, match="limit"):
        OneInclusion(limit=limit)
