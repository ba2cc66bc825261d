"""Areas under curves against pairs, their intervals against coverage by simulation and against DeLong's formula."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from backdoor_game.ground import curves
from backdoor_game.ground.errors import InvalidArgument

histograms = st.integers(1, 6).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2))


@given(histograms)
def test_auroc_is_the_share_of_pairs_and_the_area_under_the_curve(pair):
    clean, planted = ([i for i, count in enumerate(h) for _ in range(count)] for h in pair)
    found, curve = curves.auroc(*pair), curves.roc(*pair)
    if not clean or not planted:
        assert (found, curve, curves.auroc_interval(*pair, 0.9)) == (None, None, None)
        return
    wins = sum(Fraction((p > c) - (p < c) + 1, 2) for c, p in product(clean, planted))
    assert found == pytest.approx(float(wins / (len(clean) * len(planted))), rel=1e-15)
    assert np.trapezoid(curve[1], curve[0]) == pytest.approx(found)
    low, high = curves.auroc_interval(*pair, 0.9)
    assert 0 <= low <= found <= high <= 1


def test_roc_lists_the_rates_at_every_threshold_from_the_top():
    alarms, detections = curves.roc([6, 3, 1], [0, 1, 3])
    assert alarms.tolist() == pytest.approx([0, 0.1, 0.4, 1])
    assert detections.tolist() == pytest.approx([0, 0.75, 1, 1])


def test_auroc_counts_beyond_what_64_bits_hold_in_products():
    assert curves.auroc([4 * 10**9, 0], [0, 4 * 10**9]) == 1.0


def counted(clean, planted):
    values = np.unique(np.concatenate([clean, planted]))
    return [np.array([(side == value).sum() for value in values]) for side in (clean, planted)]


def test_the_errors_are_delong_s_from_the_shares_of_pairs():
    """Written out: the variance over one side's rounds of the share of the other side that is in order."""
    rng = np.random.default_rng(3)
    clean, planted = rng.integers(0, 6, 400), rng.integers(2, 8, 400)
    order = (planted[None] > clean[:, None]) + 0.5 * (planted[None] == clean[:, None])
    errors = [np.sqrt(order.mean(axis=axis).var(ddof=1) / 400) for axis in (1, 0)]
    low, high = curves.auroc_interval(*counted(clean, planted), 0.9)
    assert (high - low) / 2 == pytest.approx(1.6448536 * sum(errors), rel=1e-6)
    # Both sides independent, a bootstrap of either tells the same root of the sum of squares.
    resampled = bootstrap(
        (clean, planted),
        lambda c, p: np.mean((p[None] > c[:, None]) + 0.5 * (p[None] == c[:, None])),
        vectorized=False,
        n_resamples=300,
        method="basic",
        random_state=rng,
    )
    assert resampled.standard_error == pytest.approx(np.hypot(*errors), rel=0.15)


@pytest.mark.parametrize("correlation", [0.0, 0.9, -0.9])
def test_the_interval_covers_however_the_branches_of_a_round_depend_on_each_other(correlation):
    """Gaussian suspicions, 100 rounds, 600 runs: Phi(1/sqrt 2) = .7602 inside at least .9 less three deviations."""
    rng, inside = np.random.default_rng(8), 0
    for _ in range(600):
        clean, other = rng.standard_normal((2, 100))
        planted = 1 + correlation * clean + np.sqrt(1 - correlation**2) * other
        low, high = curves.auroc_interval(*counted(clean, planted), 0.9)
        inside += low <= 0.76025 <= high
    assert inside / 600 >= 0.9 - 3 * 0.0123


def test_a_perfect_order_of_few_rounds_is_no_proof_of_one_of_all():
    """n/2 pairs of different rounds are independent: all in order by chance .05 if the area is .05^(2/n)."""
    assert curves.auroc_interval([40, 0], [0, 40], 0.9) == pytest.approx((0.05 ** (1 / 20), 1.0))
    low, high = curves.auroc_interval([1, 0], [0, 1], 0.9)
    assert (low, high) == pytest.approx((0.05, 1.0))


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: curves.auroc([1, 2], [1, 2, 3]), "planted"),
        (lambda: curves.roc([1.5], [1]), "clean"),
        (lambda: curves.auroc_interval([1], [-1], 0.9), "planted"),
        (lambda: curves.auroc_interval([1], [1], 1.0), "level"),
    ],
)
def test_bad_counts_and_levels_are_refused_by_name(call, named):
    with pytest.raises(InvalidArgument, match=named):
        call()
