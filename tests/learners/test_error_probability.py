"""How often a learner errs, exactly: against every ordered sample, and against fractions where there are too many."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    Atoms,
    Boxes,
    Closure,
    ConsistentERM,
    DirectSum,
    Halfspaces,
    Intervals,
    LinearSeparator,
    Memorizer,
    Mixture,
    OneInclusion,
    Parities,
    Singletons,
    StandardNormal,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
    catalog,
)
from backdoor_game.ground.chances import seen_law, united
from backdoor_game.players.learners import sets
from tests.learners.exhaustive import CASES, answers, everything, laws

LEARNERS = [Closure(), ConsistentERM(), Memorizer(), Memorizer(default=1), OneInclusion()]
LEARNT = [
    (learner, functions, m)
    for functions, m in CASES
    for learner in LEARNERS
    if m <= 3 and (functions.intersection_closed or learner != Closure())
]
on_every_class = pytest.mark.parametrize(("learner", "functions", "m"), LEARNT, ids=str)
WEIGHTS = [(1.0,), (0.5, 0.5), (0.25, 0.75), (0.125, 0.5, 0.375), (0.0625, 0.25, 0.1875, 0.5)]


def weighted(functions, law):
    """The law on the points of the domain, zeros among its weights."""
    return Atoms(tuple(map(tuple, functions.domain.points().tolist())), tuple(law)).on(functions.domain)


def everywhere(functions):
    """Every function at every point: codes (F N, L) and points (F N, n)."""
    codes, points = functions.enumerate(), functions.domain.points()
    return np.repeat(codes, len(points), axis=0), np.tile(points, (len(codes), 1))


# The sets that m draws hit


@pytest.mark.parametrize("m", [0, 1, 2, 5, 6])
@pytest.mark.parametrize("weights", WEIGHTS, ids=str)
def test_the_law_of_the_seen_set_is_that_of_all_ordered_samples(weights, m):
    expected: Counter[int] = Counter()
    for sample in itertools.product(range(len(weights)), repeat=m):
        chance = Fraction(1)
        for a in sample:
            chance *= Fraction(weights[a])
        expected[sum(1 << a for a in set(sample))] += chance
    law = seen_law(weights, m)
    np.testing.assert_allclose(law, [float(expected[s]) for s in range(len(law))], rtol=1e-13, atol=0)


@pytest.mark.parametrize("m", [7, 64, 1000, 9999])
@pytest.mark.parametrize("weights", WEIGHTS[2:], ids=str)
def test_the_law_of_the_seen_set_keeps_its_digits_where_inclusion_and_exclusion_lose_them(weights, m):
    """Pr[seen = S] is the alternating sum over its subsets T of Pr[seen within T], here in fractions."""
    law = seen_law(weights, m)
    for s in range(len(law)):
        inside = [a for a in range(len(weights)) if s >> a & 1]
        exact = sum(
            (-1) ** (len(inside) - k) * sum(Fraction(weights[a]) for a in T) ** m
            for k in range(len(inside) + 1)
            for T in itertools.combinations(inside, k)
        )
        assert law[s] == pytest.approx(float(exact), rel=1e-11, abs=1e-300)


def test_the_union_of_two_random_sets_is_the_sum_over_pairs():
    rng = np.random.default_rng(2)
    a, b = rng.dirichlet(np.ones(16), size=2)
    expected = np.zeros(16)
    for s, t in itertools.product(range(16), repeat=2):
        expected[s | t] += a[s] * b[t]
    np.testing.assert_allclose(united(a, b), expected, rtol=1e-14)


def test_weights_that_sum_to_almost_one_still_give_a_law():
    for m in (500, 10**7 - 1):
        assert seen_law((0.25, 0.1, 0.65 - 9e-10), m).sum() == pytest.approx(1.0, abs=1e-15)
    line = Thresholds(points=2)
    law = Weighted((0.25, 0.75 - 9e-10)).on(line.domain)
    assert Closure().error_probability(line, law, 1, np.array([[0]]), np.array([[1]])) == [0.0]


# Learners that look at the set alone


@on_every_class
def test_order_and_repeats_of_examples_change_no_prediction(learner, functions, m):
    """Every sample of m different points, then the same with repeats in random orders."""
    assert learner.order_free
    rng = np.random.default_rng(7)
    codes, points = functions.enumerate(), functions.domain.points()
    chosen = np.array([rng.choice(len(points), size=min(m, len(points)), replace=False) for _ in range(150)])
    chosen = chosen.reshape(150, -1)
    f, x = rng.integers(len(codes), size=150), points[rng.integers(len(points), size=150)]
    labels = functions.evaluate(codes[f], points[chosen])
    once = answers(learner, functions, points[chosen], labels, x)
    repeats = rng.integers(chosen.shape[1], size=(150, 3)) if m else np.zeros((150, 0), int)
    order = np.concatenate([np.tile(np.arange(chosen.shape[1]), (150, 1)), repeats], axis=1)
    mixed = rng.permuted(order, axis=1)
    places = np.take_along_axis(chosen, mixed, axis=1)
    again = answers(learner, functions, points[places], np.take_along_axis(labels, mixed, axis=1), x)
    np.testing.assert_array_equal(again, once)


def test_only_the_separator_may_look_at_the_order():
    free = {cls for cls in catalog.shipped("learners").values() if cls().order_free}
    assert free == {type(learner) for learner in LEARNERS}
    assert LinearSeparator not in free


@on_every_class
def test_the_stated_error_is_the_share_of_ordered_samples_on_which_the_learner_errs(learner, functions, m):
    """At points of weight zero too, which one of the laws has."""
    found = everything(learner, functions, m)
    wrong = found.predicted != found.labels[:, None, :]
    ready = learner.prepare(functions, m)
    for law in laws(len(found.points))[:4]:
        expected = np.einsum("fsx,s->fx", wrong, law[found.samples].prod(axis=1))
        said = ready.error_probability(functions, weighted(functions, law), m, *everywhere(functions))
        np.testing.assert_allclose(said.reshape(expected.shape), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("learner", [ConsistentERM(), OneInclusion()], ids=str)
def test_small_blocks_of_questions_give_the_same_errors(learner, monkeypatch):
    functions = Intervals(points=6)
    law = Weighted(tuple(np.arange(1, 7) / 21)).on(functions.domain)
    whole = learner.error_probability(functions, law, 4, *everywhere(functions))
    monkeypatch.setattr(sets, "ANSWERS", 37)
    np.testing.assert_allclose(
        learner.error_probability(functions, law, 4, *everywhere(functions)), whole, rtol=0, atol=1e-15
    )


def test_up_to_twelve_points_of_positive_weight_are_enumerated_and_no_more():
    """Singletons, f = {x}: the empty function is preferred until x itself is seen; every other point says nothing."""
    functions = Singletons(points=20)
    codes, x = np.array([[3], [15], [20]]), np.array([[3], [15], [3]])
    for size in (12, 13):
        weights = tuple([1 / size] * size + [0.0] * (20 - size))
        said = ConsistentERM().error_probability(functions, Weighted(weights).on(functions.domain), 30, codes, x)
        if size == 13:
            assert said is None
        else:
            np.testing.assert_allclose(said, [(11 / 12) ** 30, 1.0, 0.0], rtol=1e-12)


def test_no_round_at_all_is_no_error_at_all():
    functions = Intervals(points=5)
    none = functions.enumerate()[:0], functions.domain.points()[:0]
    for learner in LEARNERS:
        assert learner.error_probability(functions, Uniform().on(functions.domain), 3, *none).shape == (0,)


# Any number of points


@pytest.mark.parametrize("m", [0, 1, 100, 10**6])
@pytest.mark.parametrize("points", [50, 65_536, 2**31])
def test_the_closure_of_thresholds_errs_where_all_examples_miss_the_window(points, m):
    """f = {x >= t} is learnt at x >= t once an example lies in t .. x, which has (x - t + 1) / N of the mass."""
    functions = Thresholds(points=points)
    cases = [(7, 20), (20, 7), (0, points - 1), (30, 30), (points, 10)]
    expected = [float((1 - Fraction(x - t + 1, points)) ** m) if x >= t else 0.0 for t, x in cases]
    t, x = np.array(cases, dtype=np.int64).T
    said = Closure().error_probability(functions, Uniform().on(functions.domain), m, t[:, None], x[:, None])
    np.testing.assert_allclose(said, expected, rtol=1e-9, atol=1e-300)


def test_the_closure_s_window_counts_the_atoms_inside_it():
    functions = Thresholds(points=2**31)
    law = Atoms((900, 5, 40, 2_000_000_000), (0.25, 0.125, 0.5, 0.125)).on(functions.domain)
    cases = [(0, 4, 1.0), (0, 5, 0.875), (5, 40, 0.375), (6, 1000, 0.25), (41, 899, 1.0), (900, 2**31 - 1, 0.625)]
    t, x = np.array([case[:2] for case in cases], dtype=np.int64).T
    said = Closure().error_probability(functions, law, 3, t[:, None], x[:, None])
    np.testing.assert_allclose(said, [missed**3 for _, _, missed in cases], rtol=1e-15)


def test_the_closure_of_a_direct_sum_looks_for_its_window_in_the_part_of_x():
    functions = DirectSum((Thresholds(points=30), Singletons(points=40)))
    law = Mixture((Uniform(), Weighted((0.5, 0.5, *[0.0] * 38))), (0.75, 0.25)).on(functions.domain)
    codes, x = np.array([[10, 1], [10, 1], [10, 1], [10, 7]]), np.array([[0, 12], [0, 9], [1, 1], [1, 7]])
    said = Closure().error_probability(functions, law, 9, codes, x)
    np.testing.assert_allclose(said, [(1 - 0.75 * 3 / 30) ** 9, 0.0, (1 - 0.125) ** 9, 1.0], rtol=1e-12)


def test_the_memorizer_errs_on_what_it_has_not_seen():
    wide = Parities(bits=100)
    s, x = np.zeros((2, 100), np.uint8), np.ones((2, 100), np.uint8)
    s[0, 3] = 1
    said = Memorizer().error_probability(wide, Uniform().on(wide.domain), 10**6, s, x)
    np.testing.assert_allclose(said, [1.0, 0.0], rtol=1e-12)
    line, codes = Thresholds(), np.array([[0.5], [0.5]])
    asked = np.array([[0.7], [0.2]])
    assert Memorizer().error_probability(line, UnitCube().on(line.domain), 50, codes, asked).tolist() == [1.0, 0.0]
    listed = Atoms((0.7, 0.2, 0.4), (0.5, 0.25, 0.25)).on(line.domain)
    said = Memorizer(default=1).error_probability(line, listed, 4, codes, asked)
    np.testing.assert_allclose(said, [0.0, 0.75**4], rtol=1e-15)


# Nothing known


@pytest.mark.parametrize(
    ("learner", "functions", "law"),
    [
        (Closure(), Thresholds(), UnitCube()),
        (Closure(), Intervals(points=40), Uniform()),
        (ConsistentERM(), Thresholds(), UnitCube()),
        (OneInclusion(), Boxes(dimension=2), UnitCube()),
        (LinearSeparator(), Halfspaces(dimension=2), StandardNormal()),
        (LinearSeparator(), Halfspaces(dimension=1), Atoms((-1.0, 0.5, 2.0))),
        (ConsistentERM(), Halfspaces(dimension=1), Atoms((-1.0, 0.5, 2.0))),
    ],
    ids=str,
)
def test_no_error_is_stated_where_none_is_known(learner, functions, law):
    on = law.on(functions.domain)
    keys = np.arange(3, dtype=np.uint64)
    codes, x = functions.sample_block(keys), on.sample_block(keys, 0, 1)[:, 0]
    assert learner.error_probability(functions, on, 4, codes, x) is None


def test_a_continuous_class_is_averaged_over_listed_points():
    """Intervals on the line, five atoms: the closure holds x once both sides of it, within f, have been seen."""
    functions, m = Intervals(), 3
    values, weights = (0.1, 0.3, 0.5, 0.7, 0.9), (0.1, 0.3, 0.2, 0.2, 0.2)
    law = Atoms(values, weights).on(functions.domain)
    codes, x = np.array([[0.2, 0.8], [0.2, 0.8], [0.2, 0.6]]), np.array([[0.5], [0.6], [0.9]])
    expected = []
    for (a, b), point in zip(codes, x[:, 0], strict=True):
        total = 0.0
        for S in itertools.product(range(5), repeat=m):
            held = [values[i] for i in S if a <= values[i] < b]
            learnt = bool(held) and min(held) <= point <= max(held)
            total += float(np.prod([weights[i] for i in S])) * (learnt != (a <= point < b))
        expected.append(total)
    np.testing.assert_allclose(Closure().error_probability(functions, law, m, codes, x), expected, rtol=0, atol=1e-14)
