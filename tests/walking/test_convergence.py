"""R-hat and effective sample size against their formulas, written out, and on chains whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from backdoor_game import InvalidArgument
from backdoor_game.players.walking import effective_size, split_rhat


def halves(chains):
    n = chains.shape[1] // 2
    return [part for chain in chains for part in (chain[:n], chain[len(chain) - n :])]


def scores(parts):
    """[Vehtari21] (14): the normal score of rank r among S draws is that of (r - 3/8) / (S + 1/4)."""
    ranks = stats.rankdata(np.concatenate(parts))
    return np.split(stats.norm.ppf((ranks - 3 / 8) / (len(ranks) + 1 / 4)), len(parts))


def within_and_total(parts):
    """W and the estimate of the variance, (n - 1)/n W + B/n, of [Vehtari21] (1) to (3)."""
    n = len(parts[0])
    within = sum(sum((x - part.mean()) ** 2 for x in part) / (n - 1) for part in parts) / len(parts)
    means = [part.mean() for part in parts]
    between = sum((mean - np.mean(means)) ** 2 for mean in means) / (len(parts) - 1)
    return within, (n - 1) / n * within + between


def rhat_by_definition(chains):
    found = []
    middle = np.median(np.concatenate(halves(chains)))
    for parts in (halves(chains), [abs(part - middle) for part in halves(chains)]):
        within, total = within_and_total(scores(parts))
        found.append(math.sqrt(total / within))
    return max(found)


def size_by_definition(chains):
    """[Vehtari21] (10) to (13), with autocovariances summed lag by lag."""
    parts = scores(halves(chains))
    n, m = len(parts[0]), len(parts)
    within, total = within_and_total(parts)
    rho = []
    for lag in range(n):
        products = [sum((part[: n - lag] - part.mean()) * (part[lag:] - part.mean())) / (n - 1) for part in parts]
        rho.append(1 - (within - np.mean(products)) / total)
    sums, least = 0.0, math.inf
    for k in range(n // 2):
        pair = rho[2 * k] + rho[2 * k + 1]
        if pair <= 0:
            break
        least = min(least, pair)
        sums += least
    return n * m / max(2 * sums - 1, 1 / math.log10(n * m))


@pytest.mark.parametrize("kind", ["normal", "whole", "drifting", "heavy"])
@pytest.mark.parametrize("shape", [(2, 8), (3, 25), (4, 60)])
def test_both_are_their_formulas(kind, shape):
    rng = np.random.default_rng(shape[1])
    for _ in range(5):
        chains = rng.normal(size=shape)
        if kind == "whole":
            chains = np.floor(2 * chains)
        elif kind == "drifting":
            chains = np.cumsum(chains, axis=1)
        elif kind == "heavy":
            chains = rng.standard_cauchy(shape)
        assert split_rhat(chains) == pytest.approx(rhat_by_definition(chains), rel=1e-9)
        assert effective_size(chains) == pytest.approx(size_by_definition(chains), rel=1e-9)


def test_many_sets_of_chains_are_answered_as_each_alone():
    chains = np.random.default_rng(1).normal(size=(3, 5, 4, 30))
    alone = [[(float(split_rhat(one)), float(effective_size(one))) for one in row] for row in chains]
    np.testing.assert_allclose(np.stack([split_rhat(chains), effective_size(chains)], axis=-1), alone, rtol=1e-12)


def test_independent_draws_have_rhat_1_and_count_in_full():
    """100 sets of 4 x 1000: R-hat - 1 is of the order 1/n; a sample size strays by some 5%, the mean of 100 by 0.5%."""
    chains = np.random.default_rng(2).normal(size=(100, 4, 1000))
    assert split_rhat(chains).max() < 1.01
    assert effective_size(chains).mean() == pytest.approx(4000, rel=0.05)


@pytest.mark.parametrize("rho", [0.3, 0.6, 0.9])
def test_an_autoregression_counts_n_times_1_minus_rho_over_1_plus_rho(rho):
    """Its autocorrelations are rho^t, so 1 + 2 sum rho^t = (1 + rho)/(1 - rho); normal scores hardly change normals."""
    rng, n = np.random.default_rng(3), 4000
    noise = rng.normal(size=(40, 4, n)) * math.sqrt(1 - rho**2)
    chains = np.empty_like(noise)
    chains[..., 0] = rng.normal(size=(40, 4))
    for t in range(1, n):
        chains[..., t] = rho * chains[..., t - 1] + noise[..., t]
    assert effective_size(chains).mean() == pytest.approx(4 * n * (1 - rho) / (1 + rho), rel=0.05)


def test_antithetic_draws_count_for_more_than_their_number():
    rng, chains = np.random.default_rng(4), np.empty((4, 2000))
    chains[:, 0] = rng.normal(size=4)
    for t in range(1, 2000):
        chains[:, t] = -0.6 * chains[:, t - 1] + 0.8 * rng.normal(size=4)
    assert effective_size(chains) > 1.5 * 8000
    assert effective_size(chains) <= 8000 * math.log10(8000)


def test_chains_apart_drifting_or_of_different_spread_have_a_large_rhat_and_count_for_little():
    rng = np.random.default_rng(5)
    apart = rng.normal(size=(4, 500)) + np.array([[0], [0], [0], [5]])
    drift = rng.normal(size=(4, 500)) + np.linspace(0, 5, 500)
    spread = rng.normal(size=(4, 500)) * np.array([[1], [1], [1], [9]])
    assert min(split_rhat(np.stack([apart, drift, spread]))) > 1.2
    assert max(effective_size(np.stack([apart, drift]))) < 20


def test_stuck_chains_are_infinitely_far_apart_and_constants_say_nothing():
    stuck = np.repeat(np.array([[0.0], [0.0], [1.0], [0.0]]), 20, axis=1)
    assert split_rhat(stuck) == math.inf
    assert effective_size(stuck) < 20
    assert math.isnan(split_rhat(np.full((4, 20), 0.1)))
    assert math.isnan(effective_size(np.full((4, 20), 0.1)))


@pytest.mark.parametrize("measure", [split_rhat, effective_size])
def test_seven_draws_are_too_few(measure):
    with pytest.raises(InvalidArgument, match="7 draws a chain are too few to tell: take at least 8"):
        measure(np.zeros((4, 7)))
