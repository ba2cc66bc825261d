"""Intervals against exact binomial laws, slopes against powers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backdoor_game.ground import statistics
from backdoor_game.ground.errors import InvalidArgument


def binomial(n, k, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


# Clopper-Pearson


@pytest.mark.parametrize(("successes", "trials", "low", "high"), [
    (0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129), (4, 20, 0.0573, 0.4366),
    (10, 10, 0.6915, 1.0), (81, 263, 0.2527, 0.3676),
])
def test_clopper_pearson_matches_printed_tables(successes, trials, low, high):
    assert statistics.clopper_pearson(successes, trials, 0.95) == pytest.approx((low, high), abs=5.1e-5)


@pytest.mark.parametrize(("trials", "level"), [(1, 0.5), (7, 0.9), (30, 0.95), (30, 0.999)])
def test_clopper_pearson_ends_leave_half_of_alpha_in_either_tail(trials, level):
    for k in range(trials + 1):
        low, high = statistics.clopper_pearson(k, trials, level)
        if k > 0:
            assert sum(binomial(trials, i, low) for i in range(k, trials + 1)) == pytest.approx((1 - level) / 2)
        if k < trials:
            assert sum(binomial(trials, i, high) for i in range(k + 1)) == pytest.approx((1 - level) / 2)


@pytest.mark.parametrize("trials", [1, 2, 5, 10, 30])
def test_clopper_pearson_covers_every_probability(trials):
    ends = [statistics.clopper_pearson(k, trials, 0.95) for k in range(trials + 1)]
    for p in (i / 500 for i in range(501)):
        covered = sum(binomial(trials, k, p) for k, (low, high) in enumerate(ends) if low <= p <= high)
        assert covered >= 0.95 - 1e-12


def test_no_trials_and_no_rounds_say_nothing():
    assert statistics.clopper_pearson(0, 0, 0.95) == (0.0, 1.0)
    assert statistics.betting_interval(0, 0, 0, 0.95) == (0.0, 1.0)


def test_simultaneous_level_makes_independent_lines_hold_together():
    assert statistics.simultaneous_level(0.99, 1) == pytest.approx(0.99)
    for lines in (2, 36, 1000):
        assert statistics.simultaneous_level(0.99, lines) ** lines == pytest.approx(0.99, rel=1e-12)


@pytest.mark.parametrize("power", [-1.0, 0.5, 1.0, 3.0])
def test_loglog_slope_recovers_a_power_law(power):
    x = [2.0**-k for k in range(5, 11)]
    assert statistics.loglog_slope(x, [7 * v**power for v in x]) == pytest.approx(power, abs=1e-12)


def test_loglog_slope_is_the_least_squares_line():
    assert statistics.loglog_slope([1, 2, 4], [1, 8, 4]) == pytest.approx(1.0)  # the line 2/3 + log2 x
    assert statistics.loglog_slope([1, 2, 8], [2, 2, 16]) == pytest.approx(
        np.polyfit([0, 1, 3], [1, 1, 4], 1)[0])


@pytest.mark.parametrize(("call", "named"), [
    (lambda: statistics.clopper_pearson(5, 4, 0.95), "successes"),
    (lambda: statistics.clopper_pearson(1, 4, 1.0), "level"),
    (lambda: statistics.betting_interval(1, -1, 0, 0.95), "halves"),
    (lambda: statistics.simultaneous_level(0.99, 0), "lines"),
    (lambda: statistics.loglog_slope([1, 1], [2, 3]), "x"),
    (lambda: statistics.loglog_slope([1, 2], [0, 3]), "y"),
])
def test_bad_counts_and_levels_are_refused_by_name(call, named):
    with pytest.raises(InvalidArgument, match=named):
        call()
