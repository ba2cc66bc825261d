"""Shattering and Boltzmann bounds against tiny games, listed from the definition without any class of the library."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from backdoor_game import bounds
from tests.theory.tiny_games import legal_plants, singletons, thresholds, worst_case


def hard_weights(d, epsilon):
    if epsilon >= Fraction(1, d):
        return [Fraction(1, d)] * d
    return [epsilon] * (d - 1) + [1 - (d - 1) * epsilon]


EPSILONS = [Fraction(k, 24) for k in range(1, 24)]


@pytest.mark.parametrize("d", [2, 3])
def test_no_defender_beats_the_shattering_bound_when_all_are_listed(d):
    """d = 2: every one of the 2^8 defenders. d = 3: the best answer is chosen cell by cell among 2^24."""
    labelings = list(product((0, 1), repeat=d))
    for epsilon in EPSILONS:
        weights = hard_weights(d, epsilon)
        clean, planted, forfeited = defaultdict(Fraction), defaultdict(Fraction), Fraction(0)
        for f, x in product(labelings, range(d)):
            share = weights[x] / len(labelings) / 2
            clean[f, x] += share
            if weights[x] <= epsilon:
                planted[tuple(1 - y if i == x else y for i, y in enumerate(f)), x] += share
            else:
                forfeited += share
        cells = list(product(labelings, range(d)))
        if d == 2:
            best = max(sum((planted if flag else clean)[cell] for cell, flag in zip(cells, flags, strict=True))
                       for flags in product((0, 1), repeat=len(cells)))
        else:
            best = sum(max(planted[cell], clean[cell]) for cell in cells)
        assert float(best + forfeited) == pytest.approx(bounds.shattering_bound(d, float(epsilon)), abs=1e-12)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_some_defender_reaches_the_shattering_bound_whatever_the_law_of_the_points(d):
    """Toss a coin on the points that can be attacked: in the class of all functions the bound is the value."""
    functions = list(product((0, 1), repeat=d))
    laws = [[Fraction(k, 12) for k in law] for law in product(range(13), repeat=d) if sum(law) == 12]
    for epsilon in (Fraction(k, 12) for k in range(1, 12)):
        guarantees = []
        for weights in laws:
            plants = legal_plants(functions, weights, epsilon)
            coin = {(f, x): Fraction(int(weights[x] <= epsilon), 2) for f in functions for x in range(d)}
            guarantees.append(worst_case(functions, weights, plants, coin))
        if d == 1:
            assert min(guarantees) == 1 == bounds.shattering_bound(1, float(epsilon))
        else:
            assert float(min(guarantees)) == pytest.approx(bounds.shattering_bound(d, float(epsilon)), abs=1e-12)


def random_class(points, size, seed):
    rng = np.random.default_rng(seed)
    base = rng.integers(2, size=points)
    flips = rng.random((size, points)) < 2.5 / points
    return sorted({tuple(int(b) for b in base ^ flip) for flip in flips})


def boltzmann_flags(functions, weights, beta):
    """The chance that a draw of weight exp(-beta dist(., f)) differs from f at x."""
    F, D = np.array(functions), np.array([float(w) for w in weights])
    differ = F[:, None, :] != F[None, :, :]
    law = np.exp(-beta * (differ @ D))
    law /= law.sum(axis=1, keepdims=True)
    rates = np.einsum("fg,fgx->fx", law, differ)
    return {(f, x): rates[i, x] for i, f in enumerate(functions) for x in range(len(weights))}


BOLTZMANN_GAMES = [
    (singletons(40), [Fraction(1, 40)] * 40, Fraction(1, 40)),
    (thresholds(40), [Fraction(1, 40)] * 40, Fraction(1, 40)),
    (thresholds(12), [Fraction(k, 78) for k in range(1, 13)], Fraction(1, 26)),
    *[(random_class(24, 8, seed), [Fraction(1, 24)] * 24, Fraction(1, 24)) for seed in range(6)],
    *[(random_class(30, 12, seed), [Fraction(1 + k % 2, 45) for k in range(30)], Fraction(2, 45))
      for seed in range(6, 10)],
]


def test_boltzmann_wins_at_least_its_bound_against_worst_attackers_at_every_temperature():
    said = attacked = 0
    for functions, weights, epsilon in BOLTZMANN_GAMES:
        plants = legal_plants(functions, weights, epsilon)
        attacked += any(plants.values())
        for beta in [bounds.boltzmann_beta(float(epsilon)) * factor for factor in (0.1, 0.5, 0.8, 1, 1.3, 2, 5)]:
            win = worst_case(functions, weights, plants, boltzmann_flags(functions, weights, beta))
            bound = bounds.boltzmann_bound(math.log(len(functions)), float(epsilon), beta)
            assert win >= bound - 1e-12
            said += not bounds.vacuous(bound)
    assert attacked >= 8
    assert said >= 20


def test_boltzmann_false_alarms_and_misses_keep_their_separate_bounds():
    for functions, weights, epsilon in BOLTZMANN_GAMES:
        plants, L = legal_plants(functions, weights, epsilon), math.log(len(functions))
        for beta in (1.0, 5.0, 20.0):
            flags = boltzmann_flags(functions, weights, beta)
            for f in functions:
                alarms = sum(float(w) * flags[f, x] for x, w in enumerate(weights))
                misses = sum(float(w) * max((1 - flags[g, x] for g in plants[f, x]), default=0)
                             for x, w in enumerate(weights))
                assert alarms <= L / beta
                assert misses <= math.exp(2 * beta * float(epsilon)) * L / beta
