"""Intervals against exact binomial and multinomial laws, areas under curves against pairs, slopes against powers."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert statistics.win_rate_interval(0, 0, 0, 0, 0.95) == (0.0, 1.0)
    assert statistics.betting_interval(0, 0, 0, 0.95) == (0.0, 1.0)


# Win rates of paired branches


def outcomes(rounds, law):
    """All ways in which rounds fall into the cells (alarm, detection), with their probabilities."""
    for a, b, c in product(range(rounds + 1), repeat=3):
        counts = (a, b, c, rounds - a - b - c)
        if counts[3] >= 0:
            ways = math.factorial(rounds) // math.prod(math.factorial(k) for k in counts)
            yield counts, ways * math.prod(p**k for p, k in zip(law, counts, strict=True))


CELLS = [(0, 0), (0, 1), (1, 0), (1, 1)]  # (false alarm, detection)
LAWS = [
    (0.0, 0.7, 0.3, 0.0), (0.0, 0.93, 0.07, 0.0),  # an alarm exactly where the plant is missed: both scores agree
    (0.5, 0.0, 0.0, 0.5), (0.9, 0.0, 0.0, 0.1),  # an alarm exactly where it is detected: the mean score is 1/2
    (0.25, 0.25, 0.25, 0.25), (0.1, 0.8, 0.05, 0.05), (0.3, 0.69, 0.0, 0.01), (0.0, 1.0, 0.0, 0.0),
]


def coverage(rounds, law, interval):
    truth = (1 - law[2] - law[3] + law[1] + law[3]) / 2
    covered = 0.0
    for counts, chance in outcomes(rounds, law):
        low, high = interval(counts[2] + counts[3], counts[1] + counts[3])
        covered += chance * (low - 1e-12 <= truth <= high + 1e-12)
    return covered


@pytest.mark.parametrize("rounds", [1, 4, 9, 14])
@pytest.mark.parametrize("law", LAWS)
def test_win_rate_interval_covers_whatever_the_dependence_of_the_branches(rounds, law):
    def interval(alarms, detected):
        return statistics.win_rate_interval(alarms, detected, detected, rounds, 0.95)
    assert coverage(rounds, law, interval) >= 0.95 - 1e-12


def test_pooling_the_two_branches_as_twice_the_trials_would_not_cover():
    def pooled(alarms, detected):
        return statistics.clopper_pearson(14 - alarms + detected, 28, 0.95)
    assert coverage(14, LAWS[0], pooled) < 0.9


def test_undecided_rounds_widen_the_interval_to_both_sides():
    lost, won = (statistics.win_rate_interval(3, d, d, 50, 0.95) for d in (30, 40))
    assert statistics.win_rate_interval(3, 30, 40, 50, 0.95) == (lost[0], won[1])
    assert lost[0] < won[0]
    assert lost[1] < won[1]


def test_simultaneous_level_makes_independent_lines_hold_together():
    assert statistics.simultaneous_level(0.99, 1) == pytest.approx(0.99)
    for lines in (2, 36, 1000):
        assert statistics.simultaneous_level(0.99, lines) ** lines == pytest.approx(0.99, rel=1e-12)


# Curves


bins = st.integers(1, 6).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2))


@given(bins)
def test_auroc_is_the_share_of_pairs_and_the_area_under_the_curve(histograms):
    clean, planted = ([i for i, count in enumerate(h) for _ in range(count)] for h in histograms)
    found, curve = statistics.auroc(*histograms), statistics.roc(*histograms)
    if not clean or not planted:
        assert found is None
        assert curve is None
        return
    wins = sum(Fraction((p > c) - (p < c) + 1, 2) for c, p in product(clean, planted))
    assert found == pytest.approx(float(wins / (len(clean) * len(planted))), rel=1e-15)
    assert np.trapezoid(curve[1], curve[0]) == pytest.approx(found)


def test_roc_lists_the_rates_at_every_threshold_from_the_top():
    alarms, detections = statistics.roc([6, 3, 1], [0, 1, 3])
    assert alarms.tolist() == pytest.approx([0, 0.1, 0.4, 1])
    assert detections.tolist() == pytest.approx([0, 0.75, 1, 1])


def test_auroc_counts_beyond_what_64_bits_hold_in_products():
    assert statistics.auroc([4 * 10**9, 0], [0, 4 * 10**9]) == 1.0


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
    (lambda: statistics.win_rate_interval(1, 3, 2, 4, 0.95), "detections_low"),
    (lambda: statistics.win_rate_interval(5, 2, 2, 4, 0.95), "false_alarms"),
    (lambda: statistics.betting_interval(1, -1, 0, 0.95), "halves"),
    (lambda: statistics.simultaneous_level(0.99, 0), "lines"),
    (lambda: statistics.auroc([1, 2], [1, 2, 3]), "planted_bins"),
    (lambda: statistics.roc([1.5], [1]), "clean_bins"),
    (lambda: statistics.auroc([1], [-1]), "planted_bins"),
    (lambda: statistics.loglog_slope([1, 1], [2, 3]), "x"),
    (lambda: statistics.loglog_slope([1, 2], [0, 3]), "y"),
])
def test_bad_counts_and_levels_are_refused_by_name(call, named):
    with pytest.raises(InvalidArgument, match=named):
        call()
