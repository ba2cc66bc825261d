"""The betting confidence sequence against its definition in lambda, exact rational sums, and exact crossing laws."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad

from backdoor_game.ground.statistics import betting_interval, clopper_pearson, log_wealth

COUNTS = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (2, 3, 5), (0, 4, 9), (7, 0, 1), (6, 6, 0), (20, 40, 60)]


def wealth_by_quadrature(n0, nh, n1, mu):
    """K(mu) as it is defined: the mean over lambda uniform on (-1/(1 - mu), 1/mu)."""
    low, high = -1 / (1 - mu), 1 / mu
    total, _ = quad(lambda v: (1 - v * mu) ** n0 * (1 + v * (0.5 - mu)) ** nh * (1 + v * (1 - mu)) ** n1,
                    low, high, epsabs=0, epsrel=1e-10, limit=200)
    return total / (high - low)


def wealth_by_fractions(n0, nh, n1, mu):
    """The same without rounding: expand the draws, and integrate each term as a beta function."""
    total = Fraction(0)
    for j in range(nh + 1):
        a, b = n1 + j, n0 + nh - j
        beta = Fraction(math.factorial(a) * math.factorial(b), math.factorial(a + b + 1))
        total += math.comb(nh, j) * beta / (mu**a * (1 - mu) ** b)
    return total / 2**nh


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("mu", [0.02, 0.3, 0.5, 0.81, 0.99])
def test_the_wealth_is_the_mixture_that_defines_it(counts, mu):
    assert math.exp(log_wealth(*counts, mu)) == pytest.approx(wealth_by_quadrature(*counts, mu), rel=1e-7)


@pytest.mark.parametrize("counts", [*COUNTS, (300, 500, 900), (0, 1000, 3), (1, 0, 2000)])
@pytest.mark.parametrize("mu", [Fraction(1, 50), Fraction(1, 2), Fraction(3, 4), Fraction(999, 1000)])
def test_the_wealth_agrees_with_exact_rational_arithmetic(counts, mu):
    exact = wealth_by_fractions(*counts, mu)
    log = math.log(exact.numerator) - math.log(exact.denominator)
    assert log_wealth(*counts, float(mu)) == pytest.approx(log, rel=1e-10, abs=1e-9)


@pytest.mark.parametrize("wins", [10**5, 10**7])
@pytest.mark.parametrize("losses", [0, 1, 10, 10**6])
def test_without_draws_the_wealth_of_millions_of_rounds_is_a_beta_function(losses, wins):
    for mu in (0.2, 0.9, 0.99999):
        log = (math.lgamma(wins + 1) + math.lgamma(losses + 1) - math.lgamma(wins + losses + 2)
               - wins * math.log(mu) - losses * math.log1p(-mu))
        assert log_wealth(losses, 0, wins, mu) == pytest.approx(log, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("counts", [*COUNTS, (3, 10, 4000), (0, 10**7, 0), (10**6, 10**6, 8 * 10**6)])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.9999])
def test_the_ends_are_where_the_wealth_reaches_one_over_alpha(counts, level):
    low, high = betting_interval(*counts, level)
    assert 0 <= low <= (counts[1] / 2 + counts[2]) / sum(counts) <= high <= 1
    for end, sure in ((low, counts[1] + counts[2] == 0), (high, counts[0] + counts[1] == 0)):
        if sure:
            assert end in (0.0, 1.0)
        else:
            assert log_wealth(*counts, end) == pytest.approx(-math.log(1 - level), abs=1e-5)


@pytest.mark.parametrize("counts", COUNTS)
def test_the_set_of_means_that_are_not_excluded_is_one_interval(counts):
    low, high = betting_interval(*counts, 0.9)
    for mu in ((i + 0.37) / 200 for i in range(200)):
        assert (low <= mu <= high) == (log_wealth(*counts, mu) < -math.log(0.1))


@pytest.mark.parametrize("counts", [(2, 3, 5), (10**7, 3, 1), (0, 0, 4)])
def test_swapping_wins_and_losses_mirrors_the_interval(counts):
    low, high = betting_interval(*counts, 0.95)
    assert betting_interval(*counts[::-1], 0.95) == pytest.approx((1 - high, 1 - low), abs=1e-15)


def crossing_probability(law, alpha, rounds):
    """The exact chance that the true mean is excluded at any of the first `rounds` looks, round by round."""
    mean = law[1] / 2 + law[2]
    alive, crossed = {(0, 0, 0): 1.0}, 0.0
    for _ in range(rounds):
        following: dict[tuple[int, int, int], float] = {}
        for (n0, nh, n1), chance in alive.items():
            for step, p in zip(((n0 + 1, nh, n1), (n0, nh + 1, n1), (n0, nh, n1 + 1)), law, strict=True):
                if p > 0:
                    following[step] = following.get(step, 0.0) + chance * p
        out = {counts for counts in following if log_wealth(*counts, mean) >= -math.log(alpha)}
        crossed += sum(following.pop(counts) for counts in out)
        alive = following
    return crossed


@pytest.mark.parametrize("law", [(0.5, 0.0, 0.5), (0.05, 0.0, 0.95), (0.1, 0.3, 0.6), (0.02, 0.96, 0.02)])
def test_the_true_mean_is_excluded_at_some_look_with_probability_at_most_alpha(law):
    rounds = 20 if law[1] else 120
    crossed = crossing_probability(law, 0.2, rounds)
    assert crossed <= 0.2
    assert crossed > 0


def test_long_runs_looked_at_again_and_again_are_covered_where_fixed_intervals_are_not():
    """400 runs of 4,000 rounds, 40 looks each, seed fixed: at most 59 misses, 99.9th percentile of Bin(400, .1)."""
    rng = np.random.default_rng(20250101)
    law, missed, fixed = (0.1, 0.0, 0.9), 0, 0
    for _ in range(400):
        wins = np.cumsum(rng.random(4000) < law[2])[99::100]
        looks = [(int(100 * (i + 1) - w), int(w)) for i, w in enumerate(wins)]
        missed += any(log_wealth(n0, 0, n1, law[2]) >= math.log(10) for n0, n1 in looks)
        intervals = (clopper_pearson(n1, n0 + n1, 0.9) for n0, n1 in looks)
        fixed += any(not low <= law[2] <= high for low, high in intervals)
    assert missed <= 59
    assert fixed > 100


def test_it_is_about_two_thirds_as_wide_as_two_sequences_one_for_each_branch():
    """Branches right with probability .8 and .9, independent; two beta-binomial sequences at alpha/2, ends averaged."""
    n = 10_000
    both, neither = round(0.72 * n), round(0.02 * n)
    low, high = betting_interval(neither, n - both - neither, both, 0.95)
    ends = [betting_interval(n - right, 0, right, 0.975) for right in (round(0.8 * n), round(0.9 * n))]
    apart = sum(h - l for l, h in ends) / 2
    assert 0.6 < (high - low) / apart < 0.72


def test_more_rounds_narrow_it_and_a_higher_level_widens_it():
    widths = [h - l for l, h in (betting_interval(n, 2 * n, 7 * n, 0.95) for n in (1, 10, 100, 10**4, 10**6))]
    assert widths == sorted(widths, reverse=True)
    for counts in product((0, 3), (1, 50), (2, 9)):
        inner, outer = betting_interval(*counts, 0.9), betting_interval(*counts, 0.99)
        assert outer[0] <= inner[0] < inner[1] <= outer[1]
