"""The verdict on rff-static's controls falls for detectors that say nothing of the model that they are shown."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game.experiments.rff_static import controls
from backdoor_game.experiments.rff_static.experiment import GAME, KEYLESS
from backdoor_game.experiments.shared.advantages import Judged
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.planting.detectors.base import calibrate


def found(alarms=0, caught=controls.ROUNDS):
    level = 1 - 0.05 / (2 * len(controls.CONTROLS))
    return [Judged(repr(one.detector), controls.ROUNDS, alarms, caught, level) for one in controls.CONTROLS]


def test_every_keyless_detector_has_a_control_of_its_own():
    assert [one.detector for one in controls.CONTROLS] == list(KEYLESS)


def test_one_detector_that_stays_silent_or_cries_wolf_makes_the_verdict_fall():
    """40 of 40 and 0 of 40 at 1 - .05/16 each: (.05/32)^(1/40) - (1 - (.05/32)^(1/40)) = .702."""
    tail = (0.05 / 32) ** (1 / controls.ROUNDS)
    assert found()[0].interval[0] == pytest.approx(2 * tail - 1)
    assert controls.verdict(found()).holds
    for place in range(len(controls.CONTROLS)):
        for worse in (found(caught=28), found(alarms=10), found(alarms=40), found(caught=0)):
            told = [*found()[:place], worse[place], *found()[place + 1 :]]
            assert not controls.verdict(told).holds
            assert controls.verdict(told).measured.startswith("7 of 8")


def test_detectors_that_return_noise_fire_on_no_control(monkeypatch):
    """Thresholds on 50 clean models each, so that it takes seconds."""
    few = tuple(dataclasses.replace(one, clean=50) for one in KEYLESS)
    chosen = tuple(
        dataclasses.replace(one, detector=detector) for one, detector in zip(controls.CONTROLS, few, strict=True)
    )
    monkeypatch.setattr(controls, "CONTROLS", chosen)
    monkeypatch.setattr(controls, "ROUNDS", 20)
    for kind in {type(one) for one in few}:
        monkeypatch.setattr(kind, "score", lambda self, view, rng: float(rng.random()))
    calibrate.cache_clear()  # thresholds of honest scores may be there, and these must not stay
    try:
        told = controls.fired(GAME, few, Settings(threads=1))
    finally:
        calibrate.cache_clear()
    assert all(one.interval[0] <= 0 for one in told)
    assert controls.verdict(told).measured.startswith("0 of 8")
    assert not controls.verdict(told).holds
