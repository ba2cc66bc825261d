"""Theorem 5.1 as epsilon falls: the claims, and controls that fail them."""

from __future__ import annotations

import dataclasses
import math

import pytest

from backdoor_game import AlwaysClean, AlwaysFlag, CoinFlip
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure
from backdoor_game.experiments.theorem_5_1 import small_epsilon
from backdoor_game.ground.statistics import clopper_pearson


def played(rounds, **changed):
    """The cells with another defender, measured."""
    cells = [
        dataclasses.replace(one, cell=dataclasses.replace(one.cell, rounds=rounds, **changed))
        for one in small_epsilon.cells(Settings())
    ]
    return list(zip(cells, measure([one.cell for one in cells], Settings()), strict=True))


def holds(verdicts):
    return [verdict.holds for verdict in verdicts]


@pytest.fixture(scope="module")
def found():
    return played(4096)


def test_one_distillation_keeps_its_bound_as_epsilon_falls_and_tends_to_one(found):
    assert [one.cell.game.epsilon for one, _ in found[::2]] == [1 / (share * 64) for share in (32, 128, 512)]
    for one, _ in found:
        epsilon = one.cell.game.epsilon
        m = round(math.sqrt(2 * 64 / epsilon))
        assert one.bound == pytest.approx(1 - 64 / (m + 1) - (1 - (1 - epsilon) ** m) / 2, abs=1e-12)
    assert [round(one.bound, 3) for one, _ in found[::2]] == [0.765, 0.879, 0.938]
    assert holds(small_epsilon.verdicts(found)) == [True, True]


@pytest.mark.parametrize("control", [AlwaysClean(), AlwaysFlag(), CoinFlip()], ids=str)
def test_who_learns_nothing_fails_both_claims(control):
    """The nearest plant is legal in every round: blind trust wins half of them, as guessing does."""
    assert holds(small_epsilon.verdicts(played(512, defender=control))) == [False, False]


def test_a_win_rate_that_falls_or_ends_low_or_one_epsilon_alone_fails_the_second_claim(found):
    def turned(one):
        epsilon = 1 / (one.cell.game.epsilon * 2**24)  # the smallest becomes the largest
        return dataclasses.replace(
            one, cell=dataclasses.replace(one.cell, game=dataclasses.replace(one.cell.game, epsilon=epsilon))
        )

    backwards = [(turned(one), estimate) for one, estimate in found]
    assert small_epsilon.worst(backwards) == small_epsilon.worst(found)[::-1]
    assert holds(small_epsilon.verdicts(backwards))[1] is False
    assert holds(small_epsilon.verdicts(found[:2]))[1] is False
    low = [(one, dataclasses.replace(estimate, low=0.97)) for one, estimate in found]
    assert holds(small_epsilon.verdicts(low)) == [True, False]


def test_epsilons_that_are_close_together_show_no_fall(monkeypatch):
    monkeypatch.setattr(small_epsilon, "SHARES", (32, 40, 48))
    assert holds(small_epsilon.verdicts(played(4096))) == [True, False]


def test_attackers_move_at_every_epsilon(found):
    """On the shattered set in a share (n - 1) epsilon of the rounds."""
    for one, estimate in found:
        share = 1.0 if one.attack != "shattered set" else 63 * one.cell.game.epsilon
        low, high = clopper_pearson(estimate.rounds - estimate.forfeits, estimate.rounds, 1 - 1e-4)
        assert 0 < low <= share <= high
