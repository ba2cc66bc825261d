"""Halfspaces under the standard normal law, against quadrature, trigonometry and fine grids."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from backdoor_game.functions import Halfspaces
from backdoor_game.functions.hyperplanes import disagreement
from backdoor_game.spaces.distributions import StandardNormal
from tests.functions.examples import fixed_keys

BEATEN = 1e-6


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
    for a, b in itertools.pairwise(marks):
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
    f, g = F.sample_block(fixed_keys(30)), F.sample_block(fixed_keys(30, 2))
    for scale in (1e-200, 3.0, 1e200):
        np.testing.assert_allclose(F.distance(f * scale, g, D), F.distance(f, g, D), rtol=0, atol=1e-14)


@pytest.mark.parametrize("angle", [0.3, 1.2, 2.9])
def test_halfspaces_through_the_origin_disagree_in_proportion_to_their_angle(angle):
    F = Halfspaces(dimension=2, bias=False)
    f, g = np.array([[1.0, 0.0, 0.0]]), np.array([[math.cos(angle), math.sin(angle), 0.0]])
    assert F.distance(f, g, StandardNormal(dimension=2))[0] == pytest.approx(angle / math.pi, abs=1e-15)


def test_the_nearest_halfspace_through_the_origin_turns_by_the_angle_between_x_and_the_boundary():
    F, D = Halfspaces(dimension=5, bias=False), StandardNormal(dimension=5)
    f, x = F.sample_block(fixed_keys(200)), D.sample_block(fixed_keys(200, 2), 0, 1)[:, 0]
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
    f, x = F.sample_block(fixed_keys(60)), D.sample_block(fixed_keys(60, 2), 0, 1)[:, 0]
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
