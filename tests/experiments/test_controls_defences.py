"""Verdicts of theorem-5.1, theorem-6.1 and price-of-efficiency fall for a control in the tested player's place."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game import AlwaysClean, CoinFlip, Defender, GraftPath, NoAttack, bounds
from backdoor_game.experiments import price_of_efficiency as price
from backdoor_game.experiments import theorem_6_1
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure
from backdoor_game.experiments.theorem_5_1 import experiment as theorem_5_1
from tests.experiments.faults import fallen, fell, in_place_of

COIN = in_place_of(CoinFlip())


def learnt(monkeypatch, change, slope=0.0):
    """Theorem 5.1 at one size, its matches changed, and times that grow with this power too much."""
    monkeypatch.setattr(theorem_5_1, "SIZES", (16,))
    sized = theorem_5_1.cells(Settings())
    found = change([one.cell for one in sized])
    slopes = {label: k + slope for label, k in theorem_5_1.EXPONENTS.items()}
    return theorem_5_1._verdicts(list(zip(sized, found, strict=True)), slopes)


def test_a_coin_in_the_learner_s_place_errs_and_loses_too_much(monkeypatch):
    told = learnt(monkeypatch, lambda matches: COIN(matches, Settings()))
    fell(told, "every interval of the win rate", "no interval of the learner's error", "the meters show the m examples")


def test_a_learner_that_is_given_a_quarter_of_its_examples_is_told_by_its_meter(monkeypatch):
    """The bounds leave so much room that no win rate shows it."""

    def change(matches):
        few = []
        for match in matches:
            short = dataclasses.replace(match.defender, examples=match.defender.examples // 4)
            few.append(dataclasses.replace(match, defender=short, rounds=200))
        return measure(few, Settings())

    fell(learnt(monkeypatch, change), "the meters show the m examples")
    whole = learnt(monkeypatch, lambda matches: measure(matches, Settings()))
    assert "the meters show the m examples of a look that the bounds are of" not in fallen(whole)


def test_always_clean_in_the_learner_s_place_misses_more_than_a_learner_may(monkeypatch):
    trusting = in_place_of(AlwaysClean(), 4096)
    told = learnt(monkeypatch, lambda matches: trusting(matches, Settings()))
    fell(told, "where plants are commoner")


def test_attackers_that_never_move_are_told(monkeypatch):
    still = in_place_of(AlwaysClean(), 200)

    def change(matches):
        return still([dataclasses.replace(match, attacker=NoAttack()) for match in matches[::2]] * 2, Settings())

    fell(learnt(monkeypatch, change), "attackers move at every size")


def test_time_that_grows_by_a_power_more_is_told(monkeypatch):
    told = learnt(monkeypatch, lambda matches: COIN(matches, Settings()), slope=1.0)
    fell(told, "time grows no faster")


def leaves(change=lambda match: match):
    lines = [line for line in theorem_6_1.lines() if line.delta == 1 / 4 and line.who != "HillClimbAttacker"]
    return lines, [change(theorem_6_1._cell(line, Settings())) for line in lines]


def test_a_coin_in_the_place_of_the_leaf_s_mass_cries_wolf_loses_and_evaluates_nothing():
    lines, matches = leaves()
    told = theorem_6_1._verdicts(dict(zip(lines, COIN(matches, Settings()), strict=True)))
    fell(told, "no false-alarm interval", "under epsilon = (delta/s)^2 no win-rate interval", "the meters show")


def test_an_attacker_that_never_plants_in_the_place_of_the_grafter_is_told():
    def still(match):
        return dataclasses.replace(match, attacker=NoAttack()) if isinstance(match.attacker, GraftPath) else match

    lines, matches = leaves(still)
    found = in_place_of(AlwaysClean(), 200)(matches, Settings())
    fell(theorem_6_1._verdicts(dict(zip(lines, found, strict=True))), "GraftPath plants in at least a fifth")


@pytest.mark.parametrize(("times", "start"), [(2, "and none is, once"), (0.5, "on uniform"), (0.25, "on uniform")])
def test_a_leaf_s_mass_with_another_threshold_lets_others_pass(times, start, monkeypatch):
    """Against the threshold that lines go by."""
    lines, matches = leaves()
    fair = [(line, match) for line, match in zip(lines, matches, strict=True) if line.bits == "uniform"]
    few = [dataclasses.replace(match, rounds=1000) for _, match in fair]
    known = theorem_6_1._sharp(dict(zip([line for line, _ in fair], measure(few, Settings()), strict=True)))
    assert not fallen(known)
    threshold = bounds.leaf_mass_threshold
    with monkeypatch.context() as patch:
        patch.setattr(bounds, "leaf_mass_threshold", lambda delta, s: times * threshold(delta, s))
        found = measure(few, Settings())
    fell(theorem_6_1._sharp(dict(zip([line for line, _ in fair], found, strict=True))), start)


@dataclasses.dataclass(frozen=True)
class Wavering(Defender):
    """Flags by the generator of its round: its chance can only be sampled."""

    def suspicion(self, view, rng):
        return float(rng.random() < 0.5)


@pytest.fixture
def priced(monkeypatch, tmp_path):
    monkeypatch.setattr(price, "GAMES", {"thresholds": price.GAMES["thresholds"]})
    monkeypatch.setattr(price, "CLIMBED", ("ensemble",))
    monkeypatch.setattr(price, "BUDGETS", (30, 100))

    def run(**players):
        monkeypatch.setattr(price, "DEFENDERS", {**price.DEFENDERS, **players})
        return price.run(Settings(output=str(tmp_path))).verdicts

    return run


def test_every_verdict_on_prices_holds_for_those_who_are_meant(priced):
    assert not fallen(priced())


@pytest.mark.parametrize(
    ("place", "control", "start"),
    [
        ("optimal", AlwaysClean(), "optimal play cannot be exploited"),
        ("ensemble", CoinFlip(), "no defender falls under what is proved for it"),
        ("single distillation", CoinFlip(), "no defender falls under what is proved for it"),
        ("coin flip", Wavering(), "every figure is exact"),
    ],
)
def test_a_control_in_another_s_place_is_found_out(place, control, start, priced):
    fell(priced(**{place: control}), start)


def test_a_win_rate_that_is_too_low_is_more_than_the_worst_attacker_can_take(priced, monkeypatch):
    monkeypatch.setattr(price, "exact_win_rate", lambda *given: 0.0)
    fell(priced(), "no search gains more than the worst attacker")
