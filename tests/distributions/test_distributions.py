"""Every shipped law: its draws against its atoms or its distribution function, its windows, masses and refusals."""

from __future__ import annotations

import dataclasses
import itertools
import pickle

import numpy as np
import pytest
from scipy import special, stats

from backdoor_game import catalog, spec, streams
from backdoor_game.distributions import (
    Atoms,
    Distribution,
    Mixture,
    ProductBits,
    StandardNormal,
    Uniform,
    UnitCube,
    Weighted,
)
from backdoor_game.distributions.atomic import cumulative_ends
from backdoor_game.domains import Bits, Domain, Finite, Grid, Reals, Union
from tests.naive import sampling as naive

LEVEL = 1e-4


@dataclasses.dataclass(frozen=True)
class Example:
    """A law on a domain, and whether it must have listed atoms and windows of indices."""

    law: Distribution
    domain: Domain
    listed: bool = True
    window: bool = False

    def __str__(self) -> str:
        return f"{self.law}-{self.domain}"

    @property
    def filled(self) -> Distribution:
        return self.law.on(self.domain)


PAIR = Union((Finite(3), Bits(2)))
MIXED = Union((Finite(3), Reals(2)))
EXAMPLES = [
    Example(Uniform(), Finite(1), window=True),
    Example(Uniform(), Finite(10), window=True),
    Example(Uniform(), Grid(3, 2), window=True),
    Example(Uniform(), Bits(4), window=True),
    Example(Uniform(), Finite(70_000), listed=False),
    Example(Uniform(), Grid(300, 3), listed=False),
    Example(Uniform(), Bits(70), listed=False),
    Example(Weighted((1.0,)), Finite(1), window=True),
    Example(Weighted((0.1, 0.0, 0.2, 0.7, 0.0)), Finite(5), window=True),
    Example(Weighted((0.25, 0.25, 0.25, 0.25)), Finite(4), window=True),
    Example(Atoms((4, 0, 2), (0.5, 0.25, 0.25)), Finite(6)),
    Example(Atoms(((0, 2), (1, 1))), Grid(3, 2)),
    Example(Atoms(((0.5, -1.0), (0.25, 3.0), (0.0, 0.0)), (0.2, 0.0, 0.8)), Reals(2)),
    Example(Atoms(((0, 2, 0), (1, 1, 0))), PAIR),
    Example(ProductBits(), Bits(3)),
    Example(ProductBits(0.3), Bits(2)),
    Example(ProductBits((0.0, 0.9, 0.5)), Bits(3)),
    Example(ProductBits(0.2), Bits(20), listed=False),
    Example(UnitCube(), Reals(2), listed=False),
    Example(StandardNormal(), Reals(3), listed=False),
    Example(Mixture((Uniform(), Uniform()), (0.3, 0.7)), PAIR, window=True),
    Example(Mixture((Weighted((0.5, 0.0, 0.5)), ProductBits(0.3)), (0.5, 0.5)), PAIR, window=True),
    Example(Mixture((Atoms((2, 0)), Uniform()), (0.5, 0.5)), PAIR),
    Example(Mixture((Atoms((2, 0, 1)), Uniform()), (0.5, 0.5)), PAIR),
    Example(Mixture((Uniform(), UnitCube()), (0.25, 0.75)), MIXED, listed=False),
]
every = pytest.mark.parametrize("example", EXAMPLES, ids=str)
listed = pytest.mark.parametrize("example", [e for e in EXAMPLES if e.listed], ids=str)


def _keys(count, seed=3):
    return streams.role_keys(seed, "distributions", "fresh", 0, count)


def test_every_shipped_distribution_has_an_example():
    assert {type(example.law) for example in EXAMPLES} == set(catalog.shipped("distributions").values())


@every
def test_points_lie_in_the_domain_and_have_its_type(example):
    D, n = example.filled, example.domain.n
    X = D.sample_block(_keys(30), 5, 7)
    assert X.shape == (30, 7, n)
    assert X.dtype == example.domain.dtype
    assert example.domain.contains(X).all()
    one = D.sample(4, np.random.default_rng(0))
    assert one.shape == (4, n)
    assert one.dtype == example.domain.dtype
    assert D.sample_block(_keys(3), 9, 0).shape == (3, 0, n)


@every
def test_any_window_of_a_stream_gives_the_same_points(example):
    D, keys = example.filled, _keys(6)
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


@every
def test_only_small_supports_are_listed_and_their_weights_sum_to_one(example):
    support = example.filled.atoms()
    assert (support is not None) == example.listed
    if support is not None:
        points, weights = support
        assert points.shape == (len(weights), example.domain.n)
        assert points.dtype == example.domain.dtype
        assert len(np.unique(points, axis=0)) == len(points)
        assert example.domain.contains(points).all()
        assert weights.sum() == pytest.approx(1.0, abs=1e-9)


@listed
def test_draws_follow_the_weights_of_the_atoms(example):
    """Pearson's test at level 1e-4 with a fixed seed, over long and short streams; no atom of weight 0 is drawn."""
    points, weights = example.filled.atoms()
    for keys, m in ((_keys(4), 5000), (_keys(20_000), 1)):
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
    X = Uniform().on(Finite(70_000)).sample_block(_keys(5), 0, 4000)
    assert stats.kstest((X.ravel() + 0.5) / 70_000, "uniform").pvalue > LEVEL
    X = Uniform().on(Grid(300, 3)).sample_block(_keys(5), 0, 4000).reshape(-1, 3)
    for axis in X.T:
        assert stats.chisquare(np.bincount(axis, minlength=300)).pvalue > LEVEL


@pytest.mark.parametrize(("law", "n", "p"), [(Uniform(), 70, 0.5), (ProductBits(0.2), 20, 0.2), (Uniform(), 20, 0.5)])
def test_long_bit_vectors_have_independent_bits_with_their_probabilities(law, n, p):
    """Exact binomial tests of every bit and of every pair being equal, at level 1e-4 over all of them together."""
    X = law.on(Bits(n)).sample_block(_keys(4), 0, 5000).reshape(-1, n)
    tests = [stats.binomtest(int(bit.sum()), len(X), p) for bit in X.T]
    same = p**2 + (1 - p) ** 2
    tests += [stats.binomtest(int((a == b).sum()), len(X), same) for a, b in itertools.combinations(X.T, 2)]
    assert min(test.pvalue for test in tests) > LEVEL / len(tests)


@pytest.mark.parametrize(("law", "name"), [(UnitCube(), "uniform"), (StandardNormal(), "norm")])
def test_continuous_coordinates_follow_their_distribution_function(law, name):
    """Kolmogorov-Smirnov for each coordinate, and Spearman's test for each pair, at level 1e-4."""
    X = law.on(Reals(3)).sample_block(_keys(4), 1, 5000).reshape(-1, 3)
    for axis in X.T:
        assert stats.kstest(axis, name).pvalue > LEVEL
    for a, b in itertools.combinations(X.T, 2):
        assert stats.spearmanr(a, b).pvalue > LEVEL


def test_a_mixture_with_a_continuous_part_draws_parts_by_weight_and_points_by_part():
    """Pearson's test for parts and points, Kolmogorov-Smirnov inside the cube, at level 1e-4."""
    D = Mixture((Uniform(), UnitCube()), (0.25, 0.75)).on(MIXED)
    X = D.sample_block(_keys(4), 0, 5000).reshape(-1, 3)
    parts = np.bincount(X[:, 0].astype(int), minlength=2)
    assert stats.chisquare(parts, [0.25 * len(X), 0.75 * len(X)]).pvalue > LEVEL
    first, second = X[X[:, 0] == 0], X[X[:, 0] == 1]
    assert stats.chisquare(np.bincount(first[:, 1].astype(int), minlength=3)).pvalue > LEVEL
    assert (first[:, 2] == 0).all()
    for axis in second[:, 1:].T:
        assert stats.kstest(axis, "uniform").pvalue > LEVEL


@listed
def test_a_window_holds_exactly_the_raw_draws_that_give_its_indices(example):
    D, keys, m = example.filled, _keys(5), 41
    size = example.domain.size
    spans = [(0, 0)] if size is None else list(itertools.combinations_with_replacement(range(size), 2))
    low, high = np.array(spans).T
    found = D.window(low, high)
    assert (found is not None) == example.window
    if found is None:
        return
    places = example.domain.index(D.sample_block(keys, 0, m))
    draw = naive.half if D.halves() else lambda key, i: naive.word(key, i) >> 11
    raw = np.array([[draw(int(key), i) for i in range(m)] for key in keys], dtype=np.uint64)
    for (first, last), a, b in zip(spans, *found, strict=True):
        np.testing.assert_array_equal((a <= raw) & (raw < b), (first <= places) & (places <= last))
    nothing = D.window(np.array([size - 1]), np.array([size - 2]))
    assert nothing[0] == nothing[1]


@pytest.mark.parametrize("size", [1, 3, 7, 1000, 65_536])
def test_windows_of_a_uniform_law_tile_all_half_words_as_evenly_as_they_can(size):
    places = np.arange(size)
    start, stop = Uniform().on(Finite(size)).window(places, places)
    assert start[0] == 0
    assert stop[-1] == 2**32
    np.testing.assert_array_equal(start[1:], stop[:-1])
    assert set((stop - start).tolist()) <= {2**32 // size, -(-(2**32) // size)}


@listed
def test_masses_of_boxes_are_sums_over_atoms(example):
    D, rng, n = example.filled, np.random.default_rng(2), example.domain.n
    points, weights = D.atoms()
    corners = np.concatenate([points, points + 1]).astype(example.domain.dtype)
    low, high = corners[rng.integers(len(corners), size=(2, 200))]
    found = D.mass(low, high)
    if isinstance(D, Mixture):
        assert found is None
        return
    expected = [weights[((a <= points) & (points <= b)).all(axis=1)].sum() for a, b in zip(low, high, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)
    assert found.shape == (200,)
    assert n == low.shape[1]


@pytest.mark.parametrize(("law", "cdf"), [(UnitCube(), lambda x: np.clip(x, 0, 1)), (StandardNormal(), special.ndtr)])
def test_masses_of_real_boxes_are_products_of_differences(law, cdf):
    ends = np.random.default_rng(1).normal(size=(100, 2, 2))
    ends[0], ends[1, 0], ends[2, 0] = [[-np.inf, np.inf]] * 2, [1.0, 0.0], [-np.inf, 0.5]
    low, high = ends[:, :, 0], ends[:, :, 1]
    expected = [np.prod([max(cdf(b) - cdf(a), 0.0) for a, b in zip(*box, strict=True)]) for box in zip(low, high, strict=True)]
    np.testing.assert_allclose(law.on(Reals(2)).mass(low, high), expected, rtol=0, atol=1e-15)


@listed
def test_bit_probabilities_are_given_where_they_make_up_the_weights(example):
    p = example.filled.bit_probabilities()
    assert (p is not None) == (isinstance(example.domain, Bits) and not isinstance(example.law, Atoms))
    if p is not None:
        points, weights = example.filled.atoms()
        np.testing.assert_allclose(np.where(points == 1, p, 1 - p).prod(axis=1), weights, rtol=0, atol=1e-15)


@listed
def test_a_size_is_given_where_all_weights_are_equal(example):
    weights = example.filled.atoms()[1]
    expected = len(weights) if len(set(weights.tolist())) == 1 else None
    assert example.filled.uniform_size() == expected


DOMAINS = [Finite(10), Finite(4), Grid(3, 2), Bits(3), Bits(2), Reals(2), Reals(1), PAIR, MIXED]


@pytest.mark.parametrize(("law", "fitting"), [
    (Uniform(), {Finite(10), Finite(4), Grid(3, 2), Bits(3), Bits(2)}),
    (Uniform(domain=Finite(4)), {Finite(4)}),
    (Weighted((0.1, 0.2, 0.3, 0.4)), {Finite(4)}),
    (Atoms((0, 7)), {Finite(10), Reals(1)}),
    (Atoms((0.5,)), {Reals(1)}),
    (Atoms((-1,)), {Reals(1)}),
    (Atoms((256, 1e30)), {Reals(1)}),
    (Atoms(((1, 256),)), {Reals(2)}),
    (Atoms(((0, 0.5, 0),)), set()),
    (Atoms(((1, 0.5, 0),)), {MIXED}),
    (Atoms(((0, 2, 0),)), {PAIR, MIXED}),
    (ProductBits(0.5), {Bits(3), Bits(2)}),
    (ProductBits((0.5, 0.1)), {Bits(2)}),
    (ProductBits(0.5, count=3), {Bits(3)}),
    (UnitCube(), {Reals(1), Reals(2)}),
    (UnitCube(dimension=2), {Reals(2)}),
    (StandardNormal(), {Reals(1), Reals(2)}),
    (StandardNormal(dimension=1), {Reals(1)}),
    (Mixture((Uniform(), Uniform()), (0.5, 0.5)), {PAIR}),
    (Mixture((Uniform(), StandardNormal()), (0.5, 0.5)), {MIXED}),
    (Mixture((Uniform(), Uniform(), Uniform()), (0.5, 0.25, 0.25)), set()),
], ids=str)  # fmt: skip
def test_a_law_refuses_every_domain_that_does_not_fit_it_in_one_sentence(law, fitting):
    for domain in DOMAINS:
        if domain in fitting:
            assert domain.contains(law.on(domain).sample_block(_keys(5), 0, 20)).all()
            continue
        with pytest.raises(ValueError, match="does not fit the domain") as caught:
            law.on(domain)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [
    lambda: Weighted((0.5, 0.4)),
    lambda: Weighted((1.5, -0.5)),
    lambda: Weighted(()),
    lambda: Weighted("1"),
    lambda: Atoms(()),
    lambda: Atoms((1, 1)),
    lambda: Atoms(((1, 2), (3,))),
    lambda: Atoms((1, 2), (1.0,)),
    lambda: Atoms((1, 2), (0.5, 0.6)),
    lambda: ProductBits(1.5),
    lambda: ProductBits((0.5, -0.1)),
    lambda: ProductBits((0.5, 0.5), count=3),
    lambda: Mixture((Uniform(),), (0.5, 0.5)),
    lambda: Mixture((Uniform(), 3), (0.5, 0.5)),
    lambda: Mixture((Uniform(), Uniform()), (0.5, 0.6)),
])  # fmt: skip
def test_parameters_out_of_range_are_refused_in_one_sentence(make):
    with pytest.raises(ValueError, match=r"must|needs") as caught:
        make()
    assert "\n" not in str(caught.value)


def test_fractions_may_be_typed_as_text():
    assert Weighted(("1/3", "2/3")) == Weighted((1 / 3, 2 / 3))


@pytest.mark.parametrize("law", [Uniform(), ProductBits(), Mixture((Uniform(),), (1.0,))], ids=str)
def test_a_law_without_a_domain_says_what_to_do(law):
    with pytest.raises(ValueError, match="on\\(domain\\)"):
        law.sample_block(_keys(1), 0, 1)


def test_rounding_in_the_weights_goes_to_the_last_atom_that_has_any():
    assert cumulative_ends((0.5, 0.5 - 5e-10, 0.0)).tolist() == [2**52, 2**53, 2**53]
    assert cumulative_ends((0.0, 1.0, 0.0)).tolist() == [0, 2**53, 2**53]
    assert cumulative_ends((0.1,) * 10)[-1] == 2**53
