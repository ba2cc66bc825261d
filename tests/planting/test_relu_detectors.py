"""Diagonal and covariance thresholding: their definitions, and where they see a sparse spike."""

import numpy as np
import pytest

from backdoor_game import (
    CovarianceThresholding,
    DiagonalThresholding,
    RandomReLU,
    SparsePCABackdoor,
    Sphere,
    StaticDetection,
    TopEigenvalue,
    bounds,
    estimate,
)
from backdoor_game.functions import Thresholds
from backdoor_game.ground.errors import InvalidArgument, MissingCapability
from backdoor_game.planting.detectors.covariance_thresholding import thresholded
from tests.naive import sparse_pca as naive

G = np.random.default_rng(4).standard_normal((30, 6))


def test_diagonal_thresholding_is_the_largest_mean_square_of_a_coordinate():
    assert DiagonalThresholding().of(G) == pytest.approx(naive.largest_variance(G), rel=1e-13)
    assert DiagonalThresholding().of(np.diag([1.0, 3.0, 2.0])) == 3.0


@pytest.mark.parametrize("cut", [0.0, 0.7, 1.5])
def test_covariance_thresholding_is_the_top_eigenvalue_of_the_thresholded_covariance(cut):
    assert np.abs(thresholded(G, cut) - naive.thresholded(G, cut)).max() < 1e-14
    expected = naive.top_eigenvalue(naive.thresholded(G, cut))
    assert CovarianceThresholding(cut=cut).of(G) == pytest.approx(expected, rel=1e-6)


def test_a_cut_over_every_entry_leaves_nothing():
    assert CovarianceThresholding(cut=1e3).of(G) == 0.0


def test_features_of_either_precision_have_one_score_but_for_rounding():
    for detector in (DiagonalThresholding(), CovarianceThresholding()):
        assert detector.of(G.astype(np.float32)) == pytest.approx(detector.of(G), rel=1e-5)


def test_scores_do_not_depend_on_the_order_or_the_signs_of_features_and_coordinates():
    rng = np.random.default_rng(1)
    mixed = (
        G[rng.permutation(30)][:, rng.permutation(6)] * rng.choice((-1.0, 1.0), 6) * rng.choice((-1.0, 1.0), (30, 1))
    )
    for detector in (DiagonalThresholding(), CovarianceThresholding(), TopEigenvalue()):
        assert detector.of(mixed) == pytest.approx(detector.of(G), rel=1e-12)


FUNCTIONS = RandomReLU(features=800, dimension=80, positive=0.5)
GAME = StaticDetection(FUNCTIONS, Sphere(dimension=80, train=20, test=1))
BBP = bounds.bbp_threshold(80, 800)


def advantage(detector, theta, k, rounds=100):
    found = estimate(GAME, SparsePCABackdoor(theta=theta, k=k), detector, rounds=rounds, seed=3, threads=1)
    return (found.detections - found.false_alarms) / rounds


def test_which_line_lies_higher_decides_which_detector_sees_a_spike_first():
    """With k = 1 the diagonal line 2 sqrt(ln 80/800) = .148 lies under BBP = .316: between, it alone is passed."""
    assert bounds.diagonal_threshold(1, 80, 800) < 0.8 * BBP < BBP
    assert advantage(DiagonalThresholding(), 0.8 * BBP, 1) > 0.7
    assert advantage(TopEigenvalue(), 0.8 * BBP, 1) < 0.3
    # With k = 16 it lies at 2.37: twice the BBP threshold shows in the spectrum alone.
    assert bounds.diagonal_threshold(16, 80, 800) > 3 * BBP
    assert advantage(DiagonalThresholding(), 2 * BBP, 16) < 0.3
    assert advantage(TopEigenvalue(), 2 * BBP, 16) > 0.7


def test_covariance_thresholding_sees_a_very_sparse_spike_before_the_spectrum_does():
    """At 1.4 BBP, where one entry off the diagonal passes the largest one of noise: k sqrt(2 ln(80 79) / 800)."""
    assert bounds.covariance_threshold(3, 80, 800) < 1.5 * BBP
    seen = advantage(CovarianceThresholding(), 1.5 * BBP, 3)
    assert seen > 0.7
    assert advantage(TopEigenvalue(), 1.5 * BBP, 3) < seen - 0.2


def test_all_three_are_at_chance_on_a_spike_of_half_the_bbp_threshold_with_k_of_root_d():
    """Their thresholds have 1% of 400 clean models above them: of 100 more, 9 alarms or 9 catches have chance 1e-6."""
    for detector in (DiagonalThresholding(), CovarianceThresholding(), TopEigenvalue()):
        assert abs(advantage(detector, 0.4 * BBP, 9)) < 0.09


def test_bad_parameters_and_models_without_features_are_refused_in_one_sentence():
    with pytest.raises(InvalidArgument, match=r"CovarianceThresholding.cut must lie in \[0, inf\], got -1"):
        CovarianceThresholding(cut=-1)
    with pytest.raises(InvalidArgument, match=r"DiagonalThresholding.alarms must lie in"):
        DiagonalThresholding(alarms=2)

    class Game:
        functions = Thresholds(points=4)

    for detector in (DiagonalThresholding(), CovarianceThresholding()):
        with pytest.raises(MissingCapability, match="reads random features, got Thresholds"):
            detector.prepare(Game())
