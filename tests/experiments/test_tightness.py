"""Worst cases of the bounds against the definition, and verdicts that fall for bounds and players that are wrong."""

from __future__ import annotations

import dataclasses
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binom

from backdoor_game import (
    BoltzmannResampling,
    DecisionTrees,
    DistillationEnsemble,
    NoAttack,
    Weighted,
    bounds,
    estimate,
)
from backdoor_game.exact.averaging import defender
from backdoor_game.experiments.tightness import experiment, leaves, resampling, searching, voters
from backdoor_game.ground.statistics import clopper_pearson
from backdoor_game.kernels import key_search as kernel
from backdoor_game.players.defenders import ensemble
from backdoor_game.players.views import DefenderBlock
from tests.experiments.faults import fallen, fell
from tests.naive import decision_trees as naive
from tests.theory.tiny_games import legal_plants, worst_case


def verdicts(*parts):
    cases = [case for part in parts for case in part.cases()]
    game, learner, _ = voters.careless_game()
    return experiment._verdicts(cases, voters.largest_error(game, learner, voters.SAMPLES))


def naive_loss(t, B, u):
    """From the definition: every function a tuple of labels, its Gibbs law over all others."""
    epsilon = Fraction(1, 10 * B)
    core = [(0,) * B, *(tuple(int(i == b) for i in range(B)) for b in range(B))]
    functions = [(*f, *(0,) * t) for f in core]
    functions += [((1,) * B + subset) for subset in itertools.product((0, 1), repeat=t)]
    weights = [epsilon] * B + [Fraction(0)] * t
    F, D = np.array(functions), np.array([float(w) for w in weights])
    differ = F[:, None, :] != F[None, :, :]
    law = np.exp(-u / float(epsilon) * (differ @ D))
    law /= law.sum(axis=1, keepdims=True)
    rates = np.einsum("fg,fgx->fx", law, differ)
    flags = {(f, x): rates[i, x] for i, f in enumerate(functions) for x in range(B + t)}
    plants = legal_plants(functions, weights, epsilon)
    empty = sum(
        float(w) * (flags[functions[0], x] + max((1 - flags[g, x] for g in plants[functions[0], x]), default=0))
        for x, w in enumerate(weights)
    )
    return empty / 2, 1 - worst_case(functions, weights, plants, flags)


@pytest.mark.parametrize(("t", "B", "u"), [(3, 4, 0.3), (5, 6, 0.4), (6, 6, 1.3)])
def test_what_is_counted_by_symmetry_is_what_the_definition_lists(t, B, u):
    empty, worst = naive_loss(t, B, u)
    assert resampling.counted_loss(t, B, u) == pytest.approx(empty, rel=1e-12)
    assert resampling._listed(t, B, u).loss == pytest.approx(worst, rel=1e-9)
    assert worst >= empty - 1e-12


def test_resampling_on_thresholds_loses_what_the_definition_lists():
    """beta epsilon = .639: every threshold's Gibbs law over all 129, and the plant that is missed most."""
    beta, places = 0.6392322713805369 * 64, np.arange(129)
    law = np.exp(-beta * np.abs(places[:, None] - places) / 128)
    law /= law.sum(axis=1, keepdims=True)
    labels = places[:, None] <= np.arange(128)
    flags = np.where(labels, 1 - law @ labels, law @ labels)
    losses = []
    for f in places:
        near = [g for g in places if 0 < abs(g - f) <= 2]
        missed = [max([1 - flags[g, x] for g in near if labels[g, x] != labels[f, x]], default=0) for x in range(128)]
        losses.append((flags[f].sum() + sum(missed)) / 256)
    assert resampling._thresholds().loss == pytest.approx(max(losses), rel=1e-9)


def test_one_distillation_on_tiles_misses_as_often_as_an_example_falls_on_the_tile():
    one = voters._single()
    assert one.loss == pytest.approx((1 - 0.99**100) / 2, rel=1e-12)
    assert one.limit == pytest.approx(1 / 101 + (1 - 0.99**100) / 2, rel=1e-12)


def test_votes_of_closures_lose_what_lies_under_the_vote_and_what_may_be_moved():
    """f all ones: x is flagged with the binomial tail of (1 - (x+1)/N)^m, and missed for certain on 8 points of 256."""
    theta, errors = (31 / 32) ** 13 / 3, (1 - np.arange(1, 257) / 256) ** 13
    flagged = binom.sf(math.ceil(theta * voters.MANY) - 1, voters.MANY, errors)
    assert voters._closures().loss == pytest.approx((flagged.sum() + 8) / 512, rel=1e-6)


def test_votes_of_the_careless_learner_flag_and_miss_every_tile():
    """Six standard deviations on either side of the vote."""
    assert voters._careless().loss == pytest.approx(21e-3, rel=1e-6)


def test_the_careless_learner_errs_by_its_rule_and_plays_as_it_is_averaged():
    game, learner, _ = voters.careless_game()
    q = 0.999**100
    assert voters.largest_error(game, learner, 100) == pytest.approx(21e-3 * (q / 2 + 0.003), rel=1e-9)
    heavy = dataclasses.replace(game, distribution=Weighted((0.04,) * 21 + (0.16,)))
    alone = DistillationEnsemble(learner=learner, members=1, examples=10, threshold=0.5)
    found = estimate(heavy, NoAttack(), alone, rounds=20_000, seed=5)
    low, high = clopper_pearson(found.false_alarms, 20_000, 1 - 1e-6)
    # f is one of 21 tiles or empty, each as likely: x is its tile once in 22 times
    assert low <= 0.84 * 0.96**10 * (21 * learner.chance + 1 - learner.chance) / 22 <= high


@pytest.mark.parametrize(("rare", "fair"), [(2, 3), (3, 4)])
def test_a_list_of_rare_bits_loses_what_all_points_of_its_trees_say(rare, fair, monkeypatch):
    monkeypatch.setattr(leaves, "RARE", rare)
    monkeypatch.setattr(leaves, "FAIR", fair)
    mu, delta, epsilon = leaves.sizes()
    trees = DecisionTrees(bits=rare + fair, leaves=rare + 2 * fair)
    p = [Fraction(mu)] * rare + [Fraction(1, 2)] * fair
    f, plants = leaves.codes(trees)
    original, others = naive.parsed(f.tolist(), trees.bits), [naive.parsed(g.tolist(), trees.bits) for g in plants]
    light, lost = Fraction(delta) / trees.leaves, Fraction(0)
    for x in naive.points(trees.bits):
        lost += naive.weight(x, p) * (naive.leaf_mass(original, x, p) < light)
        if sum(x[:rare]) == 1 and all(x[rare:]):  # by symmetry the same at all values of the fair bits
            planted = others[x.index(1)]
            legal = naive.distance(original, planted, p) <= epsilon
            changed = naive.label(planted, x) != naive.label(original, x)
            lost += 2**fair * naive.weight(x, p) * (legal and changed and naive.leaf_mass(planted, x, p) >= light)
    assert leaves.counted_loss(mu, delta, epsilon) == pytest.approx(float(lost / 2), rel=1e-9)


def test_the_list_of_rare_bits_flags_and_misses_nearly_delta_each():
    mu, delta, epsilon = leaves.sizes()
    assert epsilon < (delta / 256) ** 2
    alarms, misses = 1 - (1 - mu) ** 232, 232 * mu * (1 - mu) ** 231
    assert leaves.counted_loss(mu, delta, epsilon) == pytest.approx((alarms + misses) / 2, rel=1e-9)
    assert 0.85 * delta < misses < alarms < delta


def test_ands_lose_four_epsilon_in_two_halves():
    assert leaves._ands().loss == pytest.approx(2 / 32, rel=1e-12)


# Verdicts that fall


def stronger(monkeypatch, name, times):
    bound = getattr(bounds, name)
    monkeypatch.setattr(bounds, name, lambda *given: 1 - (1 - bound(*given)) / times)


@pytest.mark.parametrize("times", [1.2, 2, 5])
@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("boltzmann_bound", resampling),
        ("single_bound", voters),
        ("voting_bound", voters),
        ("leaf_mass_bound", leaves),
        ("rare_conjunction_bound", leaves),
    ],
)
def test_a_bound_that_is_too_strong_is_broken_by_its_worst_case(name, part, times, monkeypatch):
    assert not fallen(verdicts(part))
    stronger(monkeypatch, name, times)
    fell(verdicts(part), "no worst case loses more than its bound")


@pytest.mark.parametrize("times", [2, 0.5, 0.25])
def test_another_threshold_of_the_leaf_s_mass_loses_less_on_its_worst_case_or_more_elsewhere(times, monkeypatch):
    """Twice: nothing is missed. Half and a quarter: nothing is flagged."""
    threshold = bounds.leaf_mass_threshold
    monkeypatch.setattr(bounds, "leaf_mass_threshold", lambda delta, s: times * threshold(delta, s))
    fell(verdicts(leaves), "leaf mass: worst cases lose")


def test_half_of_the_votes_are_seen_where_votes_are_averaged(monkeypatch):
    count = ensemble.least_count
    monkeypatch.setattr(ensemble, "least_count", lambda total, share: count(total, share) // 2)
    defender._flag_table.cache_clear()
    try:
        fell(verdicts(voters), "votes: worst cases lose")
    finally:
        defender._flag_table.cache_clear()


def test_a_colder_law_is_seen_where_resampling_is_averaged(monkeypatch):
    monkeypatch.setattr(BoltzmannResampling, "_beta", lambda self: 1.9 * self.beta)
    defender._flag_table.cache_clear()
    try:
        fell(verdicts(resampling), "Boltzmann: worst cases lose")
    finally:
        defender._flag_table.cache_clear()


def test_a_learner_that_errs_more_than_the_bound_assumes_is_told(monkeypatch):
    monkeypatch.setattr(voters, "NUDGE", 0.1)
    fell(verdicts(voters), "the careless learner's expected error")


# Trying keys


@pytest.mark.parametrize("more", [1.1, 0.9])
def test_a_search_that_tries_a_tenth_more_or_fewer_keys_than_it_owns_up_to_is_seen(more, monkeypatch):
    search = kernel.search
    monkeypatch.setattr(kernel, "search", lambda *given: search(*given[:-1], min(round(more * given[-1]), 256)))
    monkeypatch.setattr(searching, "BUDGETS", (64,))
    told = searching.verdicts(searching.searches())
    assert fallen(told) == ["over all keys and all starts the advantage of a search is q/2^kappa exactly"]


def test_a_search_that_owns_up_to_fewer_keys_than_it_tries_is_seen_by_its_meter(monkeypatch):
    charge = DefenderBlock.charge
    monkeypatch.setattr(
        DefenderBlock, "charge", lambda self, *, evaluations: charge(self, evaluations=evaluations * 10 // 11)
    )
    monkeypatch.setattr(searching, "BUDGETS", (64,))
    assert fallen(searching.verdicts(searching.searches())) == [
        "the meters of a search show 2^n queries and q keys tried"
    ]
