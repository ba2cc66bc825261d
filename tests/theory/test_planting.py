"""Planted backdoors: the derivations hold, and the library's closed forms are what definitions and texts say."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp

from backdoor_game import InvalidArgument, bounds
from theory import checksums, gaussian_pancakes, smoothing, spiked_features

BETAS = (0.01, 0.03, 0.1, 0.3)


@pytest.mark.parametrize("page", [gaussian_pancakes, spiked_features, smoothing, checksums], ids=lambda p: p.__name__)
def test_every_statement_of_the_derivation_holds(page):
    checks = page.checks()
    assert len(checks) >= 12
    assert [check.name for check in checks if not check.holds] == []


@pytest.mark.parametrize("beta", BETAS)
def test_pancakes_have_the_stated_correlation_by_integrating_their_density(beta):
    """The density of t is N(t; 0, 1) times a sum of N(a - gamma t; 0, beta^2) over a in Z + 1/2, as it is defined."""
    gamma = 1.5
    t = np.linspace(-9, 9, 1_800_001)
    off = (gamma * t) % 1 - 0.5
    near = sum(np.exp(-((off + j) ** 2) / (2 * beta**2)) for j in range(-4, 5))
    density = np.exp(-(t**2) / 2) * near
    mean = np.exp(2j * np.pi * gamma * t) @ density / density.sum()
    assert mean.real == pytest.approx(-bounds.pancake_correlation(beta), abs=1e-9)
    assert mean.imag == pytest.approx(0, abs=1e-12)


def test_flip_rates_are_those_of_the_text():
    assert [round(bounds.flip_rate(beta), 3) for beta in (0.3, 0.1, 0.03, 0.01)] == [0.554, 0.807, 0.940, 0.980]
    assert bounds.flip_rate(0) == 1
    assert bounds.flip_rate(5) == 0.5
    assert bounds.flip_rate(1e-9) == pytest.approx(1 - 2e-9, abs=1e-16)  # arccos(rho) is near 2 pi beta


@pytest.mark.parametrize(("beta", "kappa"), [*itertools.product(BETAS, (1.0, 2.0)), (0.1, 0.25)])
def test_the_flip_rate_is_the_mean_of_the_rate_given_gaussian_scores(beta, kappa):
    """Over the quantiles of N(0, s^2), of which the middle ones count alike."""
    from scipy.special import ndtri

    f = 3 * ndtri((np.arange(400_000) + 0.5) / 400_000)
    weights = 2 * kappa * float((f * f).mean())
    assert bounds.fit_ratio(f, weights) == pytest.approx(kappa)
    found = bounds.flip_rate_given_fit(f, weights, beta)
    assert found == pytest.approx(bounds.flip_rate(beta, kappa), abs=2e-6)
    assert bounds.integer_layers_flip_rate(beta, kappa) == pytest.approx(1 - found, abs=2e-6)


def test_without_noise_every_label_flips_but_those_of_scores_zero():
    assert bounds.flip_rate_given_fit([1.0, -2.0], 1.0, 0.0) == 1
    assert bounds.flip_rate_given_fit([0.0, 1.0], 1.0, 0.0) == 0.75


def test_a_spike_that_hides_needs_as_many_coordinates_as_the_text_says():
    """p = .1, m = 10 d, theta = .9 sqrt(d/m): success .95 from d = 1,600 on at a = .5, from a few hundred at a = .8."""

    def found(d, a):
        return bounds.relu_success(10 * d, d, 0.9 * bounds.bbp_threshold(d, 10 * d), a, 0.1)

    assert found(1500, 0.5) < 0.95 < found(1600, 0.5)
    assert found(200, 0.8) < 0.95 < found(400, 0.8)


@pytest.mark.parametrize(("m", "d", "theta", "a", "p"), [(16000, 1600, 0.28, 0.5, 0.1), (200, 50, 1.0, 0.8, 0.7)])
def test_success_is_the_text_s_formula_in_thirty_digits(m, d, theta, a, p):
    with mp.workdps(30):
        m, d, theta, a, p = map(mp.mpf, (m, d, theta, a, p))
        sigma, spread = mp.sqrt(1 + theta * a**2), mp.sqrt(mp.mpf(1) / 2 - 1 / (2 * mp.pi))
        gain = mp.sqrt(m) * (sigma - 1 - theta / (2 * d)) / (mp.sqrt(2 * mp.pi) * spread)
        exact = mp.ncdf((gain - mp.sqrt(2) * mp.erfinv(1 - 2 * p)) / sigma)
    assert float(spread) == pytest.approx(0.5838, abs=5e-5)
    found = bounds.relu_success(int(m), int(d), float(theta), float(a), float(p))
    assert found == pytest.approx(float(exact), abs=1e-12)


def test_spikes_leave_the_bulk_continuously_and_then_grow():
    for d, m in ((400, 4000), (64, 256), (300, 100)):
        edge, threshold = bounds.bbp_edge(d, m), bounds.bbp_threshold(d, m)
        assert bounds.spiked_eigenvalue(0, d, m) == bounds.spiked_eigenvalue(threshold, d, m) == edge
        assert bounds.spiked_eigenvalue(threshold * 1.0001, d, m) == pytest.approx(edge, rel=1e-6)
        assert bounds.spiked_overlap(threshold, d, m) == 0
        values = [
            (bounds.spiked_eigenvalue(c * threshold, d, m), bounds.spiked_overlap(c * threshold, d, m))
            for c in (1.1, 1.5, 2, 10, 1e6)
        ]
        assert values == sorted(values)
        assert values[-1][1] == pytest.approx(1, abs=1e-5)


def test_ranks_and_waits_are_exact_fractions():
    for rank, e in itertools.product((1, 2, 7, 30), (0, 1, 5)):
        exact = math.prod((1 - Fraction(1, 2**j) for j in range(e + 1, rank + e + 1)), start=Fraction(1))
        assert bounds.checksum_rank_probability(rank + 3, 3, e) == pytest.approx(float(exact), rel=1e-14)
        assert bounds.checksum_rank_bound(e) <= exact
        wait = rank + 1 + sum(Fraction(1, 2**j - 1) for j in range(1, rank + 1))
        assert bounds.checksum_mean_examples(rank + 3, 3) == pytest.approx(float(wait), rel=1e-14)
    assert bounds.checksum_examples(64, 8) == 57
    assert [bounds.checksum_query_advantage(3, q) for q in (0, 1, 4, 100)] == [0, 0.125, 0.5, 1]
    assert bounds.checksum_rank_probability(8, 8) == 1  # nothing is secret but v, which one example shows
    assert bounds.checksum_mean_examples(8, 8) == 1
    assert bounds.checksum_mean_examples(5000, 8) - 4993 == pytest.approx(1.6067, abs=1e-4)


def test_the_key_s_holder_and_the_seed_s_grinder_meet_where_the_page_says():
    for beta in BETAS[1:]:
        rho, N = bounds.pancake_correlation(beta), 1000
        m = 4 * math.log(N) / rho**2
        assert bounds.grinding_gain(N, math.floor(m)) >= rho / 2 >= bounds.grinding_gain(N, math.ceil(m))
    assert bounds.grinding_gain(1, 10) == 0
    assert bounds.key_test_error(8, 0) == pytest.approx(math.exp(-1))  # Hoeffding: exp(-2 m (1/2)^2 / 2^2)
    assert bounds.key_test_error(256, 5.0) == 1  # no pancakes left: the bound says nothing


def test_smoothing_s_bound_has_its_limits():
    assert bounds.smoothing_bound(0, 1) == bounds.smoothing_bound(0, 0) == 0
    assert bounds.smoothing_bound(1e-9, 0) == bounds.smoothing_bound(1e9, 1) == 2
    assert bounds.smoothing_bound(3, 2, span=1) == bounds.smoothing_bound(3, 2) / 2
    assert bounds.smoothing_bound(2, 1, span=1) == pytest.approx(0.6826894921370859)  # within one sigma of the mean


def test_both_conventions_describe_one_problem():
    """<g, bk> + e has deviations gamma and beta in ours, and over sqrt(2 pi) where the density is exp(-pi x^2)."""
    for width in (1.0, bounds.gamma_of(16)):
        g = bounds.pi_convention(width)
        assert g / math.sqrt(2 * math.pi) == pytest.approx(width)
        assert bounds.unit_convention(g) == pytest.approx(width)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bounds.pancake_correlation(-0.1), "beta must be a finite number from 0"),
        (lambda: bounds.flip_rate(math.nan), "beta must be a finite number from 0"),
        (lambda: bounds.flip_rate(0.1, 0), "kappa must be above 0"),
        (lambda: bounds.flip_rate_given_fit([], 1.0, 0.1), "scores must be finite numbers in one row"),
        (lambda: bounds.flip_rate_given_fit([math.nan], 1.0, 0.1), "scores must be finite numbers in one row"),
        (lambda: bounds.flip_rate_given_fit([1.0], 0.0, 0.1), "weight_norm_squared must be above 0"),
        (lambda: bounds.fit_ratio([0.0], 1.0), "scores must not all be 0"),
        (lambda: bounds.gamma_of(0), "k must be a whole number of at least 1"),
        (lambda: bounds.relu_success(100, 10, 0.5, 0.5, 1.0), "p must be below 1"),
        (lambda: bounds.relu_success(100, 10, 0.5, 1.5, 0.1), "a must be a finite number from 0 to 1"),
        (lambda: bounds.relu_success(100, 10, -1, 0.5, 0.1), "theta must be a finite number from 0"),
        (lambda: bounds.spiked_eigenvalue("1/2", 10, 100), "theta must be a finite number from 0"),
        (lambda: bounds.bbp_threshold(10, 0), "m must be a whole number of at least 1"),
        (lambda: bounds.diagonal_threshold(2, 1, 100), "d must be a whole number of at least 2"),
        (lambda: bounds.smoothing_bound(1, -1), "sigma must be a finite number from 0"),
        (lambda: bounds.smoothing_bound(1, 1, span=0), "span must be above 0"),
        (lambda: bounds.checksum_examples(3, 4), "n must be at most d = 3, got 4"),
        (lambda: bounds.checksum_fire_rate(0), "n must be a whole number of at least 1"),
        (lambda: bounds.checksum_query_advantage(3, -1), "queries must be a whole number of at least 0"),
        (lambda: bounds.grinding_gain(0, 10), "seeds must be a whole number of at least 1"),
    ],
)
def test_a_value_out_of_range_is_refused_in_one_sentence(call, message):
    with pytest.raises(InvalidArgument, match=f"^{message}"):
        call()
