"""The experiments on random Fourier features: claims that can fail, and words that say no more than was found."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest

from backdoor_game import CLWEBackdoor, GaussianLinear, Moments, StaticDetection, bounds
from backdoor_game.experiments import norm_visibility, rff_flip_rate
from backdoor_game.experiments.relu_static import tables as relu_tables
from backdoor_game.experiments.rff_static import experiment as rff_static
from backdoor_game.experiments.shared.advantages import Judged, found_in
from backdoor_game.experiments.shared.advantages import judged as panel_of
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.ground.streams import Generators

CELL = rff_flip_rate.FlipRateLine(GaussianLinear(dimension=16, train=80, test=50), CLWEBackdoor(k=4, beta=0.1), 6)


def network(**fields):
    return rff_flip_rate.Network(
        **{"flips": 0.8, "wrong": 0.5, "predicted": 0.8, "kappa": 1.0, "accuracy": 0.95, **fields}
    )


def exact():
    """What every cell would give if the theory were exact."""
    found = {}
    for cell in rff_flip_rate.cells(False):
        rate = bounds.flip_rate(cell.backdoor.beta)
        rate = 1 - rate if cell.backdoor.shift == 0 else rate
        found[cell] = [network(flips=rate, predicted=rate)] * 3
    return found


def test_the_reference_workload_and_the_sizes_are_those_of_the_acceptance():
    grid = rff_flip_rate.cells(False)
    reference = [cell for cell in grid if cell.group == "reference"]
    assert {(cell.backdoor.k, cell.backdoor.beta) for cell in reference} == set(
        itertools.product((4, 8, 16, 32), (0.3, 0.1, 0.03, 0.01))
    )
    assert {cell.networks for cell in reference} == {40}
    assert all(cell.functions.features == 256 and cell.functions.penalty == 0.01 for cell in grid)
    assert all(
        (cell.data.dimension, cell.data.train, cell.data.test, cell.data.norm) == (64, 600, 500, 0.25)
        for cell in reference
    )
    real = [cell for cell in grid if cell.group == "real"]
    assert sorted((type(c.data).__name__, c.backdoor.k, c.backdoor.beta, c.networks) for c in real) == [
        (name, 16, beta, 60) for name in ("BreastCancer", "Digits") for beta in (0.03, 0.1)
    ]
    assert [round(bounds.flip_rate(beta), 3) for beta in (0.3, 0.1, 0.03, 0.01)] == [0.554, 0.807, 0.940, 0.980]


@pytest.mark.parametrize(
    ("group", "change", "claim"),
    [
        ("reference", {"flips": 0.025}, "reference workload"),
        ("reference", {"wrong": 0.035}, "a wrong key"),
        ("integer layers", {"flips": 0.025}, "control"),
        ("real", {"flips": -0.035}, "digits and breast cancer"),
        ("real", {"accuracy": -0.05}, "accuracy on"),
    ],
)
def test_each_claim_on_flip_rates_holds_for_exact_rates_and_fails_when_one_cell_is_off(group, change, claim):
    found = exact()
    assert all(verdict.holds for verdict in rff_flip_rate._verdicts(found))
    for cell in [cell for cell in found if cell.group == group]:
        (name, by), networks = next(iter(change.items())), found[cell]
        moved = [dataclasses.replace(one, **{name: getattr(one, name) + by}) for one in networks]
        told = rff_flip_rate._verdicts({**found, cell: moved})
        failed = [verdict.claim for verdict in told if not verdict.holds]
        assert len(failed) == 1
        assert failed[0].startswith(claim)


def test_networks_depend_on_the_seed_and_their_number_alone():
    measured = rff_flip_rate.measured(CELL, Settings(threads=1))
    assert measured == rff_flip_rate.measured(dataclasses.replace(CELL, networks=8), Settings(threads=2))[:6]
    assert len(set(measured)) == 6
    assert measured != rff_flip_rate.measured(CELL, Settings(seed=1))


def judged(alarms, caught, detector="Moments()"):
    level = rff_static.level(rff_static.HOLDER if detector == "KeyHolder()" else rff_static.KEYLESS[0])
    return Judged(detector, 300, alarms, caught, level)


def test_intervals_are_at_the_levels_of_their_families():
    """K = 8 keyless detectors share .05, each of two rates at 1 - .05/16; the key holder is a claim of its own."""
    assert len(rff_static.KEYLESS) == 8
    assert judged(3, 3).level == pytest.approx(1 - 0.05 / 16)
    holder = judged(0, 300, "KeyHolder()")
    assert holder.level == pytest.approx(1 - 0.05 / 2)
    tail = 0.0125 ** (1 / 300)  # Clopper-Pearson's end for 300 of 300
    assert holder.interval[0] == pytest.approx(tail - (1 - tail))
    assert holder.interval[0] > 0.95
    assert judged(15, 300, "KeyHolder()").interval[0] < 0.95


@pytest.mark.parametrize(
    ("lines", "accuracy", "failing"),
    [
        ([(3, 3)] * 8 + [(0, 300)], (0.66, 0.66), set()),
        ([(3, 3)] * 7 + [(3, 30), (0, 300)], (0.66, 0.66), {0, 1}),
        ([(3, 3)] * 7 + [(30, 3), (0, 300)], (0.66, 0.66), {0, 2}),
        ([(3, 3)] * 8 + [(0, 280)], (0.66, 0.66), {3}),
        ([(3, 3)] * 8 + [(0, 300)], (0.66, 0.63), {4}),
    ],
)
def test_each_claim_on_detectors_can_fail(lines, accuracy, failing):
    names = ["Moments()"] * 8 + ["KeyHolder()"]
    found = [judged(*line, name) for line, name in zip(lines, names, strict=True)]
    told = rff_static._verdicts(found, np.array(accuracy))
    assert {i for i, verdict in enumerate(told) if not verdict.holds} == failing


def test_a_detector_that_found_nothing_is_never_said_to_have_nothing_to_find():
    assert rff_static.found_in(judged(3, 3)) == "no advantage above 0.1 found"
    assert rff_static.found_in(judged(0, 30)).startswith("an advantage above 0.0")
    assert rff_static.found_in(judged(20, 30)).startswith("no advantage above 0.1")
    for module in (rff_static, rff_flip_rate, norm_visibility):
        assert "undetectable" not in module.TITLE


def test_the_auroc_is_the_share_of_pairs_in_order():
    rng = np.random.default_rng(0)
    fresh, moved = rng.integers(0, 6, 40).astype(float), rng.integers(1, 8, 40).astype(float)
    pairs = [(a < b) + 0.5 * (a == b) for a in fresh for b in moved]
    assert norm_visibility.auroc(fresh, moved) == pytest.approx(np.mean(pairs))


def line(workload, k, auroc, accuracy):
    return norm_visibility.NormLine(workload, 4096, k, auroc, 0.02, 0.8, accuracy)


def test_each_claim_on_lengths_can_fail():
    """Phi(2k / sqrt(d + 4k)) at d = 4096: .550 for k = 4 and .838 for k = 32."""
    right = [line("N(0, I)", 4, 0.55, 0.5), line("N(0, I)", 32, 0.84, 0.5), line("useful", 4, 1.0, 0.66)]
    assert all(verdict.holds for verdict in norm_visibility._verdicts(right))
    for place, off, failing in [
        (1, line("N(0, I)", 32, 0.80, 0.5), {0}),
        (0, line("N(0, I)", 4, 0.60, 0.5), {0, 1}),
        (1, line("N(0, I)", 32, 0.84, 0.6), {2}),
        (2, line("useful", 4, 0.9, 0.66), {3}),
    ]:
        told = norm_visibility._verdicts([*right[:place], off, *right[place + 1 :]])
        assert {i for i, verdict in enumerate(told) if not verdict.holds} == failing
    assert not norm_visibility._verdicts(right[1:])[1].holds  # no line in which it could fail is no success


def test_lengths_of_activated_inputs_are_those_of_a_shifted_gaussian():
    """|x + bk|^2 has mean d + 4k on N(0, I): within four standard errors of 600 inputs."""
    rngs = [Generators().keyed(np.uint64(word)) for word in (1, 2)]
    fresh, moved, *_ = norm_visibility._network("N(0, I)", 64, 16, *rngs)
    for lengths, mean, variance in ((fresh, 64, 128), (moved, 128, 128 + 4 * 64)):
        assert len(lengths) == 600
        assert abs((lengths**2).mean() - mean) < 4 * math.sqrt(variance / 600)


def test_the_words_for_an_advantage_come_from_the_upper_end_of_its_interval():
    """8 of 100 detected beside 3: the estimate is .05, and the interval goes on to over .1."""
    few = Judged("Moments()", 100, 3, 8, 0.99)
    assert few.advantage <= 0.1 < few.interval[1]
    assert found_in(few) == f"no advantage above {few.interval[1]:.2f} found"
    table = relu_tables._judged_table((100, 1000), {(10, 0.5): [few]})
    assert table.rows[0][-1] == found_in(few)


def test_a_panel_s_intervals_share_the_family_s_error():
    """K = 6 claims of two rates each: 1 - .05/12."""
    game = StaticDetection(CELL.functions, CELL.data)
    found = panel_of(game, CELL.backdoor, [Moments(clean=5)], 4, 0, claims=6, threads=1)
    assert found[0].level == pytest.approx(1 - 0.05 / 12)


def test_the_interval_of_an_auroc_is_hoeffding_s():
    """2 networks of 600 inputs a branch: exp(-2 n t^2) = (1 - level)/2 with n = 1200."""
    found = norm_visibility.measured("N(0, I)", 64, 4, 2, 0.99, Settings(threads=1))
    assert math.exp(-2 * 1200 * found.half**2) == pytest.approx(0.005)
    assert norm_visibility.FEATURES[norm_visibility.USEFUL] == 256
