"""Limits for the mean of scores 0, 1/2 and 1: exact coverage of small runs, widths, mirrored and degenerate runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binom

from backdoor_game.games.measuring import score_interval as module
from backdoor_game.games.measuring.score_interval import score_interval
from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.ground.statistics import clopper_pearson
from backdoor_game.kernels.trinomial import least_wins
from tests.naive.trinomial import runs


def least_coverage(n, level, interval, steps=24):
    """The least exact coverage over a grid of laws of scores, every run counted."""
    seen = np.array(runs(n))
    ends = np.array([interval(*map(int, run), level) for run in seen])
    ways = np.array([math.factorial(n) / math.prod(math.factorial(c) for c in run) for run in seen.tolist()])
    least = 1.0
    for lost in range(steps + 1):
        for half in range(steps + 1 - lost):
            law = np.array([lost, half, steps - lost - half]) / steps
            mean = law[1] / 2 + law[2]
            mass = ways * np.prod(law**seen, axis=1)
            inside = (ends[:, 0] <= mean + 1e-12) & (mean <= ends[:, 1] + 1e-12)
            least = min(least, float(mass[inside].sum()))
    return least


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("n", [1, 2, 3, 6, 10, 20])
def test_every_law_is_covered(n, level):
    assert least_coverage(n, level, score_interval) >= level - 1e-9


def test_the_normal_approximation_would_not_cover():
    def normal(losses, halves, wins, level):
        n, z = losses + halves + wins, 1.6448536
        mean = (halves / 2 + wins) / n
        half = z * math.sqrt((halves / 4 + wins) / n - mean**2) / math.sqrt(n)
        return mean - half, mean + half

    assert least_coverage(10, 0.9, normal) < 0.5


def test_limits_that_forget_the_unknown_share_of_halves_would_not_cover(monkeypatch):
    """The control: the share of halves is taken for known, and the gaps between laws for nothing."""
    monkeypatch.setattr(module, "clopper_pearson", lambda seen, n, level: (seen / n, seen / n))
    assert least_coverage(10, 0.5, score_interval) < 0.5


@pytest.mark.parametrize("counts", [(100, 900, 1000), (20, 1900, 80), (10, 80, 1910), (500, 0, 1500), (0, 900, 1100)])
def test_it_is_nearly_as_narrow_as_the_normal_approximation_at_2000_rounds(counts):
    n = sum(counts)
    mean = (counts[1] / 2 + counts[2]) / n
    deviation = math.sqrt((counts[1] / 4 + counts[2]) / n - mean**2)
    low, high = score_interval(*counts, 0.9)
    assert 1 <= (high - low) / (2 * 1.6448536 * deviation / math.sqrt(n)) <= 1.25


def test_it_is_narrower_than_two_intervals_averaged():
    """Branches right with probability .8 and .9, independent, 2,000 rounds: Clopper-Pearson at 1 - alpha/2 for each."""
    ends = [clopper_pearson(right, 2000, 0.975) for right in (1600, 1800)]
    apart = sum(high - low for low, high in ends) / 2
    low, high = score_interval(40, 520, 1440, 0.95)
    assert (high - low) / apart < 0.7


@pytest.mark.parametrize("counts", [(2, 3, 5), (0, 7, 1), (0, 0, 4), (300, 3, 1), (0, 9, 0)])
def test_swapping_wins_and_losses_mirrors_it(counts):
    low, high = score_interval(*counts, 0.95)
    assert score_interval(*counts[::-1], 0.95) == pytest.approx((1 - high, 1 - low), abs=1e-15)
    assert 0 <= low <= (counts[1] / 2 + counts[2]) / sum(counts) <= high <= 1


def test_rounds_that_all_score_the_same_leave_what_one_score_less_would_have_shown():
    """n wins in a row have probability mu^n: .02475 at the limit, beta being alpha/100, or a little less."""
    low, high = score_interval(0, 0, 2000, 0.95)
    assert high == 1.0
    assert low <= 0.02475 ** (1 / 2000)
    assert low >= (0.95 * 0.02475) ** (1 / 2000)
    low, high = score_interval(0, 2000, 0, 0.95)
    assert 0.499 < low < 0.5 < high < 0.501


@pytest.mark.parametrize("n", [10, 10**4, 10**7, 10**9, 10**12])
@pytest.mark.parametrize("level", [0.5, 0.99, 1 - 1e-8])
def test_the_run_that_was_seen_is_in_its_own_region(n, level):
    """The few scores that are not the common one are all that the region's edge is made of."""
    z = -float(ndtri((1 - level) * (1 - module.NUISANCE) / 2))
    for few in (0, 1, 2, 7):
        rest = n - few
        for run in ((few, rest, 0), (0, rest, few), (few, 0, rest), (rest, few, 0), (few, rest - few, few)):
            assert least_wins(n, module._centre(*run, z * z / n), z, run[1]) <= run[2], run


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("rounds", [10**4, 10**7, 10**9])
def test_rare_losses_among_halves_are_covered_in_long_runs_too(rounds, level):
    """Losses of chance rate/rounds, all other scores 1/2: as good as Poisson, exactly binomial here."""
    ends = [score_interval(k, rounds - k, 0, level) for k in range(40)]
    for rate in (0.05, 0.3, 1.0, 2.5, 6.0, 12.0):
        mean = 0.5 - rate / rounds / 2
        inside = [low <= mean + 1e-15 and mean <= high + 1e-15 for low, high in ends]
        assert float(binom.pmf(np.flatnonzero(inside), rounds, rate / rounds).sum()) >= level - 1e-9


def test_undecided_rounds_leave_each_end_its_own_share_of_what_is_unknown():
    """Two shares of halves, each outside of its set by chance alpha/100 at most: alpha is divided by 1.01."""
    least, most = (5, 60, 35), (1, 52, 47)
    low, high = module.doubtful_interval(least, most, 0.95)
    shared = 1 - 0.05 / 1.01
    assert (low, high) == (score_interval(*least, shared)[0], score_interval(*most, shared)[1])
    assert module.doubtful_interval(least, least, 0.95) == score_interval(*least, 0.95)


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        ((1, 0, 999_999), 1 - 1e-8),
        ((40, 1, 599), 1 - 1e-7),
        ((1, 2, 24_202), 1 - 1e-8),
        ((396, 3, 345), 1 - 1e-8),
    ],
)
def test_at_high_levels_it_is_never_far_wider_than_without_halves(counts, level):
    """Beside Clopper-Pearson with the halves counted as losses and wins by turns, its width is at most a fifth more."""
    _, halves, wins = counts
    ends = clopper_pearson(wins + halves // 2, sum(counts), level)
    low, high = score_interval(*counts, level)
    assert high - low <= 1.2 * (ends[1] - ends[0])


def test_it_ends_for_as_many_rounds_as_may_be_asked_for():
    low, high = score_interval(0, 0, 2**48, 0.95)
    assert 1 - 1e-6 < low < high == 1.0


def test_nothing_is_known_of_no_rounds():
    assert score_interval(0, 0, 0, 0.95) == (0.0, 1.0)


def test_more_rounds_narrow_it_and_a_higher_level_widens_it():
    widths = [high - low for low, high in (score_interval(n, 2 * n, 7 * n, 0.95) for n in (1, 10, 100, 10**4))]
    assert widths == sorted(widths, reverse=True)
    inner, outer = score_interval(3, 50, 9, 0.9), score_interval(3, 50, 9, 0.999)
    assert outer[0] < inner[0] < inner[1] < outer[1]


@pytest.mark.parametrize(
    ("counts", "level", "named"),
    [
        ((-1, 2, 3), 0.9, "losses"),
        ((1, -2, 3), 0.9, "halves"),
        ((1, 2, 2.5), 0.9, "wins"),
        ((1, 2, 3), 1.0, "level"),
    ],
)
def test_bad_counts_and_levels_are_refused_by_name(counts, level, named):
    with pytest.raises(InvalidArgument, match=named):
        score_interval(*counts, level)
