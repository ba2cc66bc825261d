"""The cosine of whole turns: where its digits come from, and how far off it is."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from backdoor_game.kernels.features.tiles import COSINE
from backdoor_game.planting.features import Packed


def odd_part(v):
    """P(v) with cos 2 pi t = -u P(u^2), u = |t - rint(t)| - 1/4: sin(2 pi u) / u at u = sqrt v."""
    return mpmath.sin(2 * mpmath.pi * mpmath.sqrt(v)) / mpmath.sqrt(v)


def interpolated(degree):
    """The polynomial through odd_part at the Chebyshev points of [0, 1/16], lowest power first."""
    half = mpmath.mpf(1) / 32
    points = [half + half * mpmath.cos(mpmath.pi * (2 * i + 1) / (2 * degree + 2)) for i in range(degree + 1)]
    powers = mpmath.matrix([[v**j for j in range(degree + 1)] for v in points])
    return list(mpmath.lu_solve(powers, mpmath.matrix([odd_part(v) for v in points])))


@pytest.mark.parametrize(("bits", "dtype", "degree", "off"), [(64, "float64", 8, 4e-19), (32, "float32", 5, 3e-11)])
def test_the_digits_are_those_of_interpolation_at_chebyshev_points(bits, dtype, degree, off):
    with mpmath.workdps(60):
        exact = interpolated(degree)
        assert [float(np.dtype(dtype).type(float(c))) for c in exact] == list(COSINE[bits])
        for i in range(1, 200):
            v = mpmath.mpf(i) / 199 / 16
            assert abs(mpmath.sqrt(v) * (mpmath.polyval(exact[::-1], v) - odd_part(v))) < off


@pytest.mark.parametrize(("dtype", "wide", "off"), [("float64", np.longdouble, 6e-16), ("float32", np.float64, 3e-7)])
def test_the_cosine_of_a_turn_is_off_by_a_few_units_in_the_last_place(dtype, wide, off):
    t = np.linspace(-1.75, 1.75, 100_003).astype(dtype)
    found = Packed("cos", np.ones((1, 1), dtype), np.zeros(1, dtype)).matrix(t[:, None])[:, 0]
    turns = t.astype(wide)
    assert np.abs(found - np.cos(2 * np.arccos(wide(-1)) * (turns - np.rint(turns)))).max() < off


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_quarters_of_a_turn_are_exact_however_many_turns_came_before(dtype):
    t = np.array([0, 0.25, 0.5, 0.75, 1, 1000.25, -2000.5, 2.0**30], dtype)
    found = Packed("cos", np.ones((1, 1), dtype), np.zeros(1, dtype)).matrix(t[:, None])[:, 0]
    np.testing.assert_allclose(found, [1, 0, -1, 0, 1, 0, -1, 1], rtol=0, atol=2 * np.finfo(dtype).eps)
