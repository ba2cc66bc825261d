"""What reading a tree or an AND wins, against every attacker of tiny games; and the expressions that promise it."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest

from backdoor_game import (
    BackdoorGame,
    Conjunctions,
    DecisionTrees,
    InvalidArgument,
    LeafMass,
    ProductBits,
    RareConjunction,
    Uniform,
    best_response,
    bounds,
)
from tests.naive import decision_trees as naive
from tests.naive.classes import vc_dimension
from theory import mechanistic

HALF, EIGHTH = Fraction(1, 2), Fraction(1, 8)
LAWS = {2: [(HALF, HALF), (EIGHTH, Fraction(3, 4))], 3: [(HALF,) * 3, (EIGHTH, Fraction(1, 16), Fraction(3, 4))]}
SIZES = [(2, 2), (2, 3), (2, 4), (3, 2), (3, 3)]
CASES = [(bits, leaves, p) for bits, leaves in SIZES for p in LAWS[bits]]


def test_every_statement_of_the_derivation_holds():
    checks = mechanistic.checks()
    assert len(checks) >= 15
    assert [check.name for check in checks if not check.holds] == []


def trees(bits, leaves):
    return [t for k in range(1, leaves + 1) for t in naive.all_trees(k, frozenset(range(bits)))]


@pytest.mark.parametrize(("bits", "leaves", "p"), CASES)
def test_two_leaves_with_different_labels_at_x_weigh_together_at_most_the_distance(bits, leaves, p):
    listed, tight = trees(bits, leaves), 0
    masses = {(f, x): naive.leaf_mass(f, x, p) for f in listed for x in naive.points(bits)}
    labels = {(f, x): naive.label(f, x) for f, x in masses}
    for f, g in itertools.product(listed, repeat=2):
        differ = [x for x in naive.points(bits) if labels[f, x] != labels[g, x]]
        distance = sum(naive.weight(x, p) for x in differ)
        for x in differ:
            assert masses[f, x] * masses[g, x] <= distance
            tight += masses[f, x] * masses[g, x] == distance
    assert tight


@pytest.mark.parametrize(("bits", "leaves", "p"), CASES)
def test_both_error_rates_of_the_leaf_s_mass_stay_under_delta_for_every_f_and_every_legal_plant(bits, leaves, p):
    """The worst attacker answers each trigger with a legal plant that is not flagged, where there is one."""
    listed, points = trees(bits, leaves), naive.points(bits)
    weights = {x: naive.weight(x, p) for x in points}
    masses = {(f, x): naive.leaf_mass(f, x, p) for f in listed for x in points}
    labels = {f: [naive.label(f, x) for x in points] for f in listed}
    rarely = 0
    for delta in (Fraction(1, 2), Fraction(3, 4), Fraction(1)):
        threshold = delta / leaves
        epsilon = threshold**2 - Fraction(1, 10**6)
        for f in listed:
            alarms = sum(weights[x] for x in points if masses[f, x] < threshold)
            assert alarms < delta
            missed = Fraction(0)
            near = [g for g in listed if _distance(labels[f], labels[g], points, weights) <= epsilon]
            for i, x in enumerate(points):
                legal = [g for g in near if labels[g][i] != labels[f][i]]
                rarely += len(legal)
                missed += weights[x] * any(masses[g, x] >= threshold for g in legal)
            assert missed < delta
    assert rarely or p[0] == HALF


def _distance(f, g, points, weights):
    return sum(weights[x] for a, b, x in zip(f, g, points, strict=True) if a != b)


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_a_rare_conjunction_loses_at_most_two_epsilon_to_its_best_reply(bits):
    for k in range(1, 2**bits + 1):
        epsilon = k / 2**bits
        game = BackdoorGame(Conjunctions(bits=bits), epsilon, Uniform())
        worst = best_response(game, defender=RareConjunction(), seed=0).win_rate
        assert worst >= bounds.rare_conjunction_bound(epsilon) - 1e-12


@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_both_error_rates_of_a_rare_conjunction_are_at_most_two_epsilon_and_both_are_met(bits):
    points = naive.points(bits)
    ands = mechanistic.conjunctions(bits)
    order = list(itertools.product((0, 1), repeat=bits))
    weight = Fraction(1, len(points))
    met = {"alarms": 0, "misses": 0}
    for k in range(len(points) + 1):
        epsilon = Fraction(k, len(points))
        for code, row in ands.items():
            alarms = sum(weight for y in row if y and rare(code, epsilon))
            near = [
                other for other, labels in ands.items() if sum(a != b for a, b in zip(row, labels, strict=True)) <= k
            ]
            misses = Fraction(0)
            for i, _ in enumerate(order):
                plants = [other for other in near if ands[other][i] != row[i]]
                misses += weight * any(not (ands[other][i] and rare(other, epsilon)) for other in plants)
            assert alarms <= 2 * epsilon
            assert misses <= 2 * epsilon
            met["alarms"] += 0 < alarms == 2 * epsilon
            met["misses"] += 0 < misses == 2 * epsilon
    assert all(met.values()) or bits == 1


def rare(code, epsilon):
    return Fraction(1, 2 ** (sum(c < 2 for c in code) + 1)) <= epsilon


@pytest.mark.parametrize(("bits", "leaves"), [(1, 1), (1, 2), (2, 2), (2, 3), (2, 4), (3, 2), (3, 3), (3, 4), (3, 5)])
def test_the_vc_dimension_of_trees_lies_between_their_leaves_and_the_bound(bits, leaves):
    labelings = [row for row in itertools.product((0, 1), repeat=2**bits) if naive.fewest_leaves(row) <= leaves]
    assert min(leaves, 2**bits) <= vc_dimension(labelings) <= DecisionTrees(bits, leaves).vc_upper_bound
    assert len(labelings) <= 2 ** bounds.tree_vc_bound(bits, leaves)


@pytest.mark.parametrize(
    ("law", "delta", "epsilon"), [(ProductBits((0.125, 0.75)), 0.9, 0.05), (ProductBits((0.05, 0.1)), 0.5, 0.015)]
)
def test_the_best_reply_to_the_leaf_s_mass_leaves_it_its_bound(law, delta, epsilon):
    game = BackdoorGame(DecisionTrees(2, 4), epsilon, law)
    assert epsilon < (delta / 4) ** 2
    worst = best_response(game, defender=LeafMass(delta), seed=0)
    assert worst.win_rate >= bounds.leaf_mass_bound(delta, 4, epsilon)


@pytest.mark.parametrize("call", [
    lambda: bounds.leaf_mass_bound(0, 4, 0.1), lambda: bounds.leaf_mass_bound(0.1, 0, 0.1),
    lambda: bounds.leaf_mass_bound(0.1, 4, 1.5), lambda: bounds.rare_conjunction_bound(-0.1),
    lambda: bounds.tree_vc_bound(0, 3), lambda: bounds.tree_vc_bound(3, 2.5),
])  # fmt: skip
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(InvalidArgument, match="must be"):
        call()
    assert math.isclose(bounds.rare_conjunction_bound(0.75), 0.0)
