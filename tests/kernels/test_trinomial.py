"""Chances of regions of trinomial counts against every run's mass, in fractions; of long runs against scipy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc
from scipy.stats import binom

from backdoor_game.kernels import trinomial as kernels
from tests.naive import trinomial as naive

LAWS = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 0, 1), (1, 2, 9), (5, 1, 5), (1, 97, 2), (3, 3, 4)]


def law_of(weights):
    return tuple(Fraction(w, sum(weights)) for w in weights)


@given(st.integers(1, 24), st.floats(0, 1), st.floats(0.1, 5), st.sampled_from(LAWS))
@settings(max_examples=150, deadline=None)
def test_a_region_s_chance_is_the_sum_of_its_runs(n, mean, z, weights):
    law = law_of(weights)
    found = kernels.region_chance(n, mean - 0.5, z, *map(float, law))
    assert found == pytest.approx(float(naive.region_chance(n, mean, z, law)), abs=1e-12)


@pytest.mark.parametrize("n", [2_000, 50_000, 1_000_000])
@pytest.mark.parametrize("law", [(0.1, 0.3, 0.6), (0.001, 0.05, 0.949), (0.01, 0.98, 0.01), (0.0, 0.4, 0.6)])
def test_of_many_rounds_it_is_the_mean_over_halves_of_binomial_tails(n, law):
    mean, half = law[1] / 2 + law[2], law[1]
    halves = np.arange(
        *np.clip(n * half + np.array([-9, 9]) * (n * half * (1 - half)) ** 0.5 + [0, 1], 0, n + 1).astype(int)
    )
    least = np.array([kernels.least_wins(n, mean - 0.5, 1.7, int(h)) for h in halves])
    trials, rate = n - halves, law[2] / (law[0] + law[2])
    tail = np.where(
        least <= 0,
        1.0,
        np.where(least > trials, 0.0, betainc(np.maximum(least, 1), np.maximum(trials - least + 1, 1), rate)),
    )
    expected = float(np.sum(binom.pmf(halves, n, half) * tail))
    assert kernels.region_chance(n, mean - 0.5, 1.7, *law) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("n", [1, 7, 200])
@pytest.mark.parametrize(
    ("mean", "low", "high"), [(0.7, 0.1, 0.3), (0.7, 0.0, 0.5), (0.4, 0.6, 0.8), (0.8, 0.5, 0.9), (0.9, 0.0, 0.02)]
)
def test_no_chance_between_two_laws_is_over_the_bound_of_their_gap(n, mean, low, high):
    """On either line alone: with losses, and without."""
    corner = 2 * (1 - mean)
    for c, d in ((low, min(high, corner)), (max(low, corner), high)):
        if not c < d:
            continue
        at = [c + (d - c) * i / 60 for i in range(61)]
        for edge in (mean - 0.2, mean, mean + 0.05):
            found = [kernels.region_chance(n, edge - 0.5, 1.0, *law(mean, share)) for share in at]
            bound = kernels.gap_bound(n, mean, c, found[0], d, found[-1])
            assert max(found) <= bound + 1e-12
            assert bound <= 1 + 1e-12


def law(mean, half):
    loss = max(0.0, 1 - mean - half / 2)
    return loss, half, 1 - half - loss


def test_an_answer_of_no_is_true_of_a_thousand_laws_and_one_of_yes_of_some():
    n, edge, z, goal = 400, 0.70, 1.645, 0.05
    told = {}
    for mean in (0.66, 0.68, 0.69, 0.70, 0.71, 0.72):
        told[mean] = kernels.may_exceed(n, edge - 0.5, z, mean, 0.2, 0.5, goal, 300)
        most = max(kernels.region_chance(n, edge - 0.5, z, *law(mean, 0.2 + 0.3 * i / 1000)) for i in range(1001))
        assert most <= goal or told[mean]
        assert most > goal - 0.003 or not told[mean]
    assert sorted(told.values()) == [told[mean] for mean in sorted(told)]
    assert set(told.values()) == {False, True}


def test_without_a_law_that_fits_nothing_is_possible():
    assert not kernels.may_exceed(10, 0.0, 1.0, 0.1, 0.5, 0.9, 0.05, 100)
