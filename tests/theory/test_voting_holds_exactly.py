"""The voting bounds against tiny games, listed from the definition without any class of the library."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from backdoor_game import bounds
from tests.theory.tiny_games import legal_plants, singletons, thresholds, worst_case


def closure(functions, f, seen):
    """The intersection of all functions of the class that contain the positive examples."""
    positives = [x for x in seen if f[x]]
    containing = [g for g in functions if all(g[x] for x in positives)]
    return tuple(min(column) for column in zip(*containing, strict=True))


def dissent(functions, weights, m):
    """Pr over m examples of f that the closure learner differs from f at x, by listing every multiset."""
    seen = defaultdict(float)
    for sample in combinations_with_replacement(range(len(weights)), m):
        counts = np.bincount(sample, minlength=len(weights))
        orders = math.factorial(m) // math.prod(math.factorial(int(c)) for c in counts)
        seen[tuple(sorted(set(sample)))] += orders * math.prod(float(weights[x]) for x in sample)
    assert sum(seen.values()) == pytest.approx(1)
    rates = np.zeros((len(functions), len(weights)))
    for i, f in enumerate(functions):
        learnt = {}
        for points, chance in seen.items():
            positives = tuple(x for x in points if f[x])
            if positives not in learnt:
                learnt[positives] = np.array(closure(functions, f, positives)) != np.array(f)
            rates[i] += chance * learnt[positives]
    return {(f, x): rates[i, x] for i, f in enumerate(functions) for x in range(len(weights))}


def threshold_dissent(functions, weights, m):
    """The same for thresholds in closed form: (1 - u)^m, u the mass from the threshold up to and with x."""
    return {(f, x): float((1 - sum(weights[t:x + 1])) ** m) if x >= t else 0.0
            for t, f in enumerate(functions) for x in range(len(weights))}


def at_least(votes, members, p):
    """Pr[Bin(members, p) >= votes]."""
    p = min(max(p, 0.0), 1.0)
    return sum(math.comb(members, k) * p**k * (1 - p) ** (members - k) for k in range(votes, members + 1))


def uniform(points):
    return [Fraction(1, points)] * points


VOTING_GAMES = {
    "thresholds(16), m = 5": (thresholds(16), uniform(16), 5, Fraction(1, 16)),
    "singletons(16), m = 5": (singletons(16), uniform(16), 5, Fraction(1, 16)),
    "thresholds(10), m = 7": (thresholds(10), uniform(10), 7, Fraction(1, 10)),
    "light thresholds, m = 7": (thresholds(8), [Fraction(k, 100) for k in (1, 2, 1, 2, 46, 46, 1, 1)], 7,
                                Fraction(1, 50)),
    "light singletons, m = 9": (singletons(7), [Fraction(k, 200) for k in (1, 1, 2, 2, 1, 1, 192)], 9,
                                Fraction(1, 200)),
    "thresholds(64), m = 15": (thresholds(64), uniform(64), 15, Fraction(1, 64)),
}


@pytest.fixture(scope="module", params=VOTING_GAMES)
def voting_game(request):
    """A game with every legal plant and the exact dissent of one closure learner at every (f, x)."""
    functions, weights, m, epsilon = VOTING_GAMES[request.param]
    rates = (threshold_dissent if len(weights) == 64 else dissent)(functions, weights, m)
    return functions, weights, m, epsilon, legal_plants(functions, weights, epsilon), rates


def test_the_closure_learner_errs_at_most_d_over_m_plus_one(voting_game):
    functions, weights, m, _, _, rates = voting_game
    errors = [sum(float(w) * rates[f, x] for x, w in enumerate(weights)) for f in functions]
    assert max(errors) <= 1 / (m + 1)
    assert max(errors) > 0


def test_votes_win_at_least_their_bound_against_worst_attackers(voting_game):
    functions, weights, m, epsilon, plants, rates = voting_game
    assert any(plants.values())
    q = bounds.voting_threshold(float(epsilon), m) * 2
    compared = 0
    for members, threshold in product((1, 2, 5, 31, 63, 200), (q / 4, q / 2, 0.5, 0.7)):
        votes = bounds.votes_needed(members, threshold)
        flags = {cell: at_least(votes, members, p) for cell, p in rates.items()}
        bound = bounds.voting_bound(1, float(epsilon), m, members, threshold)
        assert worst_case(functions, weights, plants, flags) >= bound - 1e-12
        compared += not bounds.vacuous(bound)
    single = {cell: at_least(1, 1, p) for cell, p in rates.items()}
    assert worst_case(functions, weights, plants, single) >= bounds.single_bound(1, float(epsilon), m)
    assert compared + (not bounds.vacuous(bounds.single_bound(1, float(epsilon), m))) > 0


def test_false_alarms_and_misses_of_votes_keep_their_separate_bounds(voting_game):
    """Sharper than their sum: Markov's E/theta, and every margin g of the misses; 1 - q + E for one member."""
    functions, weights, m, epsilon, plants, rates = voting_game
    E, q = 1 / (m + 1), float(1 - epsilon) ** m
    for members, theta in product((1, 5, 31, 200), (q / 2, 0.5)):
        flags = {cell: at_least(bounds.votes_needed(members, theta), members, p) for cell, p in rates.items()}
        for f in functions:
            alarms = sum(float(w) * flags[f, x] for x, w in enumerate(weights))
            misses = sum(float(w) * max((1 - flags[g, x] for g in plants[f, x]), default=0)
                         for x, w in enumerate(weights))
            assert alarms <= E / theta
            margins = [(q - theta) * i / 50 for i in range(1, 50)] if theta < q else []
            assert all(misses <= E / (q - theta - g) + math.exp(-2 * members * g * g) for g in margins)
            assert members > 1 or misses <= 1 - q + E


def test_many_voters_win_at_least_the_limits(voting_game):
    """At T = 401 the slack of Hoeffding's term is below what the worst attackers leave on the table here."""
    functions, weights, m, epsilon, plants, rates = voting_game
    theta = bounds.voting_threshold(float(epsilon), m)
    for threshold, bound in ((theta, bounds.half_q_bound), (0.5, bounds.majority_bound)):
        flags = {cell: at_least(bounds.votes_needed(401, threshold), 401, p) for cell, p in rates.items()}
        assert worst_case(functions, weights, plants, flags) >= bound(1, float(epsilon), m)


def test_the_samples_listed_as_multisets_are_all_sequences():
    functions, weights, m = thresholds(4), [Fraction(k, 10) for k in (1, 2, 3, 4)], 4
    listed = dissent(functions, weights, m)
    for f, x in product(functions, range(4)):
        direct = sum(math.prod(float(weights[i]) for i in sample) for sample in product(range(4), repeat=m)
                     if closure(functions, f, sample)[x] != f[x])
        assert listed[f, x] == pytest.approx(direct, abs=1e-12)


def test_a_threshold_is_mislabelled_iff_no_example_fell_between_it_and_the_point():
    """The closed form behind the hard pair, against the list of all multisets."""
    functions, weights, m = thresholds(8), [Fraction(k, 36) for k in range(1, 9)], 5
    assert threshold_dissent(functions, weights, m) == pytest.approx(dissent(functions, weights, m), abs=1e-12)


def test_a_learner_that_errs_more_can_break_the_bound_so_its_premise_matters():
    """The constant 0 errs on half of the points of a threshold, far above d/(m + 1)."""
    functions, weights, epsilon, m = thresholds(10), uniform(10), Fraction(1, 100), 9
    flags = {(f, x): float(f[x]) for f in functions for x in range(10)}
    plants = legal_plants(functions, weights, epsilon)
    assert worst_case(functions, weights, plants, flags) < bounds.single_bound(1, float(epsilon), m)
