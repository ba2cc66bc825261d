"""Experiments on variants of the game: each verdict falls for a control, and closed forms are those of enumeration."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import (
    AlwaysClean,
    AlwaysFlag,
    BackdoorGame,
    CoinFlip,
    NearestLegal,
    NoAttack,
    OptimalAttacker,
    OptimalDefender,
    PredicateCheck,
    Thresholds,
    TraceReader,
    Uniform,
)
from backdoor_game.experiments import trace, trigger_law
from backdoor_game.experiments.attacker_budget import experiment as attacker_budget
from backdoor_game.experiments.attacker_budget import laws
from backdoor_game.experiments.attacker_budget.searchers import PlantSearch, SampleSearch, TriggerSearch
from backdoor_game.experiments.predicate import cases, shown
from backdoor_game.experiments.predicate import experiment as predicate
from backdoor_game.experiments.predicate.frugal import Frugal
from backdoor_game.experiments.shared.base import Settings
from backdoor_game.experiments.shared.cells import measure
from backdoor_game.games.reveals import Original
from backdoor_game.ground.errors import MissingCapability
from backdoor_game.players.attackers import ExchangeablePair
from tests.experiments.faults import fallen, fell


def thresholds(N):
    """Rows of labels by t: 1 from t on."""
    return [[int(x >= t) for x in range(N)] for t in range(N + 1)]


@pytest.fixture
def told(monkeypatch, tmp_path):
    """The verdicts of an experiment with players in the place of others, by class, in few rounds; nothing is drawn."""

    def run(module, swaps=None, rounds=400):
        swaps = swaps or {}

        def other(player):
            return swaps.get(type(player), swaps.get(player, player))

        def measured(matches, settings, **shared):
            few = [
                dataclasses.replace(
                    one, attacker=other(one.attacker), defender=other(one.defender), rounds=min(rounds, one.rounds)
                )
                for one in matches
            ]
            return measure(few, settings, **shared)

        monkeypatch.setattr(module, "measure", measured)
        monkeypatch.setattr("backdoor_game.figures.save", lambda figure, folder, name: ())
        return module.run(Settings(output=str(tmp_path), threads=1)).verdicts

    return run


# trigger-law


@pytest.fixture(scope="module")
def values():
    return [trigger_law.solved(*trigger_law.CLASSES[0], law) for law in trigger_law.LAWS]


def test_the_values_are_those_of_theory(values):
    """THEORY 10, thresholds on 10 points at 1/5: to six digits, by an independent program."""
    known = [5 / 6, 0.816465, 0.810321, 0.801383, 0.801383, 5 / 6, 0.5, 0.5]
    assert [one.value for one in values] == pytest.approx(known, abs=1e-6)
    assert [one.able for one in values] == pytest.approx([1.0] * len(values))


def test_where_no_pair_is_legal_f_shown_at_the_trigger_is_no_coin():
    """Two thresholds on four points differ on 1/4 at least."""
    at = trigger_law.Law("before f, f shown at x*", trigger_law.BeforeOriginal(), "trigger")
    one = trigger_law.solved(trigger_law.Thresholds(points=4), "1/8", at)
    assert (one.value, one.able) == (pytest.approx(1.0), 0.0)


@pytest.mark.parametrize(
    ("law", "changes", "claim"),
    [
        ("chosen", {"gap": 1e-3}, "every value is proved"),
        ("worst of 2", {"value": 0.84}, "order:"),
        ("worst of 3", {"value": 0.79}, "order:"),
        ("before f", {"value": 0.81}, "chosen = before f"),
        ("after f, f shown at x*", {"value": 0.82}, "chosen = before f"),
        ("before f, f shown at x*", {"value": 0.51}, "f shown at x*"),
        ("chosen, f shown at x*", {"able": 0.0}, "f shown at x*"),
    ],
)
def test_each_claim_on_values_of_laws_falls_by_one_that_is_off(law, changes, claim, values):
    off = [dataclasses.replace(one, **changes) if one.law == law else one for one in values]
    exact = trigger_law.verdicts(values, PLAYED)
    assert not fallen(exact)
    fell(trigger_law.verdicts(off, PLAYED), claim)


def interval(low, high):
    """An estimate with these ends, and nothing else that is looked at."""
    return type("Ends", (), {"low": low, "high": high})()


# Play that agrees with every value: what the claims on values are asked beside.
PLAYED = {
    **{("Thresholds(points=10)", law.label, trigger_law.OPTIMAL): interval(0.0, 1.0) for law in trigger_law.LAWS},
    ("Thresholds(points=10)", trigger_law.COINS[0], "exchangeable against coin flip"): interval(0.4, 0.6),
}


def test_players_in_the_place_of_optimal_ones_are_found_out(told, few_laws):
    fell(told(trigger_law, {OptimalDefender: CoinFlip()}), "optimal play measured", "no interval lies above the value")
    fell(told(trigger_law, {OptimalAttacker: NoAttack(), ExchangeablePair: NearestLegal()}), "no interval lies above")


def test_an_attacker_that_forfeits_is_no_exchangeable_pair(told, few_laws):
    fell(told(trigger_law, {ExchangeablePair: NoAttack()}), "an exchangeable pair shown at one trigger is a coin")


# trace


def test_remainders_are_worth_what_theory_says():
    """The number of f modulo 2: worth nothing, everything, or a little."""
    found = [trace.shown(*played, trace.Remainder(2)).value for played in trace.PARITIES]
    assert found == pytest.approx([5 / 6, 1, 3 / 4, 0.9, 0.875], abs=1e-6)
    codes = Thresholds(points=6).enumerate()
    assert trace.Remainder(3).symbols(Thresholds(points=6), codes).tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert trace.Remainder(1).nothing


def test_the_most_bits_tell_all_functions_apart():
    for functions, epsilon in trace.CLASSES:
        last = trace.shown(functions, epsilon, Original(bits=trace.BITS[-1]))
        assert last.traces == functions.count()


@pytest.fixture
def short(monkeypatch):
    """Few numbers of bits: nothing, a few, all."""
    monkeypatch.setattr(trace, "BITS", (0, 2, 10))
    monkeypatch.setattr(trace, "PARITIES", trace.PARITIES[-2:])


def test_a_reveal_that_shows_less_than_it_says(told, monkeypatch, short):
    assert not fallen(told(trace))
    monkeypatch.setattr(trace, "Original", lambda bits: Original(bits=min(bits, 2)))
    fell(
        told(trace), "what tells all functions apart is worth 1", "a trace reader never flags a clean round, and always"
    )
    monkeypatch.setattr(trace, "Original", lambda bits: Original(bits={0: 0, 2: 10, 10: 2}[bits]))
    fell(told(trace), "more revealed is never worth less")


def test_others_in_the_place_of_the_reader_and_of_optimal_players(told, short):
    for other in (AlwaysFlag(), AlwaysClean()):
        fell(told(trace, {TraceReader: other}), "a trace reader never flags a clean round")
    fell(told(trace, {OptimalDefender: CoinFlip()}), "optimal play measured")
    fell(told(trace, {OptimalAttacker: NoAttack()}), "no interval lies above the value")


def test_a_gap_in_a_revealed_value_is_no_proof(told, short, monkeypatch):
    shown = trace.shown
    monkeypatch.setattr(trace, "shown", lambda *given: dataclasses.replace(shown(*given), gap=1e-3))
    fell(told(trace, rounds=50), "every value is proved from both sides")


# predicate


def test_the_mass_of_a_hash_prefix_is_counted_from_its_definition():
    for bits in cases.BITS:
        digests = [hashlib.sha256(b"13\n" + np.int64(x).tobytes()).digest() for x in range(cases.N)]
        holds = sum(int.from_bytes(digest[:8], "big") < 2 ** (64 - bits) for digest in digests)
        one = cases.held(*cases.CLASSES[1], cases.HashPrefix(bits=bits, salt=cases.SALT))
        assert one.points == holds
        assert one.check == 1 - holds / cases.N / 2
        assert one.value == pytest.approx(one.check, abs=1e-6)  # of singletons the check is all that there is


@pytest.fixture
def few_bits(monkeypatch):
    """No zeros, and three: as many as the budgeted predicate asks for."""
    for module in (cases, predicate, shown):
        monkeypatch.setattr(module, "BITS", (0, 3))


def test_predicates_without_a_fault_hold_and_others_in_their_players_places_do_not(told, few_bits):
    assert not fallen(told(predicate))
    fell(told(predicate, {PredicateCheck: AlwaysClean()}), "the check of x' wins 1 - D(P)/2", "a budget of one answer")
    fell(told(predicate, {OptimalDefender: CoinFlip()}), "optimal play measured")
    fell(told(predicate, {Frugal: CoinFlip()}), "who never asks wins at least", "a budget of one answer buys")
    fell(told(predicate, {Frugal(): PredicateCheck()}), "a budget of one answer buys the frugal defender")


def test_claims_on_values_under_predicates_fall_by_values_that_are_off(told, few_bits, monkeypatch):
    held = cases.held
    for off, claim in (
        (lambda one: dataclasses.replace(one, gap=1e-3), "every value is proved"),
        (lambda one: dataclasses.replace(one, value=one.value - 0.01), "no value is under 1 - D(P)/2"),
        (lambda one: dataclasses.replace(one, value=1 - one.value), "a predicate that holds on fewer points"),
    ):
        monkeypatch.setattr(predicate, "held", lambda *given, off=off: off(held(*given)))
        fell(told(predicate, rounds=50), claim)


def test_an_attacker_that_needs_not_ask_is_found_out(told, few_bits):
    fell(told(predicate, {NearestLegal: OptimalAttacker()}), "an attacker that must look at every point")


# attacker-budget


def enumerated_triggers(labels, legal, satisfied, budget):
    """Every order of the points with a plant, with the rest behind them: x* is the first that satisfies."""
    law = defaultdict(Fraction)
    for f, row in enumerate(labels):
        able = [x for x in range(len(row)) if legal[f, x]]
        orders = list(itertools.permutations(able))
        for order in orders:
            asked = [x for x in order[:budget] if x in satisfied]
            for g in legal[f, asked[0]] if asked else []:
                law[f, asked[0], g] += Fraction(1, len(labels) * len(orders) * len(legal[f, asked[0]]))
    return law


def enumerated_plants(labels, legal, budget):
    """Every list of members that are looked at."""
    law = defaultdict(Fraction)
    lists = list(itertools.product(range(len(labels)), repeat=budget))
    for (f, row), tried in itertools.product(enumerate(labels), lists):
        for x in range(len(row)):
            found = [g for g in tried if g in legal[f, x]]
            if found:
                law[f, x, found[0]] += Fraction(1, len(labels) * len(row) * len(lists))
    return law


def enumerated_samples(labels, legal, examples):
    """Every list of examples: among the members that differ from f at x* those that differ on the fewest."""
    law = defaultdict(Fraction)
    N = len(labels[0])
    lists = list(itertools.product(range(N), repeat=examples))
    for f, x, sample in itertools.product(range(len(labels)), range(N), lists):
        apart = {g: sum(labels[g][z] != labels[f][z] for z in sample) for g in range(len(labels))}
        able = [g for g in apart if labels[g][x] != labels[f][x]]
        fewest = [g for g in able if apart[g] == min(apart[h] for h in able)]
        for g in fewest:
            if g in legal[f, x]:
                law[f, x, g] += Fraction(1, len(labels) * N * len(lists) * len(fewest))
    return law


@pytest.mark.parametrize(("N", "count"), [(3, 1), (4, 2)])
def test_what_searchers_do_is_what_enumeration_says(N, count):
    labels = thresholds(N)
    apart = [[sum(map(int.__ne__, a, b)) for b in labels] for a in labels]
    legal = {
        (f, x): [g for g in range(N + 1) if apart[f][g] <= count and labels[f][x] != labels[g][x]]
        for f in range(N + 1)
        for x in range(N)
    }
    triples = laws.legal_triples(Thresholds(points=N), count)
    assert {(f, x, g) for f, x, g in np.argwhere(triples)} == {
        (f, x, g) for (f, x), near in legal.items() for g in near
    }
    satisfied = np.array([x in (0, 2) for x in range(N)])
    for budget in range(4):
        for law, known in (
            (laws.of_triggers(triples, satisfied, budget), enumerated_triggers(labels, legal, {0, 2}, budget)),
            (laws.of_plants(triples, budget), enumerated_plants(labels, legal, budget)),
            (laws.of_samples(N, count, budget), enumerated_samples(labels, legal, budget)),
        ):
            dense = np.zeros(law.shape)
            for place, chance in known.items():
                dense[place] = float(chance)
            assert law == pytest.approx(dense, abs=1e-12)


def test_the_best_reply_is_the_best_of_all_tests():
    """On two points every way to flag the views (f', x') is tried."""
    law = laws.of_plants(laws.legal_triples(Thresholds(points=2), 1), 2)
    views = list(itertools.product(range(3), range(2)))
    shown = law.sum(axis=0)
    best = max(
        1 - (sum(flags) / 6 + sum(shown[x, f] for (f, x), flag in zip(views, flags, strict=True) if not flag)) / 2
        for flags in itertools.product((0, 1), repeat=6)
    )
    assert laws.best_reply(law) == pytest.approx(best)


def test_a_search_for_triggers_asks_for_a_predicate():
    game = BackdoorGame(Thresholds(points=4), 0.25, Uniform(), trigger="Chosen()")
    with pytest.raises(MissingCapability, match="Satisfying"):
        game.ready(TriggerSearch(), AlwaysClean())


@pytest.fixture
def few_laws(monkeypatch):
    """One of each kind, without the other pairs of the order."""
    laws_of = [law for law in trigger_law.LAWS if law.label in ("after f", "before f", *trigger_law.COINS)]
    monkeypatch.setattr(trigger_law, "LAWS", tuple(laws_of))
    monkeypatch.setattr(trigger_law, "ORDER", (("before f", "after f"),))
    monkeypatch.setattr(trigger_law, "EQUAL", (trigger_law.COINS,))


@pytest.fixture
def few_budgets(monkeypatch):
    some = {name: dataclasses.replace(one, budgets=(0, 2, 8)) for name, one in attacker_budget.RESOURCES.items()}
    monkeypatch.setattr(attacker_budget, "RESOURCES", some)
    return some


def test_attackers_and_defenders_in_the_places_of_others_are_found_out(told, few_budgets):
    assert not fallen(told(attacker_budget))
    lazy = {PlantSearch: PlantSearch(looks=1)}
    fell(told(attacker_budget, lazy), "shares of rounds planted", "always clean wins 1 - planted/2")
    fell(told(attacker_budget, {AlwaysClean: CoinFlip()}), "always clean wins 1 - planted/2")
    idle = dict.fromkeys((PlantSearch, SampleSearch, TriggerSearch), NoAttack())
    fell(told(attacker_budget, idle), "no interval lies above the best reply", "nobody spends more than its budget")


def test_budgets_that_do_not_bind_are_seen(told, few_budgets, monkeypatch):
    free = attacker_budget.game
    monkeypatch.setattr(attacker_budget, "game", lambda one, budget=None: free(one))
    fell(told(attacker_budget), "nobody spends more than its budget", "shares of rounds planted")


def test_laws_of_searchers_that_are_off_are_seen(told, few_budgets, monkeypatch):
    turned = {
        name: dataclasses.replace(one, law=lambda budget, law=one.law: law(8 - budget))
        for name, one in few_budgets.items()
    }
    monkeypatch.setattr(attacker_budget, "RESOURCES", turned)
    fell(told(attacker_budget, rounds=50), "a larger budget never plants less", "nor is it better for the best reply")
    monkeypatch.setattr(attacker_budget, "RESOURCES", few_budgets)
    monkeypatch.setattr(attacker_budget, "solve", lambda game: type("Solved", (), {"value": 0.99})())
    fell(told(attacker_budget, rounds=50), "no best reply wins less than the value")
