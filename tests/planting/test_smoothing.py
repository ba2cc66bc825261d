"""Labels averaged over noise: their intervals, how far a step may move them, and what that does to backdoors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr

from backdoor_game import (
    Activation,
    ChecksumBackdoor,
    CLWEBackdoor,
    GaussianLinear,
    InvalidArgument,
    MissingCapability,
    RandomFourierFeatures,
    RandomisedSmoothing,
    RandomReLU,
    Smoothed,
    StaticDetection,
    bounds,
    estimate,
    smoothed,
)
from backdoor_game.planting import smoothing
from backdoor_game.planting.smoothing import smoothed_scores

MODELS = RandomFourierFeatures(features=256, dimension=64)
DATA = GaussianLinear()
RNG = np.random.default_rng(0)
SIGMAS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.5, 2.0, 8.0, 32.0)


@pytest.fixture(scope="module")
def planted():
    """A backdoored model of the reference workload, with its key and data."""
    rng = np.random.default_rng(1)
    split = DATA.split(rng)
    backdoor = CLWEBackdoor(k=16, beta=0.1)
    return backdoor, *backdoor.plant(MODELS, split.X, split.y, rng), split


def halfspace(w, b=0.0):
    return lambda X: ((X * w).sum(axis=1) + b >= 0).astype(np.uint8)


# The estimate


def test_smoothed_halfspaces_are_the_normal_distribution_function():
    """E [<w, x + sigma z> + b >= 0] = Phi((<w, x> + b) / (sigma |w|)): in all of 30 intervals at Sidak's level."""
    rng = np.random.default_rng(2)
    w, X = rng.standard_normal(5), rng.standard_normal((30, 5))
    expected = ndtr((X @ w + 0.2) / (0.7 * np.linalg.norm(w)))
    found = smoothed(halfspace(w, 0.2), X, 0.7, 800, rng)
    ends = found.interval(0.999 ** (1 / 30))
    assert ((ends[:, 0] <= expected) & (expected <= ends[:, 1])).all()
    assert np.abs(found.share - expected).max() < 0.08
    clear = np.abs(expected - 0.5) > 0.1
    assert (found.labels == (expected >= 0.5))[clear].all()


def test_without_noise_every_copy_has_the_input_s_own_label():
    rng = np.random.default_rng(3)
    w, X = rng.standard_normal(4), rng.standard_normal((10, 4))
    found = smoothed(halfspace(w), X, 0.0, 7, rng)
    assert (found.ones == 7 * halfspace(w)(X)).all()


def test_a_tie_is_label_1():
    assert Smoothed(np.array([1, 2, 3]), 4).labels.tolist() == [0, 1, 1]


def test_how_many_copies_are_held_at_a_time_changes_nothing(monkeypatch):
    w, X = np.ones(3), np.random.default_rng(4).standard_normal((9, 3))
    many = smoothed(halfspace(w), X, 1.0, 50, np.random.default_rng(5)).ones
    monkeypatch.setattr(smoothing, "HELD", 1)
    assert (smoothed(halfspace(w), X, 1.0, 50, np.random.default_rng(5)).ones == many).all()


def test_on_the_sphere_copies_keep_the_length_of_their_input():
    seen = []

    def looks(X):
        seen.append(X.copy())
        return np.zeros(len(X), np.uint8)

    X = np.random.default_rng(6).standard_normal((4, 6))
    smoothed(looks, X, 0.5, 3, np.random.default_rng(7), sphere=True)
    copies = np.concatenate(seen).reshape(4, 3, 6)
    lengths = np.linalg.norm(X, axis=1)[:, None]
    np.testing.assert_allclose(np.linalg.norm(copies, axis=2), np.broadcast_to(lengths, (4, 3)), rtol=1e-12)
    assert np.linalg.norm(copies - X[:, None], axis=2).min() > 0.05


# The bound


def test_no_step_moves_a_smoothed_model_further_than_the_bound(planted):
    """Lower ends of |E h(x + v) - E h(x)| for 60 steps, along the trigger, the data and at random."""
    backdoor, model, key, split = planted
    rng = np.random.default_rng(8)
    X, sigma, draws = split.X_test[:20], 0.03, 400
    toward = np.stack([key.values["bk"], split.X_test[50] - split.X_test[51], rng.standard_normal(64)])
    base = smoothed(model, X, sigma, draws, rng).interval(0.999 ** (1 / 80))
    for v, length in zip(toward, (0.02, 0.05, 0.01), strict=True):
        step = length * v / np.linalg.norm(v)
        moved = smoothed(model, X + step, sigma, draws, rng).interval(0.999 ** (1 / 80))
        least = np.maximum(base[:, 0] - moved[:, 1], moved[:, 0] - base[:, 1])
        assert (least <= bounds.smoothing_bound(length, sigma, span=1.0)).all()


def test_a_halfspace_across_the_step_attains_the_bound_on_either_labels():
    """From the one side of the boundary to the other: the interval of the change holds the bound, not .6 of it."""
    v, sigma, draws = np.array([0.6, 0.8]), 0.9, 40_000
    ends = smoothed(halfspace(v), np.stack([v / 2, -v / 2]), sigma, draws, np.random.default_rng(9)).interval(0.999)
    low, high = ends[0, 0] - ends[1, 1], ends[0, 1] - ends[1, 0]
    assert low <= bounds.smoothing_bound(1.0, sigma, span=1.0) <= high
    assert 2 * low <= bounds.smoothing_bound(1.0, sigma) <= 2 * high
    assert low > 0.6 * bounds.smoothing_bound(1.0, sigma, span=1.0)


def test_a_step_as_long_as_the_trigger_is_out_of_the_bound_s_reach(planted):
    """The trigger flips most answers under noise that still leaves the accuracy, and the bound allows it."""
    backdoor, model, key, split = planted
    rng = np.random.default_rng(10)
    X = split.X_test[:150]
    clean, fired = (smoothed(model, at, 0.02, 51, rng).labels for at in (X, backdoor.activate(model, key, X)))
    assert np.mean(clean != fired) > 0.65
    assert bounds.smoothing_bound(float(np.linalg.norm(key.values["bk"])), 0.02) == 2.0


# Smoothed scores


def test_smoothed_scores_are_the_mean_of_noisy_scores(planted):
    """Up to the common factor, which the largest feature's exp(-2 pi^2 sigma^2 |g|^2) gives."""
    _, model, _, split = planted
    G, _, w = MODELS.unpack(model.code)
    sigma, rng, x = 0.03, np.random.default_rng(11), split.X_test[:3]
    noisy = np.array([MODELS.scores(model.code, one + sigma * rng.standard_normal((20_000, 64))) for one in x])
    factor = max(bounds.smoothed_feature(float(np.linalg.norm(g)), sigma) for g in G)
    spread = 4.5 * noisy.std(axis=1) / math.sqrt(20_000)
    assert (np.abs(noisy.mean(axis=1) - factor * smoothed_scores(model, x, sigma)) < spread).all()
    assert np.linalg.norm(w) > 0


def test_where_all_features_are_as_long_smoothing_scores_changes_no_sign_at_any_sigma(planted):
    backdoor, model, key, split = planted
    G, b, w = MODELS.unpack(model.code)
    even = 8 * G / np.linalg.norm(G, axis=1, keepdims=True)
    level = MODELS.function(np.concatenate([even.ravel(), b, w]))
    X = np.concatenate([split.X_test, split.X_test + key.values["bk"]])
    plain = MODELS.scores(level.code, X)
    for sigma in SIGMAS:
        np.testing.assert_allclose(smoothed_scores(level, X, sigma), plain, rtol=1e-6, atol=1e-9)


def test_smoothing_scores_leaves_the_trigger_its_flips_at_every_useful_sigma(planted):
    """Each feature's share of the flip is untouched; only how they weigh against each other changes."""
    _, model, key, split = planted
    X, bk = split.X_test, key.values["bk"]
    for sigma in SIGMAS[:6]:
        before, after = smoothed_scores(model, X, sigma), smoothed_scores(model, X + bk, sigma)
        assert abs(np.mean((before >= 0) != (after >= 0)) - bounds.flip_rate(0.1)) < 0.06


# As a detector


def test_the_detector_asks_for_its_draws_and_the_label_itself():
    found = estimate(Activation(MODELS, DATA), CLWEBackdoor(), RandomisedSmoothing(draws=11), rounds=4, seed=0)
    assert found.queries_per_round * 4 == 12 * (8 - found.forfeits)


def test_it_sees_an_activated_checksum_and_seldom_the_trigger_of_random_features():
    """Noise of .3 times a coordinate's scale: most copies of an activated input do not fire."""
    models, data = RandomFourierFeatures(features=96, dimension=64), GaussianLinear(train=200, test=1)
    detector = RandomisedSmoothing(sigma=0.3 * 0.25 / 8, draws=31)
    checksum = estimate(
        Activation(models, data, black_box=True), ChecksumBackdoor(blocks=8), detector, rounds=40, seed=0
    )
    pancakes = estimate(Activation(models, data), CLWEBackdoor(), detector, rounds=40, seed=0)
    assert checksum.detection_rate.low > 0.7
    assert (pancakes.detections - pancakes.forfeits) / (40 - pancakes.forfeits) < 0.3
    assert checksum.false_alarm_rate.high < 0.3


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RandomisedSmoothing(sigma=-1), "RandomisedSmoothing.sigma must lie in [0, inf], got -1.0"),
        (lambda: RandomisedSmoothing(sigma=math.nan), "RandomisedSmoothing.sigma must be a finite number, got nan"),
        (lambda: RandomisedSmoothing(draws=0), "RandomisedSmoothing.draws must be between 1 and"),
        (lambda: smoothed(halfspace(1.0), np.zeros(3), 0.1, 5, RNG), "for one point x write x[None]"),
        (lambda: smoothed(halfspace(1.0), np.zeros((1, 3)), -0.1, 5, RNG), "sigma must lie in"),
        (lambda: smoothed(halfspace(1.0), np.zeros((1, 3)), 0.1, 0, RNG), "draws must be at least 1"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(make, words):
    with pytest.raises(InvalidArgument) as told:
        make()
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_a_game_without_an_input_is_refused():
    with pytest.raises(MissingCapability, match="looks at an input, and StaticDetection shows none: play Activation"):
        estimate(StaticDetection(MODELS, DATA), CLWEBackdoor(), RandomisedSmoothing(), rounds=1, seed=0)


def test_scores_under_any_noise_are_those_of_the_shortest_features(planted):
    """exp(-2 pi^2 sigma^2 |g|^2) is 0 beside the largest of them, not an overflow."""
    model, X = planted[1], np.zeros((3, 64))
    G, b, w = model.functions.unpack(model.code)
    shortest = np.argmin((G**2).sum(axis=1))
    for sigma in (1e3, 1e200, 1.7e308):
        expected = w[shortest] * np.cos(2 * np.pi * b[shortest])
        np.testing.assert_allclose(smoothed_scores(model, X, sigma), expected, rtol=1e-9)
    assert bounds.pancake_correlation(1e200) == bounds.smoothed_feature(1e200, 1e200) == 0.0
    assert bounds.smoothed_feature(0.0, 1.7e308) == bounds.smoothed_feature(1e308, 0.0) == 1.0
    assert bounds.flip_rate(1e200) == pytest.approx(0.5)


def test_scores_of_other_models_have_no_closed_form():
    functions = RandomReLU(features=4, dimension=3)
    model = functions.function(functions.sample(np.random.default_rng(0)))
    with pytest.raises(InvalidArgument, match=r"model\.functions must be a RandomFourierFeatures such as .*, got R"):
        smoothed_scores(model, np.zeros((1, 3)), 0.1)
