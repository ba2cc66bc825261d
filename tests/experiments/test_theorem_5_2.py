"""Theorem 5.2's claims about advice and the middle step, each with a control that fails it."""

from __future__ import annotations

import dataclasses

import pytest

from backdoor_game import AlwaysClean, Canonical, CoinFlip, Identity, KeySearch, ParityCheck, StructuralDefender
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure
from backdoor_game.experiments.theorem_5_2 import advice, experiment, hybrid
from backdoor_game.experiments.theorem_5_2.exact import enumerated_rate, enumerated_rates
from backdoor_game.experiments.theorem_5_2.matches import cell, game


def played(matches, **changed):
    """The same matches with another player or number of rounds, measured."""
    changed = [dataclasses.replace(match, **changed) for match in matches.values()]
    return dict(zip(matches, measure(changed, Settings()), strict=True))


def holds(verdicts):
    return [verdict.holds for verdict in verdicts]


@pytest.fixture(scope="module")
def rates():
    return advice.exact()


def test_masks_win_their_weights_and_who_never_flags_or_guesses_does_not(rates):
    """Weights 123, 131 and 130 of 256, all together 192: 1/2 + weight/512."""
    assert [rates[8, mask] for mask in (1, 2, 3, 0)] == [0.5 + weight / 512 for weight in (123, 131, 130, 192)]
    assert rates[9, 0] == rates[10, 0] == 0.5
    cells = advice.cells(Settings())
    assert holds(advice.verdicts(played(cells), rates, experiment.KEY_BITS)) == [True] * 3
    assert holds(advice.verdicts(played(cells, defender=AlwaysClean()), rates, experiment.KEY_BITS))[0] is False
    guessed = holds(advice.verdicts(played(cells, defender=CoinFlip(), rounds=2048), rates, experiment.KEY_BITS))
    assert guessed == [False, True, False]
    searched = played(cells, defender=KeySearch(key_bits=8), rounds=1024)
    assert holds(advice.verdicts(searched, rates, experiment.KEY_BITS))[0] is False


def test_a_grid_of_claims_that_begins_at_n_has_masks_and_fails(rates):
    found = played(advice.cells(Settings()), rounds=1024)
    assert min(experiment.KEY_BITS) == 9
    assert holds(advice.verdicts(found, rates, (8, *experiment.KEY_BITS)))[2] is False
    assert holds(advice.verdicts(found, rates | {(8, 1): 0.75}, experiment.KEY_BITS))[1] is False


def test_several_rates_are_enumerated_as_each_alone():
    small = [ParityCheck(), StructuralDefender()]
    together = enumerated_rates(game(8, Canonical()), 8, small)
    assert together == [enumerated_rate(game(8, Canonical()), 8, one) for one in small] == [0.875, 0.5]


@pytest.fixture(scope="module")
def middle():
    cells = hybrid.cells(Settings())
    return cells, {key: hybrid.alike(match, 3) for key, match in cells.items()}


def test_the_middle_step_holds_under_the_canonical_form_and_only_there(middle):
    cells, alike = middle
    found = played(cells)
    assert holds(hybrid.verdicts(found, alike)) == [True, True]
    smoothed = found["Canonical()", "HammingSmoothing()"]
    assert smoothed.false_alarms == smoothed.detections > 0
    open_cells = dict.fromkeys(cells, cells["Identity()", "StructuralDefender()"])
    gates = dict.fromkeys(cells, alike["Identity()", "StructuralDefender()"])
    assert alike["Identity()", "StructuralDefender()"].codes == 0
    assert holds(hybrid.verdicts(played(open_cells, rounds=256), gates))[0] is False
    for control in (CoinFlip(), AlwaysClean()):
        assert holds(hybrid.verdicts(played(cells, defender=control, rounds=256), alike)) == [True, False]


def test_one_code_or_answer_that_differs_fails_the_middle_step(middle, monkeypatch):
    cells, alike = middle
    found = played(cells, rounds=64)
    key = "Canonical()", "HammingSmoothing()"
    for what in ("codes", "answers"):
        fewer = dataclasses.replace(alike[key], **{what: hybrid.COMPARED - 1})
        assert holds(hybrid.verdicts(found, alike | {key: fewer}))[0] is False
    torn = dataclasses.replace(found[key], detections=found[key].detections + 1)
    assert holds(hybrid.verdicts(found | {key: torn}, alike))[0] is False


def test_an_obfuscator_that_hides_nothing_under_the_canonical_name_is_seen(monkeypatch):
    """The control by a fault: the canonical form is left out where the punctured key is obfuscated."""
    cell = hybrid.cells(Settings())["Canonical()", "StructuralDefender()"]
    roomy = dataclasses.replace(cell.game, functions=hybrid.circuits(hybrid.KEY_BITS, Identity()))
    monkeypatch.setattr(
        Canonical,
        "obfuscate_block",
        lambda self, functions, codes, keys: Identity().obfuscate_block(functions, codes, keys),
    )
    monkeypatch.setattr(hybrid, "COMPARED", 64)
    seen = hybrid.alike(dataclasses.replace(cell, game=roomy), 3)
    assert (seen.codes, seen.answers) == (0, 0)


def punctured(search, other, reader, exact=0.5):
    """What one search, one other defender and one reader of gates give, at 9 bits of key."""
    matches = {
        "search": cell(9, Canonical(), search, 2048),
        "other": cell(9, Canonical(), other, 2048),
        "reader": cell(9, Identity(), reader, 1024),
    }
    found = played(matches)
    empty = {key: {} for key in ("rewriting", "parities", "middle", "exact_rates", "exact_parities", "alike")}
    return experiment.Punctured(
        searches={(9, 2): found["search"]},
        polynomial={("other", 9): found["other"]},
        identity=found["reader"],
        exact={(9, 2): exact},
        **empty,
    )


def test_searches_others_and_readers_are_each_failed_by_a_control():
    half, every = KeySearch(256, 9), KeySearch(key_bits=9)
    assert holds(experiment._verdicts(punctured(half, StructuralDefender(), StructuralDefender()))) == [True] * 4
    told = experiment._verdicts(punctured(CoinFlip(), every, AlwaysClean(), exact=0.51))
    assert holds(told) == [False] * 4
    assert holds(experiment._verdicts(punctured(every, CoinFlip(), CoinFlip()))) == [False, True, True, False]
