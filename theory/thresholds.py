"""Thresholds, solved: the least value over all D, and the value under uniform D.

Thresholds are {x >= t}, D is any law of finitely many points on a line, 0 < epsilon <= 1. Let q = floor(1/epsilon) and

    L = max( epsilon q/(q + 1), 1/(q + 2) ).   Then value >= 1 - L for every D (ours).

*A cover.* Place t at P(t), the mass before it, and let x fill [P(x), P(x) + D(x)]. Thresholds s < t differ
on the points between P(s) and P(t), and are legal at them iff P(t) - P(s) <= epsilon. Write y = r + j
epsilon, 0 <= r < epsilon, j a whole number, and U(y) = min(1, min(r, L) + (j + 1) L) for -epsilon <= y <=
1. Note L < epsilon.

  (1) U does not fall: within a period it cannot, and a period ends no higher than (j + 2) L, where the next
      one starts.
  (2) U(y) - U(y - epsilon) <= L: a period higher adds L, and the cut at 1 takes away.
  (3) U(y) <= y + epsilon: min(r, L) <= r and (j + 1) L <= (j + 1) epsilon.
  (4) U(y) >= y for 0 <= y <= 1, where j <= q: if r <= L, then L >= epsilon q/(q + 1) >= epsilon j/(j + 1)
      gives (j + 1) L >= j epsilon. If r > L and j = q, (q + 2) L >= 1. If r > L and j < q, (j + 2) L >= (j
      + 1) epsilon > y, by the first term of L again.

Now c_x(t) is the share of [P(x), P(x) + D(x)] inside [U(P(t) - epsilon), U(P(t))]. A cover: for s < t legal
at x, P(t) - epsilon <= P(s), so the two intervals meet or overlap (1) and hold [U(P(s) - epsilon),
U(P(t))], which contains [P(s), P(t)] by (3), (4), and so x. By (2) no load exceeds L.

*Two laws D reach L.* With q points of mass epsilon and the rest on one point beyond them, take the
thresholds at 0, epsilon, .., q epsilon with 1/(q + 1) each; neighbours exchange all they have at the points
between: q epsilon/(q + 1). With q + 1 equal points, lighter than epsilon, take all q + 2 thresholds: 1/(q +
2). So 1 - L is the least value of thresholds over all D, given q + 1 points. Uniform D on N points reaches
it too if epsilon N = k is whole, by thresholds k apart: q + 1 of them spanning q k points, or q + 2
spanning all N <= (q + 1) k. For other epsilon take k = floor(epsilon N). L <= epsilon/(1 + epsilon), with
equality iff 1/epsilon is whole: thresholds (VC dimension 1) lose less than epsilon.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from math import floor

import sympy as sp

from .checks import Check, report
from .exact_value import Solution, settled, uniform
from .finite import Finite, Flags, Plants, is_cover, load, random_law

epsilon, q = sp.symbols("epsilon q", positive=True)
SPANNING, EVENLY = epsilon * q / (q + 1), 1 / (q + 2)  # L is the larger


def least_loss(budget: Fraction) -> Fraction:
    """L, for 0 < epsilon <= 1."""
    whole = floor(1 / budget)
    return max(budget * whole / (whole + 1), Fraction(1, whole + 2))


def thresholds(weights: tuple[Fraction, ...], budget: Fraction) -> Finite:
    """The number of a function is its t."""
    points = len(weights)
    return Finite(tuple(tuple(int(x >= t) for x in range(points)) for t in range(points + 1)), weights, budget)


def cover_by_stretches(game: Finite) -> Flags:
    """The part of each point's stretch of [0, 1] between U(P(t) - epsilon) and U(P(t))."""
    loss, place = least_loss(game.epsilon), [Fraction(0)]
    for weight in game.weights:
        place.append(place[-1] + weight)

    def U(y: Fraction) -> Fraction:
        j = floor(y / game.epsilon)
        return min(Fraction(1), min(y - j * game.epsilon, loss) + (j + 1) * loss)

    spans = [(U(y - game.epsilon), U(y)) for y in place]
    return {(t, x): max(Fraction(0), min(spans[t][1], place[x + 1]) - max(spans[t][0], place[x])) / game.weights[x]
            for t, x in game.cells}


def neighbours_exchange(game: Finite, chosen: list[int]) -> tuple[list[Fraction], Plants]:
    """These thresholds with equal probability, each planting the next one wherever they differ."""
    pi = [Fraction(int(t in chosen), len(chosen)) for t in range(len(game.labels))]
    plants: Plants = {}
    for s, t in pairwise(chosen):
        for x in range(s, t):
            plants[s, x], plants[t, x] = {t: Fraction(1)}, {s: Fraction(1)}
    return pi, plants


def evenly_spaced(points: int, k: int) -> tuple[Finite, Solution]:
    """epsilon = k/N: the better of the two spacings, and the cover."""
    game, whole = thresholds(uniform(points), Fraction(k, points)), points // k
    spanning = Fraction(k * whole, whole + 1) >= Fraction(points, whole + 2)
    chosen = [i * k for i in range(whole + 1)] if spanning else [min(i * k, points) for i in range(whole + 2)]
    return game, (*neighbours_exchange(game, chosen), cover_by_stretches(game))


def worst_law(budget: Fraction) -> tuple[Finite, Solution]:
    """The law D that reaches L, with both players."""
    whole = floor(1 / budget)
    rest, steps = 1 - whole * budget, whole + 1
    weights = (budget,) * whole + ((rest,) if rest else ())
    if budget * whole / (whole + 1) < Fraction(1, whole + 2):
        weights, steps = uniform(whole + 1), whole + 2
    game = thresholds(weights, budget)
    return game, (*neighbours_exchange(game, list(range(steps))), cover_by_stretches(game))


def checks() -> list[Check]:
    """The theorem on laws at random, at the worst laws, on uniform points; and the shape of L."""
    rng = random.Random(11)
    laws = [tuple(random_law(rng, rng.randint(2, 8), zeros=False)) for _ in range(60)]
    budgets = [Fraction(rng.randint(1, 24), 24) for _ in laws]
    held = True
    for weights, budget in zip(laws, budgets, strict=True):
        game = thresholds(weights, budget)
        cover = cover_by_stretches(game)
        held &= is_cover(game, cover) and load(game, cover) <= least_loss(budget)
    worst = [b for b in (Fraction(i, 30) for i in range(2, 31))
             if settled(*worst_law(b)) != 1 - least_loss(b)]
    known = [Fraction(10, 11), Fraction(5, 6), Fraction(31, 40), Fraction(11, 15), Fraction(2, 3)]
    even = [(points, k) for points in range(1, 13) for k in range(1, points + 1)
            if settled(*evenly_spaced(points, k)) != 1 - least_loss(Fraction(k, points))]
    crossing = sp.solve(sp.Eq(SPANNING, EVENLY), epsilon)[0]
    gap = sp.factor(epsilon / (1 + epsilon) - SPANNING)
    return [
        Check("the cover holds every law to L, 60 laws at random", held),
        Check("the worst law has value 1 - L, epsilon = 2/30 .. 30/30", not worst),
        Check("so have N uniform points at epsilon = k/N, N = 1 .. 12", not even),
        Check("N = 10: 10/11, 5/6, 31/40, 11/15, 2/3",
              [settled(*evenly_spaced(10, k)) for k in range(1, 6)] == known),
        Check("the two terms cross at (q + 1)/(q (q + 2)), between 1/(q + 1) and 1/q",
              sp.simplify(crossing - (q + 1) / (q * (q + 2))) == 0
              and sp.factor(1 / q - crossing).is_positive is True
              and sp.factor(crossing - 1 / (q + 1)).is_positive is True),
        Check("L is continuous at 1/q: q epsilon/(q + 1) there is the next 1/(q + 2)",
              sp.simplify(SPANNING.subs(epsilon, 1 / q) - EVENLY.subs(q, q - 1)) == 0),
        Check("epsilon/(1 + epsilon) exceeds the first term by a multiple of 1 - q epsilon",
              sp.simplify(gap - epsilon * (1 - q * epsilon) / ((1 + epsilon) * (q + 1))) == 0),
        Check("and the second, where epsilon > 1/(q + 1)",
              sp.simplify((epsilon / (1 + epsilon)).subs(epsilon, 1 / (q + 1)) - EVENLY) == 0
              and sp.simplify(sp.diff(epsilon / (1 + epsilon), epsilon)).is_positive is True),
    ]


if __name__ == "__main__":
    raise SystemExit(report(checks()))
