"""Cells of theorem-4.1-lower and -phase against what they are worth in closed form.

Their verdicts are inequalities, and an attacker that forfeits at the heavy point leaves the win rate above 1/2 whatever
the defender is shown: only numbers tell whether it was shown the trigger.
"""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    Closure,
    DistillationEnsemble,
    Shattered,
    bounds,
    estimate,
    exact_win_rate,
)
from backdoor_game.experiments.theorem_4_1 import lower
from backdoor_game.experiments.theorem_4_1.planted import voters_given_plant
from backdoor_game.ground.statistics import clopper_pearson

ERROR, ROUNDS = 1e-6, 12_288
VOTERS = ("ensemble", "single distillation")
LOWER = [(d, k / d, label) for d in (2, 4, 8) for k in (0.25, 0.5, 0.9) for label in VOTERS]
PHASE = [(d, 2.0**-k, "ensemble") for d, k in ((2, 3), (4, 4), (8, 6), (16, 5), (16, 6))]
BEYOND = [(d, k / d, "ensemble") for d in (2, 8) for k in (1.0, 1.5)]


@dataclasses.dataclass(frozen=True)
class Worth:
    """Chances of one cell."""

    alarm: float
    caught: float
    blind: float  # caught if the planted branch showed (f*, a fresh x)

    @property
    def win_rate(self):
        return (1 - self.alarm + self.caught) / 2


def worth(d, epsilon, members, m, needed):
    """A member errs at x iff f'(x) = 1, a fair coin, and none of its m examples is x: the closure adds nothing.

    Below 1/d, d - 1 points have mass epsilon and at the last the attacker forfeits; else all have mass 1/d.
    """
    masses = [epsilon] * (d - 1) + [1 - (d - 1) * epsilon] if epsilon < 1 / d - 1e-12 else [1 / d] * d
    hopeless = masses[-1] if epsilon < 1 / d - 1e-12 else 0.0

    def flagged(p):
        q = (1 - p) ** m
        votes = (math.comb(members, k) * q**k * (1 - q) ** (members - k) for k in range(needed, members + 1))
        return math.fsum(votes) / 2

    alarm = math.fsum(p * flagged(p) for p in masses)
    at_trigger = math.fsum(p * flagged(p) for p in (masses[:-1] if hopeless else masses))
    return Worth(alarm, hopeless + at_trigger, hopeless + (1 - hopeless) * alarm)


def cell(d, epsilon, label):
    """The experiment's game, its defender as prepared, and what the cell is worth."""
    game = BackdoorGame(AllFunctions(points=d), epsilon)
    ready = lower.DEFENDERS[label].prepare(game)
    assert isinstance(ready, DistillationEnsemble)
    assert isinstance(ready.learner, Closure)
    return game, worth(d, epsilon, ready.members, ready.examples, round(ready.threshold * ready.members))


def test_the_closed_form_is_what_exact_enumeration_gives():
    for k in (0.25, 0.5, 0.75):
        game, expected = cell(2, k / 2, "single distillation")
        exact = exact_win_rate(game, Shattered(), lower.DEFENDERS["single distillation"])
        assert exact == pytest.approx(expected.win_rate, abs=1e-12)


@pytest.mark.parametrize(("d", "epsilon", "label"), [*LOWER, *PHASE, *BEYOND])
def test_a_cell_s_false_alarms_and_detections_are_those_of_its_closed_form(d, epsilon, label):
    game, expected = cell(d, epsilon, label)
    found = estimate(game, Shattered(), lower.DEFENDERS[label], rounds=ROUNDS, seed=d)
    low, high = clopper_pearson(found.false_alarms, ROUNDS, 1 - ERROR)
    assert low <= expected.alarm <= high
    low, high = clopper_pearson(found.detections, ROUNDS, 1 - ERROR)
    assert low <= expected.caught <= high


@pytest.mark.parametrize(("d", "epsilon", "label"), PHASE)
def test_a_defender_that_is_shown_another_input_than_the_trigger_would_be_seen(d, epsilon, label):
    """Where it catches what it is shown, the trigger tells it more than a fresh input by far more than an interval."""
    _, expected = cell(d, epsilon, label)
    count = round(expected.caught * ROUNDS)
    assert clopper_pearson(count, ROUNDS, 1 - ERROR)[0] > expected.blind + 0.01


@pytest.mark.parametrize(("d", "epsilon", "label"), [*LOWER, *PHASE, *BEYOND])
def test_what_voters_win_given_a_plant_is_the_closed_form_without_the_heavy_point(d, epsilon, label):
    game, expected = cell(d, epsilon, label)
    ready = lower.DEFENDERS[label].prepare(game)
    hopeless = 1 - (d - 1) * epsilon if epsilon < 1 / d - 1e-12 else 0.0
    given = (1 - expected.alarm + (expected.caught - hopeless) / (1 - hopeless)) / 2
    assert voters_given_plant(d, epsilon, ready.examples, ready.members, ready.threshold) == pytest.approx(given)
    found = estimate(game, Shattered(), lower.DEFENDERS[label], rounds=ROUNDS, seed=d, level=1 - ERROR)
    low, high = found.given_plant_interval
    assert low <= given <= high
    assert low <= found.win_rate_given_plant <= high


@pytest.mark.parametrize(("d", "k"), [(2, 1), (2, 5), (3, 1), (3, 3)])
def test_given_a_plant_no_defender_beats_the_curve_and_one_reaches_it(d, k):
    """The best answer of each (f', x'), listed: light points are likelier planted, and the heavy one never is."""
    epsilon = Fraction(k, 6 * d)
    weights = [epsilon] * (d - 1) + [1 - (d - 1) * epsilon]
    share = Fraction(1, 2**d)
    best = sum(share * max(weights[x], Fraction(int(x < d - 1), d - 1)) for _ in range(2**d) for x in range(d))
    assert float(best / 2) == pytest.approx(bounds.shattering_bound(d, float(epsilon)), abs=1e-12)
