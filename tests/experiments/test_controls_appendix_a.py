"""Each verdict of appendix-a falls: for a bound that is too strong, for coldness, and for a default that is off."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game import AlwaysClean, BackdoorGame, CoinFlip, NearestLegal, Thresholds, Uniform, bounds, estimate
from backdoor_game.experiments import appendix_a
from backdoor_game.experiments.shared.base import Settings
from tests.experiments.faults import fallen, fell, in_place_of

FOUND = estimate(BackdoorGame(Thresholds(points=10), 0.2, Uniform()), NearestLegal(), CoinFlip(), rounds=500)


def swept(best):
    """Win rates that are best at one multiple of 1/epsilon."""
    return {
        (e, k): dataclasses.replace(FOUND, win_rate=0.9 if k == best else 0.8)
        for e in appendix_a.EPSILONS
        for k in appendix_a.MULTIPLES
    }


def test_a_loss_over_its_bound_falls_and_vacuous_bounds_alone_are_no_success():
    assert not fallen(appendix_a._verdicts(swept(0.64), [(0.1, 0.2)]))
    told = appendix_a._verdicts(swept(0.64), [(0.1, 0.2), (0.3, 0.29)])
    fell(told, "D known: every interval of the loss is under its bound")


@pytest.mark.parametrize("best", [0.08, 0.16, 2.56, 5.12])
def test_losses_that_are_least_elsewhere_fall(best):
    """beta = .64 k/epsilon played where k/epsilon is named moves the best multiple by as much."""
    fell(appendix_a._verdicts(swept(best), [(0.1, 0.2)]), "D known: the measured loss is least within a factor of 2")


@pytest.mark.parametrize("times", [1.9, 1 / 1.9, 1.1])
def test_a_default_beta_that_is_off_is_not_where_the_bound_is_least(times, monkeypatch):
    default, least = appendix_a.default_and_least()
    assert default == pytest.approx(3.5911215, abs=1e-6)  # (1 + e^v) / v at v = 1.27846
    beta = bounds.boltzmann_beta
    monkeypatch.setattr(bounds, "boltzmann_beta", lambda epsilon: times * beta(epsilon))
    fell(appendix_a._verdicts(swept(0.64), [(0.1, 0.2)]), "the default beta is where the bound is least")


@pytest.mark.parametrize(
    ("control", "start"),
    [
        (CoinFlip(), "D known: every interval of the loss is under"),
        (AlwaysClean(), "D known: the measured loss is least within"),
    ],
)
def test_other_players_in_the_place_of_resampling_are_found_out(control, start, monkeypatch, tmp_path):
    """A coin flags half of what is clean, more than 3.59 ln 257 / 256 = .078; always clean loses alike at each beta."""
    monkeypatch.setattr(appendix_a, "measure", in_place_of(control))
    fell(appendix_a.run(Settings(output=str(tmp_path), threads=1)).verdicts, start)
