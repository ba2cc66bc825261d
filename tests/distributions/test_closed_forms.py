"""What laws say of themselves without drawing: atoms, windows, masses, bit probabilities, sizes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import special

from backdoor_game.spaces.distributions import Atoms, Mixture, StandardNormal, Uniform, UnitCube
from backdoor_game.spaces.distributions.atomic import cumulative_ends
from backdoor_game.spaces.domains import Bits, Finite, Reals
from tests.distributions.examples import EXAMPLES, fixed_keys
from tests.naive import sampling as naive

every = pytest.mark.parametrize("example", EXAMPLES, ids=str)
listed = pytest.mark.parametrize("example", [e for e in EXAMPLES if e.listed], ids=str)


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
def test_a_window_holds_exactly_the_raw_draws_that_give_its_indices(example):
    D, keys, m = example.filled, fixed_keys(5), 41
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
    for ends in (start, stop - np.uint64(1)):
        assert [(int(end) * size) >> 32 for end in ends] == places.tolist()


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
    expected = [
        np.prod([max(cdf(b) - cdf(a), 0.0) for a, b in zip(*box, strict=True)]) for box in zip(low, high, strict=True)
    ]
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


def test_rounding_in_the_weights_goes_to_the_last_atom_that_has_any():
    assert cumulative_ends((0.5, 0.5 - 5e-10, 0.0)).tolist() == [2**52, 2**53, 2**53]
    assert cumulative_ends((0.0, 1.0, 0.0)).tolist() == [0, 2**53, 2**53]
    assert cumulative_ends((0.1,) * 10)[-1] == 2**53
