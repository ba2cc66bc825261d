"""The derivations of exact play, the solver, and tiny games where every pure strategy is listed say the same."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    Conjunctions,
    Explicit,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
    solve,
)
from backdoor_game.exact import finite as exact
from backdoor_game.exact.finite import guarantees
from tests.theory.tiny_games import legal_plants
from theory import best_replies, duality, exact_play, exact_value, finite, thresholds

EXACT = 1e-9  # what rounding may do to a float that stands for a fraction


@pytest.mark.parametrize("page", [best_replies, duality, thresholds, exact_play], ids=lambda m: m.__name__)
def test_every_statement_of_the_page_holds(page):
    checks = page.checks()
    assert len(checks) >= 6
    assert [check.name for check in checks if not check.holds] == []


# Every pure strategy


def normal_form_value(functions, weights, epsilon):
    """Rows: f with an f* or a forfeit for each x. Columns: a flag for each (f', x'). Solved as a matrix game."""
    points, legal = range(len(weights)), legal_plants(functions, weights, epsilon)
    cells = [(f, x) for f in functions for x in points]
    answers = np.array(list(product((0, 1), repeat=len(cells))))
    column = {cell: answers[:, i] for i, cell in enumerate(cells)}
    rows = [
        sum(float(weights[x]) * (1 - column[f, x] + (1 if g is None else column[g, x])) / 2
            for x, g in zip(points, plan, strict=True))
        for f in functions for plan in product(*([None, *legal[f, x]] for x in points))
    ]
    wins = np.array(rows)
    size = wins.shape[1]
    # Maximise v subject to: each attacker is beaten with probability at least v by the mixture over defenders.
    found = linprog([0.0] * size + [-1.0], A_ub=np.hstack([-wins, np.ones((len(wins), 1))]), b_ub=np.zeros(len(wins)),
                    A_eq=[[1.0] * size + [0.0]], b_eq=[1.0], bounds=[(0, None)] * size + [(None, None)])
    assert found.status == 0
    return -found.fun


def tiny_games(members, points, count, seed):
    """Distinct rows, weights and an epsilon drawn at random; only games that an attacker can play."""
    rng = random.Random(seed)
    while count:
        rows = sorted(rng.sample(list(product((0, 1), repeat=points)), members))
        weights = finite.random_law(rng, points, zeros=False)
        epsilon = Fraction(rng.randint(3, 10), 12)
        if any(legal_plants(rows, weights, epsilon).values()):
            count -= 1
            yield rows, weights, epsilon


TINY = [*tiny_games(3, 3, 10, 1), *tiny_games(4, 2, 6, 2), *tiny_games(3, 2, 4, 3)]


def explicit_game(rows, weights, epsilon):
    texts = tuple("".join(map(str, row)) for row in rows)
    return BackdoorGame(Explicit(texts), float(epsilon), Weighted(tuple(map(float, weights))))


def test_the_program_solves_the_matrix_game_of_all_pure_strategies():
    values = []
    for rows, weights, epsilon in TINY:
        value = exact_value.solved(finite.Finite(tuple(rows), tuple(weights), epsilon))
        assert value is not None
        assert float(value) == pytest.approx(normal_form_value(rows, weights, epsilon), abs=EXACT)
        values.append(value)
    assert len(set(values)) >= 5
    assert all(Fraction(1, 2) <= value < 1 for value in values)


@pytest.mark.parametrize(("rows", "weights", "epsilon"), TINY[::2])
def test_solve_finds_the_value_of_the_matrix_game_of_all_pure_strategies(rows, weights, epsilon):
    solution = solve(explicit_game(rows, weights, epsilon))
    assert solution.value == pytest.approx(normal_form_value(rows, weights, epsilon), abs=1e-6)
    assert solution.gap <= 1e-6


# The library's guarantees are the derived ones


def test_guarantees_of_arbitrary_players_are_those_of_the_derivation():
    rng = random.Random(4)
    compared = 0
    for tiny in finite.random_games(5, 25, members=6):
        game = explicit_game(tiny.labels, tiny.weights, tiny.epsilon)
        legal = exact.legal_game(game.functions, game.distribution, game.epsilon)
        weights = tuple(w for w in tiny.weights if w)
        same = finite.Finite(tuple(tuple(int(v) for v in row) for row in legal.labels), weights, tiny.epsilon)
        assert tuple(sorted(same.labels)) == exact_value.merged(tiny).labels
        N, F = legal.shape
        assert legal.triples == sum(map(len, same.partners.values()))
        flags, plants = finite.random_flags(rng, same), finite.random_plants(rng, same)
        pi = finite.random_law(rng, F)
        as_array = np.array([[float(flags[f, x]) for f in range(F)] for x in range(N)])
        lower = guarantees.defender_guarantee(legal, as_array)
        assert lower == pytest.approx(float(finite.lower(same, flags)), abs=EXACT)
        cells = zip(legal.cells.tolist(), legal.partners.tolist(), strict=True)
        each = np.array([float(plants[cell % F, cell // F][g]) for cell, g in cells])
        attack = exact.Attack(np.array(list(map(float, pi))), each)
        upper = guarantees.attacker_guarantee(legal, attack)
        assert upper == pytest.approx(float(finite.upper(same, pi, plants)), abs=EXACT)
        compared += upper < 1
    assert compared >= 15


def test_players_of_the_merged_game_stay_optimal_among_copies():
    """The attacker plays one representative of each labeling, the defender looks labels up on the support."""
    copies = 0
    for game in finite.random_games(6, 25, members=7):
        small, support = exact_value.merged(game), [x for x, w in enumerate(game.weights) if w]
        number = [small.labels.index(tuple(row[x] for x in support)) for row in game.labels]
        copies += len(set(number)) < len(number)
        pi, cover = exact_value.suggested(small)
        plants = exact_value.plants_of(pi, exact_value.both_ways(small, pi))
        value = finite.upper(small, pi, plants)
        first = [number.index(i) for i in range(len(pi))]
        lifted = [pi[i] if first[i] == f else Fraction(0) for f, i in enumerate(number)]
        moved = {(first[f], support[x]): {first[g]: p for g, p in law.items()} for (f, x), law in plants.items()}
        looked_up = {(f, x): cover[number[f], support.index(x)] if x in support else Fraction(0) for f, x in game.cells}
        assert finite.upper(game, lifted, moved) == value
        assert finite.lower(game, looked_up) == value
    assert copies >= 10


# Closed forms


@pytest.mark.parametrize("points", [1, 2, 3, 5, 7, 10, 13])
def test_solve_gives_thresholds_their_value_at_every_epsilon(points):
    for k in range(1, points + 1):
        value = solve(BackdoorGame(Thresholds(points=points), k / points, Uniform())).value
        assert value == pytest.approx(float(1 - thresholds.least_loss(Fraction(k, points))), abs=1e-6)


@pytest.mark.parametrize("epsilon", [Fraction(k, 12) for k in range(1, 13)])
def test_solve_gives_thresholds_their_least_value_under_the_worst_law_and_no_less_under_others(epsilon):
    loss = thresholds.least_loss(epsilon)
    weights = thresholds.worst_law(epsilon)[0].weights
    worst = BackdoorGame(Thresholds(points=len(weights)), float(epsilon), Weighted(tuple(map(float, weights))))
    assert solve(worst).value == pytest.approx(float(1 - loss), abs=1e-6)
    rng = random.Random(epsilon.numerator)
    for _ in range(5):
        law = tuple(map(float, finite.random_law(rng, 8, zeros=False)))
        assert solve(BackdoorGame(Thresholds(points=8), float(epsilon), Weighted(law))).value >= 1 - loss - 1e-6


@pytest.mark.parametrize(
    ("functions", "epsilon", "weights", "value"),
    [
        (AllFunctions(points=8), 0.1, (0.1,) * 7 + (0.3,), Fraction(13, 20)),
        (AllFunctions(points=4), 0.25, (0.25,) * 4, Fraction(1, 2)),
        (AllFunctions(points=4), 0.2, (0.2, 0.2, 0.1, 0.5), Fraction(3, 4)),
        (Singletons(points=6), 1 / 6, (1 / 6,) * 6, Fraction(6, 7)),
        (Singletons(points=6), 2 / 6, (1 / 6,) * 6, Fraction(5, 6)),
    ],
)
def test_solve_finds_the_closed_forms(functions, epsilon, weights, value):
    assert solve(BackdoorGame(functions, epsilon, Weighted(weights))).value == pytest.approx(float(value), abs=1e-6)


@pytest.mark.parametrize("bits", [2, 3, 4, 5])
def test_solve_gives_conjunctions_their_value_at_two_points(bits):
    value = solve(BackdoorGame(Conjunctions(bits=bits), 2 / 2**bits, Uniform())).value
    assert value == pytest.approx(float(1 - exact_play.CONJUNCTIONS.subs(exact_play.n, bits)), abs=1e-6)


# Symmetries


def test_solve_does_not_see_names_of_points_nor_flipped_labels_nor_copies():
    rng = random.Random(7)
    for tiny in finite.random_games(8, 8, members=12, points=6):
        value = solve(explicit_game(tiny.labels, tiny.weights, tiny.epsilon)).value
        assert value == pytest.approx(float(exact_value.solved(tiny)), abs=1e-6)
        order, flip = rng.sample(range(6), 6), [rng.randint(0, 1) for _ in range(6)]
        moved = [tuple(row[x] ^ flip[x] for x in order) for row in tiny.labels]
        again = explicit_game([*moved, moved[0]], [tiny.weights[x] for x in order], tiny.epsilon)
        assert solve(again).value == pytest.approx(value, abs=2e-6)
