"""Classes on R^n: distances against Monte Carlo and quadrature, nearest functions against searches that may not beat them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from backdoor_game import streams
from backdoor_game.distributions import Atoms, Mixture, ProductBits, StandardNormal, Uniform, UnitCube, Weighted
from backdoor_game.functions import Boxes, Conjunctions, DirectSum, Halfspaces, Intervals, Thresholds
from backdoor_game.functions.hyperplanes import disagreement
from tests.functions.examples import CONTINUOUS

LEVEL = 1 - 1e-6
DRAWS = 100_000
BEATEN = 1e-6

laws = pytest.mark.parametrize(
    ("F", "law"), [(e.functions, law) for e in CONTINUOUS for law in e.laws], ids=lambda value: str(value)[:60]
)


def _keys(count, seed=1):
    return streams.role_keys(seed, "continuous classes", "choose", 0, count)


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
    f, g = F.sample_block(_keys(10)), F.sample_block(_keys(10, 2))
    if isinstance(F, DirectSum):
        pairs = g
    else:
        pairs = np.where(np.arange(10)[:, None] % 2, g, _close_by(F, f, 0.1, np.random.default_rng(0)))
    found = F.distance(f, pairs, D)
    assert (found is not None) == law.distance
    if found is None:
        return
    for row in range(10):
        X = D.sample_block(_keys(row + 1, 3)[row:], 0, DRAWS)
        differ = int((F.evaluate(f[row : row + 1], X) != F.evaluate(pairs[row : row + 1], X)).sum())
        interval = stats.binomtest(differ, DRAWS).proportion_ci(LEVEL)
        assert interval.low <= found[row] <= interval.high
    np.testing.assert_array_equal(F.distance(f, f, D), np.zeros(10))
    np.testing.assert_allclose(F.distance(pairs, f, D), found, rtol=0, atol=1e-15)


@laws
def test_the_nearest_function_differs_at_x_and_no_random_member_is_nearer(F, law):
    D, rng = law.distribution.on(F.domain), np.random.default_rng(4)
    f, x = F.sample_block(_keys(150, 5)), D.sample_block(_keys(150, 6), 0, 1)[:, 0]
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
        start = (f, codes, F.sample_block(_keys(150, 100 + trial)))[trial % 3]
        whole = isinstance(F, DirectSum)
        rival = start if whole else _close_by(F, start, 10 ** rng.uniform(-5, 0.3), rng)
        differs = F.evaluate(rival, x[:, None])[:, 0] != here
        assert (distances <= F.distance(f, rival, D) + BEATEN)[differs].all()


def _quadrature(angle, s, t):
    """Pr[(U >= s) != (V >= t)] with V = U cos + W sin, integrated over U; W's law is known given U."""
    c, d = math.cos(angle), math.sin(angle)

    def low(u):
        return stats.norm.pdf(u) * special.ndtr((t - u * c) / d)

    def high(u):
        return stats.norm.pdf(u) * special.ndtr(-(t - u * c) / d)

    kink = t / c if abs(c) > 1e-9 else 0.0
    marks = sorted({-9.0, 9.0, s, *(p for p in (kink - 8 * d, kink, kink + 8 * d, -1.0, 1.0) if -9 < p < 9)})
    total = 0.0
    for a, b in zip(marks, marks[1:], strict=False):
        total += integrate.quad(low if a >= s else high, a, b, epsabs=1e-14, epsrel=1e-12)[0]
    return total


@pytest.mark.parametrize("angle", [1e-3, 0.2, 1.0, math.pi / 2, 2.3, math.pi - 1e-3])
def test_disagreement_of_halfspaces_is_the_gaussian_integral(angle):
    offsets = [-2.5, -0.4, 0.0, 0.4, 1.3]
    for s in offsets:
        for t in offsets:
            found = disagreement(np.array([angle]), np.array([s]), np.array([t]))[0]
            assert found == pytest.approx(_quadrature(angle, s, t), abs=1e-11)


@pytest.mark.parametrize("s", [-1.0, 0.0, 0.7])
@pytest.mark.parametrize("t", [-1.0, 0.0, 0.7, 40.0])
def test_parallel_halfspaces_disagree_on_a_slab(s, t):
    slab = abs(special.ndtr(s) - special.ndtr(t))
    assert disagreement(np.zeros(1), np.array([s]), np.array([t]))[0] == pytest.approx(slab, abs=1e-15)
    opposite = 1 - abs(special.ndtr(s) - special.ndtr(-t))
    assert disagreement(np.full(1, math.pi), np.array([s]), np.array([t]))[0] == pytest.approx(opposite, abs=1e-15)


def test_scaling_a_halfspace_moves_no_distance():
    F, D = Halfspaces(dimension=4), StandardNormal(dimension=4)
    f, g = F.sample_block(_keys(30)), F.sample_block(_keys(30, 2))
    for scale in (1e-200, 3.0, 1e200):
        np.testing.assert_allclose(F.distance(f * scale, g, D), F.distance(f, g, D), rtol=0, atol=1e-14)


@pytest.mark.parametrize("angle", [0.3, 1.2, 2.9])
def test_halfspaces_through_the_origin_disagree_in_proportion_to_their_angle(angle):
    F = Halfspaces(dimension=2, bias=False)
    f, g = np.array([[1.0, 0.0, 0.0]]), np.array([[math.cos(angle), math.sin(angle), 0.0]])
    assert F.distance(f, g, StandardNormal(dimension=2))[0] == pytest.approx(angle / math.pi, abs=1e-15)


def test_the_nearest_halfspace_through_the_origin_turns_by_the_angle_between_x_and_the_boundary():
    F, D = Halfspaces(dimension=5, bias=False), StandardNormal(dimension=5)
    f, x = F.sample_block(_keys(200)), D.sample_block(_keys(200, 2), 0, 1)[:, 0]
    u, direction = f[:, :-1] / np.linalg.norm(f[:, :-1], axis=1)[:, None], x / np.linalg.norm(x, axis=1)[:, None]
    expected = np.abs(np.arcsin((u * direction).sum(axis=1))) / math.pi
    np.testing.assert_allclose(F.nearest(f, x, D)[1], expected, rtol=0, atol=1e-13)


def test_at_the_origin_no_halfspace_without_bias_differs():
    F = Halfspaces(dimension=3, bias=False)
    codes, distances = F.nearest(np.array([[1.0, 2.0, -1.0, 0.0]]), np.zeros((1, 3)), StandardNormal(dimension=3))
    assert np.isinf(distances).all()
    assert F.contains(codes).all()


@pytest.mark.parametrize("n", [2, 8, 200])
def test_the_best_angle_is_not_beaten_by_a_hundred_times_finer_grid(n):
    F, D = Halfspaces(dimension=n), StandardNormal(dimension=n)
    f, x = F.sample_block(_keys(60)), D.sample_block(_keys(60, 2), 0, 1)[:, 0]
    f[:, -1] *= np.repeat([0.3, 1.0, math.sqrt(n)], 20)
    norm = np.linalg.norm(f[:, :-1], axis=1)
    t, s = -f[:, -1] / norm, (f[:, :-1] * x).sum(axis=1) / norm
    r = np.sqrt((x**2).sum(axis=1) - s**2)
    angles = np.linspace(-math.pi, math.pi, 25_601)
    found = F.nearest(f, x, D)[1]
    for row in range(60):
        offset = s[row] * np.cos(angles) + r[row] * np.sin(angles)
        assert found[row] <= disagreement(np.abs(angles), np.full_like(angles, t[row]), offset).min() + BEATEN


@pytest.mark.parametrize("bad", [[0.0, 0.0, 1.0], [np.nan, 1.0, 0.0], [1.0, np.inf, 0.0], [1.0, 1.0, np.nan]])
def test_constant_and_unbounded_halfspaces_are_no_members(bad):
    assert not Halfspaces(dimension=2).contains(np.array([bad]))[0]
    assert not Halfspaces(dimension=2, bias=False).contains(np.array([bad]))[0]


def test_without_bias_an_offset_is_no_member():
    code = np.array([[1.0, 1.0, 0.5]])
    assert Halfspaces(dimension=2).contains(code)[0]
    assert not Halfspaces(dimension=2, bias=False).contains(code)[0]


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


def test_a_box_is_nearest_under_a_product_law_alone():
    F = Boxes(dimension=1, points=3)
    code, x = np.array([[0, 0]]), np.array([[2]])
    assert F.nearest(code, x, Uniform().on(F.domain)) is not None
    assert F.nearest(code, x, Atoms((0, 1, 2), (0.1, 0.8, 0.1)).on(F.domain)) is None


def test_a_conjunction_may_do_best_with_neither_the_hull_nor_the_point():
    """f = (bit 2 is 0) and x = (1, 1) at p = (.2, .6): {x} is at .4 + .12, all points at .6, (bit 1 is 1) at .32 + .12."""
    F = Conjunctions(bits=2)
    f, x = np.array([[2, 0]], dtype=np.uint8), np.array([[1, 1]], dtype=np.uint8)
    code, distance = F.nearest(f, x, ProductBits((0.2, 0.6)).on(F.domain))
    assert code.tolist() == [[1, 2]]
    assert distance[0] == pytest.approx(0.44)


@pytest.mark.parametrize("n", [5, 40])
def test_on_uniform_bits_another_and_is_half_a_term_away(n):
    """The closest other AND to one with a < n literals is at 2^-(a+1), at a point x where the AND holds."""
    F, rng = Conjunctions(bits=n), np.random.default_rng(0)
    D = Uniform().on(F.domain)
    for a in range(n):
        code = np.full((1, n), 2, dtype=np.uint8)
        literals = rng.permutation(n)[:a]
        code[0, literals] = rng.integers(2, size=a)
        x = np.where(code == 2, rng.integers(2, size=(1, n)), code).astype(np.uint8)
        assert F.nearest(code, x, D)[1][0] == 2.0 ** -(a + 1)
    assert F.nearest(x, x, D)[1][0] == 2.0**-n


def test_the_parts_of_a_sum_weigh_as_the_mixture_says():
    F = DirectSum((Thresholds(), Conjunctions(bits=1)))
    D = Mixture((UnitCube(), ProductBits(0.25)), (0.5, 0.5)).on(F.domain)
    f, g = np.array([[0.25, 2.0]]), np.array([[0.75, 1.0]])
    assert F.distance(f, g, D)[0] == pytest.approx(0.5 * 0.5 + 0.5 * 0.75, abs=1e-15)
    codes, distance = F.nearest(f, np.array([[1.0, 1.0]]), D)
    assert codes.tolist() == [[0.25, 0.0]]
    assert distance[0] == pytest.approx(0.5 * 0.25, abs=1e-15)
