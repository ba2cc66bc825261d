"""At what rank of the clean scores a threshold stands: at most a share `alarms` of them may exceed it."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import pytest

from backdoor_game import Calibrated, CLWEBackdoor, GaussianLinear, RandomFourierFeatures, StaticDetection, estimate

GAME = StaticDetection(RandomFourierFeatures(features=4, dimension=4), GaussianLinear(dimension=4, train=12, test=4))
SCORES, NAMES = [], itertools.count()


@dataclass(frozen=True, repr=False)
class Draws(Calibrated):
    """Scores by its coin alone, and writes them down."""

    name: int = 0  # thresholds are remembered by detector: each test needs one of its own
    reads_code = True

    def score(self, view, rng):
        SCORES.append(rng.random())
        return SCORES[-1]


def calibrated(alarms, clean):
    """The threshold, and the scores of the clean models that it was set on."""
    SCORES.clear()
    cutoff = Draws(alarms=alarms, clean=clean, name=next(NAMES)).prepare(GAME).cutoff
    assert len(set(SCORES)) == len(SCORES) == clean
    return cutoff, sorted(SCORES)


@pytest.mark.parametrize(
    ("alarms", "clean", "above"),
    [(0.29, 100, 29), (0.57, 100, 57), (0.07, 100, 7), (0.01, 100, 1), (0.3, 10, 3), (0.299, 10, 2), (0.0, 10, 0),
     (0.009, 100, 0), (0.999, 10, 9), (0.289999, 100, 28)],
)  # fmt: skip
def test_the_threshold_is_the_smallest_clean_score_that_at_most_a_share_alarms_exceed(alarms, clean, above):
    """As a float .29 100 is 28.999999999999996 and .57 100 is 56.99999999999999; as typed they are 29 and 57."""
    assert above == math.floor(Fraction(str(alarms)) * clean)
    cutoff, scores = calibrated(alarms, clean)
    assert sum(score > cutoff for score in scores) == above
    assert cutoff in scores
    smaller = [score for score in scores if score < cutoff]
    assert not smaller or sum(score > smaller[-1] for score in scores) > above


def test_where_every_clean_score_may_exceed_the_threshold_it_is_the_smallest_of_them():
    """It is one of the scores, and none exceeds itself."""
    cutoff, scores = calibrated(1.0, 20)
    assert cutoff == scores[0]


def test_false_alarms_of_estimate_are_the_fresh_scores_above_the_threshold():
    detector = Draws(alarms=0.29, clean=100, name=next(NAMES))
    cutoff = detector.prepare(GAME).cutoff
    SCORES.clear()
    found = estimate(GAME, CLWEBackdoor(k=4), detector, rounds=40, seed=3, threads=1)
    assert len(SCORES) == 80
    assert found.false_alarms + found.detections == sum(score > cutoff for score in SCORES)


def test_a_score_at_the_threshold_is_not_above_it():
    @dataclass(frozen=True, repr=False)
    class Same(Calibrated):
        def score(self, view, rng):
            return 0.25

    found = estimate(GAME, CLWEBackdoor(k=4), Same(alarms=0.5, clean=4), rounds=6, seed=3)
    assert found.false_alarms == found.detections == 0
    assert estimate(GAME, CLWEBackdoor(k=4), Same(cutoff=0.2, spread=1.0), rounds=6, seed=3).false_alarms == 6
