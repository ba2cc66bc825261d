"""The atlas: its claims hold on a few classes, and a planted entry or a fault makes each fall."""

import dataclasses
from fractions import Fraction

import pytest

from backdoor_game import AllFunctions, Thresholds, make
from backdoor_game.experiments import atlas
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.functions.base import FunctionClass
from theory import frontier, minimax


@pytest.fixture
def few(monkeypatch):
    """The kinds on 3 points, and two shipped classes."""
    monkeypatch.setattr(atlas, "SIZES", ((1, 3), (2, 3)))
    monkeypatch.setattr(atlas, "NAMED", (Thresholds(points=4), AllFunctions(points=3)))
    monkeypatch.setattr(atlas, "EPSILONS", ("1/5", "2/5"))


@pytest.fixture
def sound():
    return [
        atlas.certified("a", make("Thresholds(points=3)", FunctionClass, "functions"), "1/5", 10.0),
        atlas.certified("b", AllFunctions(points=3), "2/5", 10.0),
        atlas.certified("c", make("Intervals(points=3)", FunctionClass, "functions"), "1/4", 10.0),
    ]


def held(entries, stepped=None):
    return [one.holds for one in atlas.verdicts(entries, entries[2:] if stepped is None else stepped)]


def test_all_claims_hold_and_intervals_are_those_of_the_derivation(few, tmp_path):
    calls = []
    report = atlas.run(Settings(output=str(tmp_path), progress=lambda done, total: calls.append((done, total))))
    assert [verdict.holds for verdict in report.verdicts] == [True] * 6
    # 2 trees and 1 class of dimension 2 on 3 points, 2 named ones; the steps of the second
    assert calls[-1] == (2 * 5 + 5, 2 * 5 + 5)
    known = {(one["name"], one["epsilon"]): one for one in report.points["classes"]}
    assert known["Thresholds(points=4)", "1/5"]["upper"] == pytest.approx(17 / 20)
    assert known["AllFunctions(points=3)", "2/5"]["constant_high"] == pytest.approx(0.5 / 1.2)
    for one in report.points["classes"]:
        assert one["status"] == "certified (floating point)"
        epsilon = {"1/5": 0.2, "2/5": 0.4}[one["epsilon"]]
        assert one["constant_low"] == pytest.approx((1 - one["upper"]) / (one["d"] * epsilon))
    assert "certified (floating point)" in report.tables[0].title


def test_the_steps_are_those_of_the_proof_and_the_kinds_are_all():
    assert {d: " ".join(steps) for d, steps in atlas.STEPS.items()} == minimax.STEPS
    names = [name for name, _ in atlas.classes(Settings())]
    for (points, d), kinds in frontier.KINDS.items():
        assert sum(name.startswith(f"d = {d}, N = {points}, ") for name in names) == kinds
    assert len(list(atlas.classes(Settings(full=True)))) > len(names)


def changed(entry, **numbers):
    """An entry with other ends, and the constants that follow."""
    one = dataclasses.replace(entry, **numbers)
    scale = one.d * float(Fraction(one.epsilon))
    return dataclasses.replace(one, constant_low=(1 - one.upper) / scale, constant_high=(1 - one.lower) / scale)


def test_each_claim_falls_by_an_entry_against_it(sound):
    line, every, runs = sound
    assert held(sound) == [True] * 6
    # a class that loses 1.1 d epsilon: a counter-example, also to Theorem B
    assert held([changed(line, lower=0.78, upper=0.78), every, runs]) == [False, False, True, False, True, True]
    # left open: nobody knows, but no number and no lower bound; and where nothing is closed nothing is claimed
    left_open = changed(line, lower=0.5)
    assert held([left_open, every, runs, line], sound[2:]) == [True, False, True, True, True, False]
    assert held([left_open, every, runs]) == [True, False, True, False, True, False]
    # on more points an open interval is allowed
    assert held([dataclasses.replace(left_open, points=5), every, runs, line], sound[2:]) == [True] * 6
    # a lower end that was not moved far enough stands above what a shattered set costs
    assert held([line, changed(every, lower=0.51, upper=0.51), runs])[4] is False
    # all functions lose less than the shattered set
    assert held([line, changed(every, lower=0.4, upper=0.45), runs])[4] is False
    # at a step
    assert held(sound, [changed(runs, lower=0.55)]) == [True, True, False, True, True, True]
    assert held(sound, [])[2] is False


def test_a_claim_at_a_smaller_constant_is_refuted(few, tmp_path, monkeypatch):
    monkeypatch.setattr(atlas, "CLAIM", 0.7)
    holds = [verdict.holds for verdict in atlas.run(Settings(output=str(tmp_path))).verdicts]
    assert holds == [False, False, False, True, True, True]
