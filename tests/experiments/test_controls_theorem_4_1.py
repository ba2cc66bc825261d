"""Each verdict of theorem-4.1 falls for a control in the place of the player that it is about."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import AlwaysClean, BackdoorGame, BlockDefender, CoinFlip, DistillationEnsemble, Memorizer, bounds
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure
from backdoor_game.experiments.theorem_4_1 import lower, phase, upper
from tests.experiments.faults import fallen, fell, in_place_of, mutated

VERDICTS = {lower: 3, phase: 4}


class Told(BlockDefender):
    """Flags what f* changes: it is told f, which no defender is."""

    reads_code = True

    def suspicion_block(self, view):
        return (view.told != view._shown_labels()[:, 0]).astype(np.float64)


def run(module, folder):
    return module.run(Settings(output=str(folder), threads=1)).verdicts


@pytest.fixture
def telling(monkeypatch):
    """An engine that tells the defender the original's label at x'."""
    old = "self._defend(defender, view, outcome, branch[rows], rows)"
    new = f"view.told = self.functions.evaluate(f[rows], X[place][:, None, :])[:, 0]; {old}"
    monkeypatch.setattr(BackdoorGame, "play", mutated(BackdoorGame.play, old, new))


@pytest.mark.parametrize("module", [lower, phase])
def test_a_defender_that_is_told_f_wins_more_than_any_defender_can(module, monkeypatch, telling, tmp_path):
    monkeypatch.setattr(module, "DEFENDERS", dict.fromkeys(module.DEFENDERS, Told()))
    assert len(fallen(run(module, tmp_path))) == VERDICTS[module]


@pytest.mark.parametrize("module", [lower, phase])
def test_a_coin_in_the_place_of_always_clean_does_not_attain_the_curve(module, monkeypatch, tmp_path):
    few = {label: CoinFlip() for label in module.DEFENDERS if label in ("ensemble", "always clean")}
    monkeypatch.setattr(module, "DEFENDERS", few)
    told = run(module, tmp_path)
    fell(told, "always clean attains the curve")
    if module is phase:
        fell(told, "below, given a plant, every interval of the ensemble contains what its voters are worth exactly")


def test_always_clean_in_the_ensemble_s_place_wins_by_forfeits_alone_and_is_found_out(monkeypatch, tmp_path):
    monkeypatch.setattr(phase, "DEFENDERS", dict.fromkeys(phase.DEFENDERS, AlwaysClean()))
    told = run(phase, tmp_path)
    assert fallen(told) == [
        "below, given a plant, every interval of the ensemble contains what its voters are worth exactly"
    ]


def test_where_nothing_is_known_of_rounds_with_a_plant_no_claim_on_them_holds(monkeypatch, tmp_path):
    def silent(matches, settings):
        return [dataclasses.replace(one, given_plant_interval=None) for one in measure(matches, settings)]

    monkeypatch.setattr(phase, "measure", silent)
    monkeypatch.setattr(phase, "DEFENDERS", {"ensemble": CoinFlip(), "always clean": AlwaysClean()})
    fell(run(phase, tmp_path), "below, given a plant, no interval", "below, given a plant, every interval")


@pytest.mark.parametrize("module", [lower, phase])
@pytest.mark.parametrize("times", [0.5, 2, 5])
def test_a_curve_that_loses_twice_or_half_as_much_is_not_attained(module, times, monkeypatch, tmp_path):
    """The upper bound 1 - loss with another loss, not below 1/2."""
    bound = bounds.shattering_bound
    monkeypatch.setattr(bounds, "shattering_bound", lambda d, eps: max(0.5, 1 - times * (1 - bound(d, eps))))
    monkeypatch.setattr(module, "DEFENDERS", {"ensemble": CoinFlip(), "always clean": AlwaysClean()})
    fell(run(module, tmp_path), "always clean attains the curve")


def test_a_coin_in_the_place_of_voters_breaks_their_bound_and_has_no_slope(monkeypatch, tmp_path):
    monkeypatch.setattr(upper, "measure", in_place_of(CoinFlip()))
    monkeypatch.setattr(upper, "EXPONENTS", (5, 6))
    fell(run(upper, tmp_path), "every interval of the win rate", "single distillation: slope", "ensemble: slope")


def test_a_learner_of_which_nothing_is_proved_is_told_instead_of_measured(monkeypatch, tmp_path):
    (label, cell), *_ = upper.plain_cells(Settings())
    careless = DistillationEnsemble(learner=Memorizer(), members=31, examples=12, threshold=0.3)
    monkeypatch.setattr(upper, "plain_cells", lambda settings: [(label, dataclasses.replace(cell, defender=careless))])
    monkeypatch.setattr(upper, "measure", in_place_of(AlwaysClean()))
    fell(run(upper, tmp_path), "every learner's expected error is proved")
