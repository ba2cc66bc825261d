"""Values in closed form: for each a law of f with its plants, and a cover with the same figure.

By duality an attacker (pi, flows) shows value <= 1 - sum_x D(x) sum z_x, and a cover c shows value >= 1 - max
load. Each case names both (ours; we know of no source). Points are uniform unless weights are given.

*All functions* under any D: value = 1 - 1/2 D{x : D(x) <= epsilon}. f uniform, f* flips x where that is
legal: the flow is 1/2. The cover is 1/2 at those x, and 0 elsewhere, where nothing is legal.

*Singletons and the empty function* on N points. 1/N <= epsilon < 2/N: only the empty one and {x} are legal
at x; f uniform exchanges 1/(N + 1) at every x; c_x(empty) = 1/(N + 1), c_x({x}) = N/(N + 1): value N/(N +
1). From epsilon = 2/N on, N >= 2: f uniform over {x}, flow 1/N; c_x({x}) = 1, else 0: value 1 - 1/N.

*Conjunctions* of n >= 2 bits, with 0, where 2/P <= epsilon < 3/P, P = 2^n: value = 1 - L, L = 4n/((n + 1) P
+ 4). Legal pairs join 0, points, edges (n - 1 literals) and squares (n - 2). *pi*: with w = L/n^2 let f be
0 with probability n w, each of the nP/2 edges w, each of the n(n - 1)P/8 squares 2w; this sums to 1. At x
the n edges through x exchange w each with 0, the n(n - 1)/2 squares through x exchange w with each of their
two edges that miss x, and no edge is used twice: n w + n(n - 1) w = L. *Cover* at x: L for 0, 1 for the
point x, 1 - L for edges through x, u = LP/4 for squares through x, 1 - u for edges that miss x inside such
a square, L for points next to x; 0 otherwise. The pairs: 0 or the point y and the edge xy, L + 1 - L; the
point x and anything, 1; a square and its edge, u + 1 - u; the edges xy and yw, 2 - L - u >= 1 since 4n - 4
<= P. Loads: 0 has L, a square 4u/P = L, an edge [2(1 - L) + 2(n - 1)(1 - u)]/P = L, a point (1 + nL)/P <= L
since 4n^2 + 4 <= (3n - 1)P, others none. Both inequalities hold at n = 2; from n to n + 1 the left sides at
most double, the right sides at least.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import sympy as sp

from .checks import Check, report
from .exact_value import Solution, settled, uniform
from .finite import Finite, Plants, random_law

n = sp.Symbol("n", positive=True)
P = 2**n
CONJUNCTIONS = 4 * n / ((n + 1) * P + 4)  # what the defender of conjunctions loses


def all_functions(weights: tuple[Fraction, ...], budget: Fraction) -> tuple[Finite, Solution]:
    """Every labelling; the flip of one point."""
    rows = tuple(product((0, 1), repeat=len(weights)))
    game, number = Finite(rows, weights, budget), {row: f for f, row in enumerate(rows)}
    light = [x for x, w in enumerate(weights) if w <= budget]
    plants = {(f, x): {number[(*row[:x], 1 - row[x], *row[x + 1:])]: Fraction(1)}
              for f, row in enumerate(rows) for x in light}
    return game, ([Fraction(1, len(rows))] * len(rows), plants,
                  {(f, x): Fraction(int(x in light), 2) for f, x in game.cells})


def singletons(points: int, k: int) -> tuple[Finite, Solution]:
    """The empty function is number 0, {x} is number x + 1; epsilon = k/N."""
    rows = tuple(tuple(int(x == i) for x in range(points)) for i in range(-1, points))
    game, one = Finite(rows, uniform(points), Fraction(k, points)), Fraction(1)
    if k == 1:
        plants = {(0, x): {x + 1: one} for x in range(points)} | {(x + 1, x): {0: one} for x in range(points)}
        cover = {(f, x): Fraction({0: 1, x + 1: points}.get(f, 0), points + 1) for f, x in game.cells}
        return game, ([Fraction(1, points + 1)] * (points + 1), plants, cover)
    ring = [(x + 1, (x + 1) % points + 1, x) for x in range(points)]  # {x} and another one, at x
    plants = {(f, x): {g: one} for f, g, x in ring} | {(g, x): {f: one} for f, g, x in ring}
    return game, ([Fraction(0)] + [Fraction(1, points)] * points, plants,
                  {(f, x): Fraction(int(f == x + 1)) for f, x in game.cells})


def conjunctions(bits: int) -> tuple[Finite, Solution]:
    """Members go by their sets of points; epsilon = 2/P."""
    points = list(product((0, 1), repeat=bits))
    size = len(points)
    sides = product((0, 1, 2), repeat=bits)
    members = [frozenset(x for x, bit in enumerate(points) if all(s in (2, b) for s, b in zip(side, bit, strict=True)))
               for side in sides] + [frozenset()]
    game = Finite(tuple(tuple(int(x in member) for x in range(size)) for member in members), uniform(size),
                  Fraction(2, size))
    loss = Fraction(4 * bits, (bits + 1) * size + 4)
    w, u = loss / bits**2, loss * size / 4
    pi = [{0: bits * w, 2: w, 4: 2 * w}.get(len(member), Fraction(0)) for member in members]
    plants: Plants = {}
    for (f, x), near in game.partners.items():
        sizes = {0: (2,), 2: (0, 4), 4: (2,)}.get(len(members[f]), ())
        if pi[f]:
            plants[f, x] = dict.fromkeys([g for g in near if len(members[g]) in sizes], w / pi[f])
    near_x = [frozenset().union(*(m for m in members if x in m and len(m) == 2)) - {x} for x in range(size)]

    def c(member: frozenset[int], x: int) -> Fraction:
        through = {1: Fraction(1), 2: 1 - loss, 4: u} if x in member else {0: loss}
        if x not in member and member & near_x[x]:
            through |= {1: loss, 2: 1 - u}
        return through.get(len(member), Fraction(0))

    return game, (pi, plants, {(f, x): c(members[f], x) for f, x in game.cells})


def checks() -> list[Check]:
    """Both sides of every value above, in fractions; the algebra for conjunctions of n bits."""
    tenth, rng = Fraction(1, 10), random.Random(12)
    laws = [tuple(random_law(rng, 4, zeros=False)) for _ in range(20)]
    half = [all_functions(uniform(points), Fraction(k, points)) for points in range(1, 6) for k in range(1, points + 1)]
    heavy = [settled(*singletons(points, k)) == (Fraction(points, points + 1) if k == 1 else 1 - Fraction(1, points))
             for points in range(2, 9) for k in range(1, points + 1)]
    found = [settled(*conjunctions(bits)) for bits in (2, 3, 4)]
    w = CONJUNCTIONS / n**2
    edges = (2 * (1 - CONJUNCTIONS) + 2 * (n - 1) * (1 - CONJUNCTIONS * P / 4)) / P
    return [
        Check("all functions on d <= 5 uniform points, epsilon >= 1/d: 1/2",
              all(settled(*case) == Fraction(1, 2) for case in half)),
        Check("all functions under laws at random: 1 - 1/2 D{x : D(x) <= epsilon}", all(
            settled(*all_functions(law, budget)) == 1 - sum((w for w in law if w <= budget), Fraction(0)) / 2
            for law in laws for budget in (Fraction(1, 12), Fraction(1, 6), Fraction(1, 3)))),
        Check("all functions, weights 7 x 1/10 and 3/10, epsilon = 1/10: 13/20",
              settled(*all_functions((tenth,) * 7 + (3 * tenth,), tenth)) == Fraction(13, 20)),
        Check("singletons on N = 2 .. 8 points: N/(N + 1), then 1 - 1/N", all(heavy)),
        Check("conjunctions of 2, 3, 4 bits at 2/2^n: 1/2, 2/3, 17/21",
              found == [Fraction(1, 2), Fraction(2, 3), Fraction(17, 21)]
              == [1 - CONJUNCTIONS.subs(n, bits) for bits in (2, 3, 4)]),
        Check("every n: pi sums to 1", sp.simplify(w * (n + n * P / 2 + n * (n - 1) * P / 4)) == 1),
        Check("every n: the flow n w + n (n - 1) w and an edge's load are L",
              sp.simplify(n * w + n * (n - 1) * w - CONJUNCTIONS) == sp.simplify(edges - CONJUNCTIONS) == 0),
        Check("every n: L + u <= 1 iff 4n - 4 <= P, a point's load is at most L iff 4n^2 + 4 <= (3n - 1) P",
              sp.simplify(1 - CONJUNCTIONS * (1 + P / 4) - (P + 4 - 4 * n) / ((n + 1) * P + 4)) == 0
              and sp.simplify(CONJUNCTIONS - (1 + n * CONJUNCTIONS) / P
                              - ((3 * n - 1) * P - 4 * n**2 - 4) / (P * ((n + 1) * P + 4))) == 0),
        Check("both hold, by induction from n = 2: the left sides at most double",
              all(i - left.subs(n, 2) >= 0 for i, left in ((4, 4 * n - 4), (20, 4 * n**2 + 4)))
              and all(sp.expand((2 * left - left.subs(n, n + 1)).subs(n, n + 2)).is_nonnegative
                      for left in (4 * n - 4, 4 * n**2 + 4))),
    ]


if __name__ == "__main__":
    raise SystemExit(report(checks()))
