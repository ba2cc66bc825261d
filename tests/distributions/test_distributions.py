"""Every shipped law: its draws against its atoms or its distribution function, at stated levels."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
from scipy import stats

from backdoor_game import catalog
from backdoor_game.ground import spec, streams
from backdoor_game.spaces.distributions import Mixture, ProductBits, StandardNormal, Uniform, UnitCube, Weighted
from backdoor_game.spaces.domains import Bits, Finite, Grid, Reals
from tests.distributions.examples import EXAMPLES, MIXED, fixed_keys

LEVEL = 1e-4

every = pytest.mark.parametrize("example", EXAMPLES, ids=str)
listed = pytest.mark.parametrize("example", [e for e in EXAMPLES if e.listed], ids=str)


def test_every_shipped_distribution_has_an_example():
    assert {type(example.law) for example in EXAMPLES} == set(catalog.shipped("distributions").values())


@every
def test_points_lie_in_the_domain_and_have_its_type(example):
    D, n = example.filled, example.domain.n
    X = D.sample_block(fixed_keys(30), 5, 7)
    assert X.shape == (30, 7, n)
    assert X.dtype == example.domain.dtype
    assert example.domain.contains(X).all()
    one = D.sample(4, np.random.default_rng(0))
    assert one.shape == (4, n)
    assert one.dtype == example.domain.dtype
    assert D.sample_block(fixed_keys(3), 9, 0).shape == (3, 0, n)


@every
def test_any_window_of_a_stream_gives_the_same_points(example):
    D, keys = example.filled, fixed_keys(6)
    whole = D.sample_block(keys, 0, 40)
    for start, m in [(0, 1), (0, 39), (1, 1), (1, 6), (2, 3), (7, 8), (33, 7), (39, 1)]:
        np.testing.assert_array_equal(D.sample_block(keys, start, m), whole[:, start : start + m])
    np.testing.assert_array_equal(D.sample_block(keys[[4, 1]], 3, 9), whole[[4, 1], 3:12])


@every
def test_a_spec_reads_back_as_an_equal_law(example):
    for law in (example.law, example.filled):
        assert spec.parse(spec.text(law), catalog.resolve) == law == pickle.loads(pickle.dumps(law))
        assert hash(pickle.loads(pickle.dumps(law))) == hash(law)
    assert example.filled.on(example.domain) == example.filled


def _place(points, X):
    """Which of the points each row of X (m, n) is."""
    return (X[:, None] == points[None]).all(axis=2).argmax(axis=1)


@listed
def test_draws_follow_the_weights_of_the_atoms(example):
    """Pearson's test at level 1e-4 with a fixed seed, over long and short streams; no atom of weight 0 is drawn."""
    points, weights = example.filled.atoms()
    for keys, m in ((fixed_keys(4), 5000), (fixed_keys(20_000), 1)):
        X = example.filled.sample_block(keys, 0, m).reshape(-1, example.domain.n)
        places = _place(points, X)
        assert (points[places] == X).all()
        counts = np.bincount(places, minlength=len(points))
        assert counts[weights == 0].sum() == 0
        some = weights > 0
        if some.sum() > 1:
            assert stats.chisquare(counts[some], weights[some] / weights.sum() * len(X)).pvalue > LEVEL


def test_long_integer_draws_are_uniform():
    """Kolmogorov-Smirnov at level 1e-4 on 70,000 points and on each axis of a grid."""
    X = Uniform().on(Finite(70_000)).sample_block(fixed_keys(5), 0, 4000)
    assert stats.kstest((X.ravel() + 0.5) / 70_000, "uniform").pvalue > LEVEL
    X = Uniform().on(Grid(300, 3)).sample_block(fixed_keys(5), 0, 4000).reshape(-1, 3)
    for axis in X.T:
        assert stats.chisquare(np.bincount(axis, minlength=300)).pvalue > LEVEL


@pytest.mark.parametrize(("law", "n", "p"), [(Uniform(), 70, 0.5), (ProductBits(0.2), 20, 0.2), (Uniform(), 20, 0.5)])
def test_long_bit_vectors_have_independent_bits_with_their_probabilities(law, n, p):
    """Exact binomial tests of every bit and of every pair being equal, at level 1e-4 over all of them together."""
    X = law.on(Bits(n)).sample_block(fixed_keys(4), 0, 5000).reshape(-1, n)
    tests = [stats.binomtest(int(bit.sum()), len(X), p) for bit in X.T]
    same = p**2 + (1 - p) ** 2
    tests += [stats.binomtest(int((a == b).sum()), len(X), same) for a, b in itertools.combinations(X.T, 2)]
    assert min(test.pvalue for test in tests) > LEVEL / len(tests)


@pytest.mark.parametrize(("law", "name"), [(UnitCube(), "uniform"), (StandardNormal(), "norm")])
def test_continuous_coordinates_follow_their_distribution_function(law, name):
    """Kolmogorov-Smirnov for each coordinate, and Spearman's test for each pair, at level 1e-4."""
    X = law.on(Reals(3)).sample_block(fixed_keys(4), 1, 5000).reshape(-1, 3)
    for axis in X.T:
        assert stats.kstest(axis, name).pvalue > LEVEL
    for a, b in itertools.combinations(X.T, 2):
        assert stats.spearmanr(a, b).pvalue > LEVEL


def test_a_mixture_with_a_continuous_part_draws_parts_by_weight_and_points_by_part():
    """Pearson's test for parts and points, Kolmogorov-Smirnov inside the cube, at level 1e-4."""
    D = Mixture((Uniform(), UnitCube()), (0.25, 0.75)).on(MIXED)
    X = D.sample_block(fixed_keys(4), 0, 5000).reshape(-1, 3)
    parts = np.bincount(X[:, 0].astype(int), minlength=2)
    assert stats.chisquare(parts, [0.25 * len(X), 0.75 * len(X)]).pvalue > LEVEL
    first, second = X[X[:, 0] == 0], X[X[:, 0] == 1]
    assert stats.chisquare(np.bincount(first[:, 1].astype(int), minlength=3)).pvalue > LEVEL
    assert (first[:, 2] == 0).all()
    for axis in second[:, 1:].T:
        assert stats.kstest(axis, "uniform").pvalue > LEVEL


def test_the_lowest_draw_of_all_gives_nothing_of_probability_zero():
    """The key -GOLD has the word mix64(0) = 0 first."""
    key = np.zeros(1, dtype=np.uint64) - streams.GOLD
    assert streams.draws(key, 0, 1)[0, 0] == 0
    assert ProductBits(0.0).on(Bits(1)).sample_block(key, 0, 1)[0, 0, 0] == 0
    assert Weighted((0.0, 1.0)).on(Finite(2)).sample_block(key, 0, 1)[0, 0, 0] == 1
