"""Detectors: scores from their definitions, thresholds from clean models alone, and plants that each is made to see."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import kstest

from backdoor_game import (
    Activation,
    Calibrated,
    CLWEBackdoor,
    ContractError,
    GaussianLinear,
    InputNorm,
    InvalidArgument,
    KeyHolder,
    KolmogorovSmirnov,
    Mahalanobis,
    MissingCapability,
    Moments,
    RandomFourierFeatures,
    RandomQueries,
    SpectralSignatures,
    StaticDetection,
    TopEigenvalue,
    estimate,
)
from backdoor_game.games.measuring.together import Match, estimates
from backdoor_game.ground.spec import text
from backdoor_game.ground.streams import Generators
from backdoor_game.planting import detectors
from backdoor_game.planting.detectors.base import calibrate
from backdoor_game.planting.detectors.features import activations
from backdoor_game.planting.views import ModelBlock, Shown
from backdoor_game.players.views import Meter

FUNCTIONS = RandomFourierFeatures(features=64, dimension=8)
DATA = GaussianLinear(dimension=8, train=80, test=20)
STATIC, SHOWN = StaticDetection(FUNCTIONS, DATA), Activation(FUNCTIONS, DATA)
OF_FEATURES = [Moments(), KolmogorovSmirnov(), TopEigenvalue(), TopEigenvalue(bottom=True), SpectralSignatures()]


def views(game=STATIC, count=3):
    block = next(iter(game.clean_blocks(count, Moments())))
    return [block.row(r) for r in range(count)], [Generators().keyed(key) for key in block.keys]


def shown(model, split, x=None):
    """One model as a detector sees it."""
    words = np.zeros(1, np.uint64)
    return ModelBlock(STATIC, [Shown(model, split, x)], words, words, Meter(1), False).row(0)


# Scores from their definitions


def test_moments_are_compared_with_a_standard_normal_s_in_standard_errors():
    """One coordinate of +-1: its moments 0, 1, 0, 1 against 0, 1, 0, 3 of variances 1, 2, 15, 96."""
    G = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    assert Moments().of(G) == pytest.approx(2 / math.sqrt(96 / 4))
    shifted = np.full((4, 1), 2.0)  # moments 2, 4, 8, 16
    expected = [2 / math.sqrt(1 / 4), 3 / math.sqrt(2 / 4), 8 / math.sqrt(15 / 4), 13 / math.sqrt(96 / 4)]
    assert Moments().of(shifted) == pytest.approx(max(expected))


def test_kolmogorov_smirnov_is_the_largest_distance_over_coordinates():
    G = np.random.default_rng(0).standard_normal((50, 6)) + np.linspace(0, 0.4, 6)
    assert KolmogorovSmirnov().of(G) == pytest.approx(
        max(kstest(column, "norm").statistic for column in G.T), abs=1e-12
    )


@pytest.mark.parametrize("shape", [(9, 4), (4, 9)])
def test_extreme_eigenvalues_are_those_of_the_covariance(shape):
    """G = U diag(s) V': the eigenvalues of G'G/m are s^2/m, and zeros where m < d."""
    m, d = shape
    rng, s = np.random.default_rng(1), np.array([3.0, 2.0, 1.0, 0.5])
    U, V = (np.linalg.qr(rng.standard_normal((n, 4)))[0] for n in shape)
    G = (U * s) @ V.T
    assert TopEigenvalue().of(G) == pytest.approx(9 / m)
    assert TopEigenvalue(bottom=True).of(G) == pytest.approx(-0.25 / m if m > d else 0.0, abs=1e-12)


@pytest.mark.parametrize("shape", [(40, 10), (10, 40)])
def test_spectral_signatures_are_shares_of_squared_parts_along_the_top_singular_vector(shape):
    G = np.random.default_rng(2).standard_normal(shape) + 5.0
    centred = G - G.mean(axis=0)
    parts = np.sort((centred @ np.linalg.svd(centred)[2][0]) ** 2)
    top = round(0.2 * len(G))
    assert SpectralSignatures(poisoned=0.2).of(G) == pytest.approx(parts[-top:].sum() / parts.sum(), rel=1e-9)
    assert SpectralSignatures().of(np.ones(shape)) == 0.0


def test_activations_are_the_features_answers_and_mahalanobis_is_their_squared_distance():
    (view, *_), (rng, *_) = views(SHOWN)
    G, b, _ = FUNCTIONS.unpack(view.f.code)
    X = view.train.X
    cosines = np.cos(2 * np.pi * (X @ G.T + b))
    assert np.abs(activations(view, X) - cosines).max() < 1e-12
    S = np.cov(cosines.T, bias=True)
    S = 0.7 * S + 0.3 * np.trace(S) / 64 * np.eye(64)
    away = np.cos(2 * np.pi * (G @ view.x + b)) - cosines.mean(axis=0)
    assert Mahalanobis(shrink=0.3).score(view, rng) == pytest.approx(away @ np.linalg.inv(S) @ away, rel=1e-9)
    assert InputNorm().score(view, rng) == pytest.approx(math.sqrt((view.x**2).sum()))


def test_random_queries_see_a_model_that_looks_at_signs_and_pay_for_each_question():
    """The parity of the signs changes whenever one coordinate is negated; an honest model hardly ever notices."""

    @dataclasses.dataclass(frozen=True, repr=False)
    class Parity(RandomFourierFeatures):
        def scores(self, code, X):
            return np.where((np.asarray(X) < 0).sum(axis=1) % 2 == 0, 1.0, -1.0)

    (view, *_), (rng, *_) = views()
    functions = Parity(features=64, dimension=8)
    odd = shown(functions.function(view.f.code), view.train)
    assert RandomQueries(pairs=50).score(odd, rng) == 1.0
    assert odd._block.meter.queries.tolist() == [100]
    assert RandomQueries(pairs=50).score(view, rng) <= 0.3


# Power: each sees what it is made for


@pytest.mark.parametrize("detector", [Moments(), KolmogorovSmirnov()])
def test_layers_of_a_short_key_show_coordinate_by_coordinate(detector):
    """k = 1 and gamma = 1/4: half-integers over gamma are +-2, so one coordinate has variance 4; it took consent."""
    backdoor = CLWEBackdoor(k=1, gamma=0.25, beta=0.05, visible=True)
    assert (
        estimate(STATIC, backdoor, dataclasses.replace(detector, clean=100), rounds=40, seed=0).detection_rate.low > 0.8
    )


def test_a_spike_shows_in_the_top_eigenvalue_and_a_flat_direction_in_the_bottom_one():
    """theta = 4 sqrt(d/m), far over the [BBP05] threshold; one direction shrunk to a tenth."""
    rng = np.random.default_rng(3)
    honest = [rng.standard_normal((256, 32)) for _ in range(20)]
    s = np.full(32, 1 / math.sqrt(32))
    for detector, stretch in (
        (TopEigenvalue(), math.sqrt(1 + 4 * math.sqrt(32 / 256))),
        (TopEigenvalue(bottom=True), 0.1),
    ):
        planted = [G + (stretch - 1) * np.outer(G @ s, s) for G in honest]
        assert max(map(detector.of, honest)) < min(map(detector.of, planted))


def test_poisoned_examples_show_in_spectral_signatures():
    rng = np.random.default_rng(4)
    honest = [rng.standard_normal((100, 20)) for _ in range(20)]
    planted = [np.concatenate([G[:95], G[95:] + 8 * np.eye(20)[0]]) for G in honest]
    assert max(map(SpectralSignatures().of, honest)) < min(map(SpectralSignatures().of, planted))


# Thresholds


def test_a_threshold_is_the_empirical_quantile_of_clean_scores():
    """At most a share `alarms` of the clean models scores above it, and one more would if it were any lower."""
    ((cutoff, spread),) = calibrate((TopEigenvalue(alarms=0.1, clean=50),), STATIC)
    rows = [block.row(r) for block in STATIC.clean_blocks(50, Moments()) for r in range(len(block))]
    scores = np.array([TopEigenvalue().of(FUNCTIONS.unpack(view.f.code)[0]) for view in rows])
    assert (scores > cutoff).sum() == 5
    assert cutoff in scores
    assert spread == pytest.approx(scores.std())


def test_detectors_calibrated_together_get_the_thresholds_that_each_gets_alone():
    panel = (TopEigenvalue(clean=40), Moments(clean=25), RandomQueries(pairs=20, clean=33))
    assert calibrate(panel, STATIC) == tuple(calibrate((one,), STATIC)[0] for one in panel)


def test_a_prepared_detector_keeps_its_threshold_and_scores_above_it_are_flagged():
    ready = Moments(clean=30).prepare(STATIC)
    assert ready.prepare(STATIC) == ready
    rows, generators = views(count=20)
    for view, rng in zip(rows, generators, strict=True):
        assert (ready.suspicion(view, rng) >= ready.threshold) == (ready.score(view, rng) > ready.cutoff)


def test_false_alarms_on_fresh_clean_models_are_as_rare_as_set():
    """5% of 200: below 1 in 8 of 200 others with probability over .999."""
    found = estimate(STATIC, CLWEBackdoor(k=4), Moments(alarms=0.05, clean=200), rounds=200, seed=0)
    assert 0 < found.false_alarm_rate.value < 1 / 8


def test_calibration_takes_clean_models_that_no_estimate_sees():
    """An estimate of the same seed shows other models."""
    blocks = list(STATIC.clean_blocks(40, Moments()))
    clean = {block.row(r).f.code.tobytes() for block in blocks for r in range(len(block))}
    seen = set()

    @dataclasses.dataclass(frozen=True, repr=False)
    class Looks(detectors.Detector):
        reads_code = True

        def suspicion(self, view, rng):
            seen.add(view.f.code.tobytes())
            return 0.0

    estimate(STATIC, CLWEBackdoor(k=4), Looks(), rounds=40, seed=0)
    assert len(clean) == 40
    assert len(seen) == 80
    assert not clean & seen


# Refusals


@pytest.mark.parametrize("detector", [*OF_FEATURES, Mahalanobis()])
def test_detectors_that_read_features_refuse_models_without(detector):
    @dataclasses.dataclass(frozen=True)
    class Other:
        functions: object = dataclasses.field(default_factory=lambda: GaussianLinear())

    with pytest.raises(MissingCapability, match="reads random features, got GaussianLinear"):
        detector.prepare(Other())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Moments(alarms=1.5), r"Moments.alarms must lie in \[0, 1\], got 1.5"),
        (lambda: Moments(clean=0), "Moments.clean must be at least 1|between 1 and"),
        (lambda: Mahalanobis(shrink=0), "Mahalanobis.shrink must be above 0"),
        (lambda: RandomQueries(pairs=0), "RandomQueries.pairs must be"),
        (lambda: SpectralSignatures(poisoned=-1), r"SpectralSignatures.poisoned must lie in \[0, 1\]"),
    ],
)
def test_parameters_out_of_range_are_refused(make, message):
    with pytest.raises(InvalidArgument, match=message):
        make()


def test_a_score_that_is_no_number_is_the_detector_s_fault():
    @dataclasses.dataclass(frozen=True, repr=False)
    class Broken(Calibrated):
        def score(self, view, rng):
            return float("nan")

    with pytest.raises(ContractError, match=r"score\(\) must return a finite number, got nan"):
        estimate(STATIC, CLWEBackdoor(k=4), Broken(), rounds=2, seed=0)


def test_the_key_holder_is_named_a_control_and_no_other_detector_holds_the_key():
    assert KeyHolder().holds_key
    assert not any(one.holds_key for one in [*OF_FEATURES, Mahalanobis(), InputNorm(), RandomQueries()])


# What the user sets


def test_a_threshold_or_spread_that_the_user_has_set_is_kept_and_the_other_is_filled():
    cutoff, spread = calibrate((Moments(clean=30),), STATIC)[0]
    assert Moments(clean=30, cutoff=3.0).prepare(STATIC) == Moments(clean=30, cutoff=3.0, spread=spread)
    assert Moments(clean=30, spread=2.0).prepare(STATIC) == Moments(clean=30, cutoff=cutoff, spread=2.0)
    panel = (Moments(clean=30, cutoff=3.0), Moments(clean=30, spread=2.0), Moments(cutoff=1.0, spread=1.0))
    told = estimates([Match(STATIC, CLWEBackdoor(k=4), one, 2, seed=0) for one in panel], level=0.95)
    assert [one.prepared["defender"] for one in told] == [text(one.prepare(STATIC)) for one in panel]


@pytest.mark.parametrize("fields", [{"spread": 0.0}, {"spread": -1.0}, {"cutoff": math.nan}, {"spread": math.inf}])
def test_a_threshold_that_is_no_number_and_a_spread_that_is_not_above_0_are_refused(fields):
    with pytest.raises(InvalidArgument, match=r"Moments\.(spread|cutoff) must"):
        Moments(**fields)


def test_scores_whose_squares_and_differences_overflow_are_ranked_like_others():
    @dataclasses.dataclass(frozen=True, repr=False)
    class Huge(Calibrated):
        def score(self, view, rng):
            return 1.5e308 * (2 * rng.random() - 1)

    ready = Huge(clean=20, alarms=0.5).prepare(STATIC)
    assert 1e307 < ready.spread < 1.5e308
    small = dataclasses.replace(ready, cutoff=-1.5e308, spread=1e-300)
    (view, *_), (rng, *_) = views()
    assert 0.5 <= small.suspicion(view, rng) <= 1.0
    assert dataclasses.replace(small, cutoff=1.7e308).suspicion(view, rng) < 0.5


def test_spectral_signatures_look_at_the_class_that_stands_out_most():
    """Examples of label 1 are poisoned, those of label 0 are not: the score is that of the first."""
    (view, *_), (rng, *_) = views()
    split = view.train
    X = np.where((np.cumsum(split.y) <= 2)[:, None] & (split.y == 1)[:, None], 5.0, split.X)
    changed = shown(FUNCTIONS.function(view.f.code), dataclasses.replace(split, X=X))
    found = activations(changed, X)
    scores = [SpectralSignatures().of(found[split.y == label]) for label in (0, 1)]
    assert scores[0] != scores[1]
    assert SpectralSignatures().score(changed, rng) == max(scores)
