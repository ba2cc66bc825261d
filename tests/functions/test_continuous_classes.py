"""Classes on R^n: distances against Monte Carlo, nearest functions against searches that may not beat them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from backdoor_game.functions import Boxes, Conjunctions, DirectSum, Halfspaces, Intervals, Thresholds
from backdoor_game.spaces.distributions import Atoms, Mixture, ProductBits, UnitCube, Weighted
from tests.functions.examples import CONTINUOUS, fixed_keys

LEVEL = 1 - 1e-6
DRAWS = 100_000
BEATEN = 1e-6

laws = pytest.mark.parametrize(
    ("F", "law"), [(e.functions, law) for e in CONTINUOUS for law in e.laws], ids=lambda value: str(value)[:60]
)


def _close_by(F, codes, scale, rng):
    """Codes in the neighbourhood of others, those that are members."""
    moved = codes + scale * rng.standard_normal(codes.shape)
    if isinstance(F, Halfspaces) and not F.bias:
        moved[:, -1] = 0.0
    return np.where(F.contains(moved)[:, None], moved, codes)


@laws
def test_distances_agree_with_monte_carlo(F, law):
    """Clopper-Pearson intervals at level 1 - 1e-6 for ten pairs, near and far, with a fixed seed."""
    D = law.distribution.on(F.domain)
    f, g = F.sample_block(fixed_keys(10)), F.sample_block(fixed_keys(10, 2))
    if isinstance(F, DirectSum):
        pairs = g
    else:
        pairs = np.where(np.arange(10)[:, None] % 2, g, _close_by(F, f, 0.1, np.random.default_rng(0)))
    found = F.distance(f, pairs, D)
    assert (found is not None) == law.distance
    if found is None:
        return
    for row in range(10):
        X = D.sample_block(fixed_keys(row + 1, 3)[row:], 0, DRAWS)
        differ = int((F.evaluate(f[row : row + 1], X) != F.evaluate(pairs[row : row + 1], X)).sum())
        interval = stats.binomtest(differ, DRAWS).proportion_ci(LEVEL)
        assert interval.low <= found[row] <= interval.high


@laws
def test_distances_are_those_of_a_metric(F, law):
    D = law.distribution.on(F.domain)
    f, g, h = (F.sample_block(fixed_keys(200, seed)) for seed in (1, 2, 3))
    found = F.distance(f, g, D)
    if found is None:
        assert not law.distance
        return
    np.testing.assert_array_equal(F.distance(f, f, D), np.zeros(200))
    np.testing.assert_allclose(F.distance(g, f, D), found, rtol=0, atol=1e-15)
    assert (found <= F.distance(f, h, D) + F.distance(h, g, D) + 1e-14).all()


@laws
def test_the_nearest_function_differs_at_x_and_no_random_member_is_nearer(F, law):
    D, rng = law.distribution.on(F.domain), np.random.default_rng(4)
    f, x = F.sample_block(fixed_keys(150, 5)), D.sample_block(fixed_keys(150, 6), 0, 1)[:, 0]
    found = F.nearest(f, x, D)
    assert (found is not None) == law.nearest
    if found is None:
        return
    codes, distances = found
    here = F.evaluate(f, x[:, None])[:, 0]
    assert F.contains(codes).all()
    assert (F.evaluate(codes, x[:, None])[:, 0] != here).all()
    np.testing.assert_allclose(distances, F.distance(f, codes, D), rtol=0, atol=1e-12)
    for trial in range(300):
        start = (f, codes, F.sample_block(fixed_keys(150, 100 + trial)))[trial % 3]
        whole = isinstance(F, DirectSum)
        rival = start if whole else _close_by(F, start, 10 ** rng.uniform(-5, 0.3), rng)
        differs = F.evaluate(rival, x[:, None])[:, 0] != here
        assert (distances <= F.distance(f, rival, D) + BEATEN)[differs].all()


@pytest.mark.parametrize(
    ("F", "code"),
    [
        (Thresholds(), [np.nan]),
        (Intervals(), [0.5, 0.5]),
        (Intervals(), [0.7, 0.5]),
        (Intervals(), [np.nan, 0.5]),
        (Boxes(dimension=1), [0.5, 0.4]),
        (Boxes(dimension=1), [np.inf, np.inf]),
        (Boxes(dimension=1), [np.nan, 1.0]),
        (Boxes(dimension=2), [1.0, 0.0, 0.0, 0.0]),
        (DirectSum((Intervals(), Conjunctions(bits=1))), [0.1, 0.2, 1.5]),
        (DirectSum((Intervals(), Conjunctions(bits=1))), [0.1, 0.2, 256.0]),
        (DirectSum((Intervals(), Conjunctions(bits=1))), [0.1, 0.2, np.nan]),
    ],
    ids=str,
)
def test_codes_that_are_no_function_or_a_second_name_are_refused(F, code):
    assert not F.contains(np.array([code]))[0]


@pytest.mark.parametrize("F", [Thresholds(), Intervals()], ids=str)
def test_on_a_line_with_atoms_the_nearest_is_that_of_the_points_in_order(F):
    rng = np.random.default_rng(0)
    places, weights = np.sort(rng.random(6)), np.array([0.1, 0.0, 0.3, 0.2, 0.15, 0.25])
    D = Atoms(tuple(places), tuple(weights)).on(F.domain)
    small = type(F)(points=6)
    on_points = Weighted(tuple(weights))
    codes = small.enumerate()
    bounds = np.append(places, np.inf)[codes]
    for i in range(6):
        x, index = np.full((len(codes), 1), places[i]), np.full((len(codes), 1), i)
        moved, distances = F.nearest(bounds, x, D)
        np.testing.assert_allclose(distances, small.nearest(codes, index, on_points)[1], rtol=0, atol=1e-15)
        assert (F.evaluate(moved, x[:, None]) != F.evaluate(bounds, x[:, None])).all()


def test_the_parts_of_a_sum_weigh_as_the_mixture_says():
    F = DirectSum((Thresholds(), Conjunctions(bits=1)))
    D = Mixture((UnitCube(), ProductBits(0.25)), (0.5, 0.5)).on(F.domain)
    f, g = np.array([[0.25, 2.0]]), np.array([[0.75, 1.0]])
    assert F.distance(f, g, D)[0] == pytest.approx(0.5 * 0.5 + 0.5 * 0.75, abs=1e-15)
    codes, distance = F.nearest(f, np.array([[1.0, 1.0]]), D)
    assert codes.tolist() == [[0.25, 0.0]]
    assert distance[0] == pytest.approx(0.5 * 0.25, abs=1e-15)
