"""Each verdict of exact-values falls for a fault in the solver, or for a bound that promises too much."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import pytest

from backdoor_game import AllFunctions, Singletons, Thresholds
from backdoor_game.experiments import exact_values
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.ground.errors import BackdoorGameError
from tests.experiments.faults import fallen, fell

GRID = [(Thresholds(points=128), 1, 128), (Singletons(points=8), 1, 8), (AllFunctions(points=4), 1, 4)]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(exact_values, "grid", lambda _: [(F, [Fraction(k, N)]) for F, k, N in GRID])
    monkeypatch.setattr(exact_values, "DRAWN", (Thresholds(points=128),))


def verdicts(folder):
    return exact_values.run(Settings(output=str(folder))).verdicts


def test_all_hold_on_three_classes(tmp_path):
    assert fallen(verdicts(tmp_path)) == []


def test_a_value_that_the_solver_cannot_prove_is_a_verdict_that_falls(monkeypatch, tmp_path):
    solve = exact_values.solve

    def unable(game, **how):
        if isinstance(game.functions, Singletons):
            raise BackdoorGameError("the game was not solved")
        return solve(game, **how)

    monkeypatch.setattr(exact_values, "solve", unable)
    report = exact_values.run(Settings(output=str(tmp_path)))
    assert fallen(report.verdicts) == ["every value is proved from both sides"]
    assert report.points["refused"] == ["Singletons(points=8) at 1/8: the game was not solved"]


def test_where_nothing_is_solved_nothing_holds():
    told = exact_values._verdicts([], refused=3)
    assert len(fallen(told)) == len(told) == 6


@pytest.mark.parametrize("times", [0.5, 2])
def test_a_solver_whose_losses_are_off_makes_every_verdict_on_a_value_fall(times, monkeypatch, tmp_path):
    """Doubled losses are more than VC dimension 1 allows; halved ones are only not what the formulas say."""
    solve = exact_values.solve

    def off(game, **how):
        found = solve(game, **how)
        lower, upper = (1 - times * (1 - end) for end in (found.lower, found.upper))
        return dataclasses.replace(found, value=(lower + upper) / 2, lower=lower, upper=upper, fraction=None)

    monkeypatch.setattr(exact_values, "solve", off)
    told = verdicts(tmp_path)
    fell(told, "at eps = 1/N the value is", "on the shattered set", "thresholds: the value is")
    if times > 1:
        fell(told, "VC dimension 1")


def test_a_guarantee_that_is_too_strong_is_seen(monkeypatch, tmp_path):
    monkeypatch.setattr(exact_values, "voting", lambda functions, epsilon: 1 - epsilon / 8)
    assert fallen(verdicts(tmp_path)) == ["no value is under what voting and Boltzmann resampling guarantee"]


def test_thresholds_with_another_constant_are_not_what_was_solved(monkeypatch, tmp_path):
    monkeypatch.setattr(exact_values, "threshold_loss", lambda epsilon: epsilon / math.floor(1 / epsilon))
    assert fallen(verdicts(tmp_path))[0].startswith("thresholds: the value is")
