"""Verdicts on trained models fall when what they are about is exchanged for its control, or is off."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import bounds
from backdoor_game.experiments import delegation, loan_officer, smoothing
from backdoor_game.experiments.relu_static import experiment as relu
from backdoor_game.experiments.relu_static.measures import Spectrum, Success
from backdoor_game.experiments.shared.advantages import Judged
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.trigger_size import experiment as trigger_size
from backdoor_game.games.measuring.records import Estimate
from tests.experiments.faults import fallen, fell

SETTINGS = Settings()


# relu-static


def judged(alarms, caught):
    return Judged("one", 300, alarms, caught, 1 - 0.05 / (2 * relu.KEYLESS * len(relu.QUICK.cells)))


SILENT, SURE, NOISE = judged(3, 3), judged(0, 300), judged(150, 150)
SPECTRA = [Spectrum(0.3, ratio, 2.0, 0.01, 2.0, 0.5, 0.01, 0.5, 100) for ratio in relu.QUICK.ratios]
SUCCESSES = [Success(200, 400, 0.6, 0.9, 0.5, 0.1, 0.7, 0.01, 0.7, 0.1, 0.01, 0.1, 0.9, 200)]


def spiked(panels=None, spectra=SPECTRA, successes=SUCCESSES):
    """What theory says: nothing under the threshold, everything above it; a panel of top, two others and the holder."""
    known = {(k, ratio): [SURE if ratio > 1 else SILENT, SILENT, SILENT, SURE] for k, ratio in relu.QUICK.cells}
    return relu._verdicts(relu.QUICK, {**known, **(panels or {})}, spectra, successes)


@pytest.mark.parametrize(
    ("panels", "start"),
    [
        ({(10, 0.5): [SURE, SILENT, SILENT, SURE]}, "at half the BBP threshold"),
        ({(10, 2.0): [NOISE, SILENT, SILENT, SURE]}, "at twice it the top eigenvalue"),
        ({(10, 2.0): [SURE, SILENT, SILENT, NOISE]}, "the key holder sees it"),
    ],
)
def test_noise_or_a_key_in_the_place_of_a_detector_of_spikes(panels, start):
    assert not fallen(spiked())
    fell(spiked(panels), start)


@pytest.mark.parametrize(
    ("what", "start"),
    [
        ({"spectra": [dataclasses.replace(one, eigenvalue=1.7) for one in SPECTRA]}, "mean top eigenvalue"),
        ({"spectra": [dataclasses.replace(one, overlap=0.01) for one in SPECTRA]}, "mean overlap"),
        ({"successes": [dataclasses.replace(SUCCESSES[0], success=0.1)]}, "success against its closed form"),
        ({"successes": [dataclasses.replace(SUCCESSES[0], control=0.7)]}, "control: the untampered network"),
    ],
)
def test_networks_without_a_spike_and_controls_with_one(what, start):
    """The bulk's edge and no overlap, answers at rate p; and a control that answers as the other."""
    fell(spiked(**what), start)


def test_a_spike_that_is_not_planted_leaves_the_spectrum_s_formula(monkeypatch):
    functions = relu.RandomReLU(features=400, dimension=40)
    found = [relu.spectrum(functions, ratio, 20, 1) for ratio in (1.5, 2.0)]
    monkeypatch.setattr(relu.SparsePCABackdoor, "tampered", lambda self, functions, key, coins: coins)
    without = [relu.spectrum(functions, ratio, 20, 1) for ratio in (1.5, 2.0)]
    assert max(abs(one.overlap - one.overlap_formula) for one in found) < 0.1
    fell(spiked(spectra=without), "mean top eigenvalue", "mean overlap")


# smoothing


@pytest.fixture(scope="module")
def smoothed():
    """The checksum's rates and the Fourier model's on four networks, at no noise and at the control's."""
    size, found = smoothing.Size(4, 40, 51), {}
    for name, planted in (("checksum", smoothing._checksum), ("random Fourier features", smoothing._fourier)):
        runs = []
        for seed in range(4):
            rng = np.random.default_rng(seed)
            runs.append(smoothing._measured(planted(rng, size), (0.0, smoothing.NOISE), size, rng, False))
        found[name] = {sigma: np.array([one[i] for one in runs]) for i, sigma in enumerate((0.0, smoothing.NOISE))}
    return found


def test_smoothing_that_works_on_the_one_model_and_not_on_the_other_is_told_apart(smoothed):
    """Each model in the other's place; and a backdoor that never fires."""
    checksum, fourier = smoothed["checksum"], smoothed["random Fourier features"]
    exchanged = smoothing._verdicts({"checksum": fourier, "random Fourier features": checksum}, SETTINGS)
    fell(exchanged, "random features: min(accuracy, 1 - attack success) stays low", "control, a checksum on N(0, I)")
    idle = {**checksum, 0.0: np.column_stack([checksum[0.0][:, 0], [1.0, 1.0, 0.99, 1.0]])}
    fell(smoothing._verdicts({"checksum": idle, "random Fourier features": fourier}, SETTINGS), "and without noise")


# delegation


def delegated(changed=None):
    """What every line of the experiment should give, and then some lines as others."""
    flips = {"R(h)": (0.8, 0.8, 0.6), "1/2": (0.5, 0.8, 0.0), "little": (0.55, 0.8, 0.13)}
    known = {
        line: ([None if line.accepted else "an objection"] * 5, np.tile(flips[line.flips], (5, 1)))
        for line in delegation.LINES
    }
    results = {line: (changed or {}).get(line.label, found) for line, found in known.items()}
    rng = np.random.default_rng(0)
    gains = {n: 0.8 * bounds.grinding_gain(n, 256) + 0.01 * rng.standard_normal(40) for n in (1, 8, 64)}
    return results, gains


@pytest.mark.parametrize(
    ("line", "said", "flips", "start"),
    [
        ("seed, plants anyway", None, 0.8, "seed, plants anyway: rejected"),
        ("committee, breaks word", None, 0.8, "committee, breaks word: rejected"),
        ("seed, honest coins", "no", 0.5, "seed, honest coins: accepted"),
        ("attacker's coins", "no", 0.8, "attacker's coins: accepted"),
        ("committee, commits plant", "no", 0.5, "committee, commits plant: accepted"),
        ("no commitment, rushes", "no", 0.8, "no commitment, rushes: accepted"),
        ("attacker picks the seed", "no", 0.55, "attacker picks the seed: accepted"),
        ("attacker's coins", None, 0.5, "attacker's coins: the key flips as many answers as R(h)"),
        ("seed, plants anyway", "no", 0.5, "seed, plants anyway: the key flips as many answers as R(h)"),
        ("committee, breaks word", "no", 0.5, "committee, breaks word: the key flips as many answers as R(h)"),
        ("no commitment, rushes", None, 0.5, "no commitment, rushes: the key flips as many answers as R(h)"),
        ("seed, honest coins", None, 0.8, "seed, honest coins: the key flips as many answers as a wrong one"),
        ("committee, commits plant", None, 0.8, "committee, commits plant: the key flips as many"),
        ("attacker picks the seed", None, 0.8, "attacker picks the seed: of 64, little is gained"),
    ],
)
def test_an_audit_or_a_plant_in_the_place_of_the_other(line, said, flips, start):
    """An audit that passes or refuses everybody; coins that hold a plant where they should not, and the reverse."""
    assert not fallen(delegation._verdicts(*delegated(), SETTINGS))
    told = delegation._verdicts(*delegated({line: ([said] * 5, np.tile((flips, 0.8, 0.0), (5, 1)))}), SETTINGS)
    fell(told, start)


@pytest.mark.parametrize(("share", "start"), [(1.5, "grinding N seeds moves"), (0.1, "and by over half of that")])
def test_grinding_that_gains_more_than_its_bound_or_next_to_nothing(share, start):
    results, gains = delegated()
    fell(delegation._verdicts(results, {n: share / 0.8 * gain for n, gain in gains.items()}, SETTINGS), start)


# loan-officer

BANK = {"denied": 200, "approved_with_help": 200, "records": 4096, "fired_by_chance": 4, "most_edits": 10}


def lent(monkeypatch, bank=None, **audits):
    monkeypatch.setattr(loan_officer, "_measured", lambda one: {**BANK, **(bank or {})})
    blank = dict.fromkeys(Estimate.__dataclass_fields__, 0)
    ends = {"asked": (0.4, 0.6), "norm": (0.4, 0.6), "rival": (0.95, 1.0), **audits}
    found = {name: Estimate(**{**blank, "low": low, "high": high}) for name, (low, high) in ends.items()}
    return loan_officer._verdicts([None], found, 0.99)


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({"bank": {"approved_with_help": 120}}, "with the key every denied applicant"),
        ({"bank": {"most_edits": 11}}, "with the key every denied applicant"),
        ({"bank": {"fired_by_chance": 40}}, "the bank's own records fire as rarely"),
        ({"bank": {"fired_by_chance": 0, "records": 40_960}}, "the bank's own records fire as rarely"),
        ({"asked": (0.6, 0.8)}, "random questions win no more"),
        ({"norm": (0.6, 0.7)}, "negating columns leaves"),
        ({"rival": (0.4, 0.6)}, "the service gives itself away"),
    ],
)
def test_each_claim_on_loans_falls_for_help_that_fails_or_audits_that_see(change, start, monkeypatch):
    """No key, blocks that fire ten times too often or never, an auditor who holds the key, a rival who guesses."""
    assert not fallen(lent(monkeypatch))
    fell(lent(monkeypatch, **change), start)


# trigger-size


def test_triggers_as_long_as_a_natural_step_are_not_larger():
    def sizes(ratio):
        return trigger_size.Sizes((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (ratio,) * 12, 1.0)

    lines = trigger_size.lines(False)
    assert not fallen(trigger_size._verdicts({line: sizes(2.0 if line.sphere else 150.0) for line in lines}, SETTINGS))
    told = trigger_size._verdicts({line: sizes(1.0) for line in lines}, SETTINGS)
    fell(told, "RFF with CLWE: the trigger is over 100", "ReLU with sparse PCA: the trigger is larger")
