"""Exact values of tiny games: a program in floating point suggests a pair of players, exact certificates decide."""

from __future__ import annotations

from fractions import Fraction

from .finite import Finite, Flags, Plants, is_cover, load, lower, max_flow, upper

Flows = dict[tuple[int, int, int], Fraction]  # y_x(f, f*) by (f, f*, x)
Solution = tuple[list[Fraction], Plants, Flags]


def settled(game: Finite, solution: Solution) -> Fraction | None:
    """The value, if the attacker's upper, the cover's loads and the cover played as flags all say the same."""
    pi, plants, cover = solution
    legal = all(g in game.partners[cell] for cell, law in plants.items() for g in law)
    top = upper(game, pi, plants)
    return top if legal and is_cover(game, cover) and top == 1 - load(game, cover) == lower(game, cover) else None


def uniform(points: int) -> tuple[Fraction, ...]:
    """Equal weights."""
    return (Fraction(1, points),) * points


def plants_of(pi: list[Fraction], flows: Flows) -> Plants:
    """K_x(f*|f) = y_x(f, f*)/pi(f)."""
    plants: Plants = {}
    for (f, g, x), amount in flows.items():
        if amount > 0:
            plants.setdefault((f, x), {})[g] = amount / pi[f]
    return plants


def both_ways(game: Finite, pi: list[Fraction]) -> Flows:
    """A maximum flow at every x, sent in both directions."""
    found: Flows = {}
    for x in range(len(game.weights)):
        for (f, g), amount in max_flow(game, x, pi).items():
            found[f, g, x] = found[g, f, x] = amount
    return found


def suggested(game: Finite, denominator: int = 5000) -> tuple[list[Fraction], Flags]:
    """A law of f and a cover that a floating-point program suggests, rounded to fractions; proofs are up to others."""
    import numpy as np
    from scipy.optimize import linprog

    members = len(game.labels)
    pairs = [(f, g, x) for (f, x), near in game.partners.items() for g in near if f < g and game.weights[x]]
    limits = {cell: i for i, cell in enumerate(sorted({(f, x) for a, b, x in pairs for f in (a, b)}))}
    A = np.zeros((len(limits), members + len(pairs)))
    for (f, _), i in limits.items():
        A[i, f] = -1
    for j, (f, g, x) in enumerate(pairs):
        A[limits[f, x], members + j] = A[limits[g, x], members + j] = 1
    gain = np.array([0.0] * members + [float(game.weights[x]) for _, _, x in pairs])
    one = np.array([[1.0] * members + [0.0] * len(pairs)])
    found = linprog(-gain, A_ub=A, b_ub=np.zeros(len(limits)), A_eq=one, b_eq=[1.0], method="highs-ds")
    pi = [Fraction(float(p)).limit_denominator(denominator) for p in found.x[:members]]
    cover = dict.fromkeys(game.cells, Fraction(0))
    for (f, x), i in limits.items():
        dual = Fraction(float(-found.ineqlin.marginals[i])).limit_denominator(denominator)
        cover[f, x] = min(Fraction(1), dual / game.weights[x])
    return [p / sum(pi) for p in pi], cover


def solved(game: Finite) -> Fraction | None:
    """The value, where upper and lower agree exactly; else None."""
    pi, cover = suggested(game)
    top = upper(game, pi, plants_of(pi, both_ways(game, pi)))
    return top if top == lower(game, cover) else None


def merged(game: Finite) -> Finite:
    """Distinct labelings on the support."""
    support = [x for x, w in enumerate(game.weights) if w]
    rows = tuple(sorted({tuple(row[x] for x in support) for row in game.labels}))
    return Finite(rows, tuple(game.weights[x] for x in support), game.epsilon)
