"""Duality: the attacker's linear program is a maximum flow at every point, and the defender's is a vertex cover.

*A program for the attacker*, where the trigger is drawn after f and the clean input is fresh (other games:
variants.py). Let pi be its law of f, K its plants. It wants the overlap sum min(P0, P1) as large as can be
(best replies). At (f', x) the overlap is D(x) min(pi(f'), (pi K_x)(f')). Let y_x(f, f') be the part of pi(f)
K_x(f'|f) that counts, a share min(1, pi(f')/(pi K_x)(f')) of it: then the sum of y_x(f, f') over f' is at most
pi(f), the sum over f is min(pi(f'), (pi K_x)(f')), at most pi(f'), and the overlap is sum_x D(x) sum y_x.
Conversely let y >= 0 live on legal pairs, with sums over either argument at most pi. Plant f' with probability
y_x(f, f')/pi(f), forfeit otherwise: the mass that arrives at f' is at most pi(f'), so all of it overlaps.
(Whatever is planted in place of a forfeit can only add to the overlap.) Hence

    value = 1 - 1/2 max over pi and y of  sum_x D(x) sum_{f,f'} y_x(f, f').

*One flow a pair.* The distance is symmetric, f(x) != g(x) too, so (f, g) is legal iff (g, f) is. With y its
transpose is feasible, since the two families of constraints change places, and it has the same objective; so
has their average. We may take y symmetric and write z_x{f, g} = y_x(f, g) = y_x(g, f), one variable for an
unordered legal pair, under the one family of constraints sum over g of z_x{f, g} <= pi(f). Each pair counts
twice, which takes the 1/2 away. A legal pair has a member with f(x) = 0 and one with f(x) = 1: a bipartite
graph. So z_x is a flow from the one side to the other with at most pi(f) through f, and with M_x(pi) the
maximum flow

    value = 1 - max over pi of sum_x D(x) M_x(pi).

*Covers.* By duality [FordFulkerson56] M_x(pi) is the least sum over f of c_x(f) pi(f) over the covers, which
have 0 <= c_x(f) <= 1 and c_x(f) + c_x(g) >= 1 on every legal pair at x; as the graph is bipartite, a cover of
zeros and ones will do for one pi. Covers form a convex compact set and the sum is linear in pi and in c, so by
the minimax theorem [vN28]

    value = 1 - min over covers of max over f of load(f),    load(f) = sum_x D(x) c_x(f).

*Covers are defenders.* Flag (f', x') with probability c_x'(f'). At a legal f* we have 1 - c_x(f*) <= c_x(f), and
0 <= c_x(f) where there is none: so lower(c) >= 1 - max load. Conversely a defender a yields the cover

    c_x(f) = 1/2 [ a(f, x) + max over legal f* of (1 - a(f*, x)) ],

since on a legal pair c_x(f) + c_x(g) >= 1/2 [a(f) + 1 - a(g)] + 1/2 [a(g) + 1 - a(f)] = 1, and its loads say
exactly lower(a) = 1 - max load. Thus the best guarantee of a defender is the best cover's, and is the value;
an optimal cover is an optimal defender, and its loads are at most 1 - value.

*Merging.* Points of weight 0 are never drawn and change no distance: drop them. Then let f and f~ agree on the
support; the legal partners of both are the same. Adding up pi and z over groups of such functions keeps the
constraints and the objective, and so does giving a group's pi and z to one of its members: the value is that
of the class of distinct labelings. The merged attacker, one representative a group, is optimal in the class; so
is the merged defender, who looks up the labels of f' on the support: lower(a) sees no more than these.

*Renaming.* The program contains D and which pairs are legal at x, nothing else. A permutation of the points
that D is carried along with, and f -> f XOR h for any fixed h (all labels complemented, or some points'), keep
f(x) != g(x) and dist(f, g): the value does not change.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import sympy as sp

from .checks import Check, report
from .exact_value import Flows, both_ways, merged, plants_of, solved
from .finite import (
    Finite,
    Flags,
    Plants,
    arrivals,
    is_cover,
    load,
    lower,
    max_flow,
    random_flags,
    random_games,
    random_law,
    random_plants,
    upper,
)


def counted(game: Finite, pi: list[Fraction], plants: Plants) -> Flows:
    """The part of an attacker's plants that overlaps."""
    shown = arrivals(game, pi, plants)
    return {(f, g, x): pi[f] * p * min(Fraction(1), pi[g] / shown[g, x])
            for (f, x), law in plants.items() for g, p in law.items() if pi[f] * p > 0}


def transposed(flows: Flows) -> Flows:
    """y_x(g, f)."""
    return {(g, f, x): amount for (f, g, x), amount in flows.items()}


def total(game: Finite, flows: Flows) -> Fraction:
    """sum_x D(x) sum y_x."""
    return sum((game.weights[x] * amount for (_, _, x), amount in flows.items()), Fraction(0))


def feasible(game: Finite, pi: list[Fraction], flows: Flows) -> bool:
    """y >= 0 on legal pairs, both sums at most pi."""
    out, into = dict.fromkeys(game.cells, Fraction(0)), dict.fromkeys(game.cells, Fraction(0))
    for (f, g, x), amount in flows.items():
        out[f, x] += amount
        into[g, x] += amount
    legal = all(amount >= 0 and g in game.partners[f, x] for (f, g, x), amount in flows.items())
    return legal and all(max(out[f, x], into[f, x]) <= pi[f] for f, x in game.cells)


def cover_of(game: Finite, flags: Flags) -> Flags:
    """The cover that a defender yields."""
    return {(f, x): (flags[f, x] + max((1 - flags[g, x] for g in near), default=Fraction(0))) / 2
            for (f, x), near in game.partners.items()}


def smallest_cover(game: Finite, x: int, pi: list[Fraction]) -> Fraction:
    """The least weight of a cover of zeros and ones at x, by listing them."""
    def covers(chosen: tuple[int, ...]) -> bool:
        return all(chosen[f] or chosen[g] for f in range(len(pi)) for g in game.partners[f, x])
    return min(sum((p for p, c in zip(pi, chosen, strict=True) if c), Fraction(0))
               for chosen in product((0, 1), repeat=len(pi)) if covers(chosen))


def program() -> list[Check]:
    """Attackers to flows and back; the transpose; one flow a pair."""
    rng = random.Random(5)
    there = back = averaged = most = True
    for game in random_games(6, 100):
        pi, plants = random_law(rng, 5), random_plants(rng, game)
        y = counted(game, pi, plants)
        there &= feasible(game, pi, y) and 1 - total(game, y) / 2 == upper(game, pi, plants)
        z = both_ways(game, pi)
        w = transposed(y)
        mean = {key: (y.get(key, Fraction(0)) + w.get(key, Fraction(0))) / 2 for key in {**y, **w}}
        averaged &= feasible(game, pi, mean) and total(game, mean) == total(game, y) and mean == transposed(mean)
        for flows in (y, mean, z):
            back &= feasible(game, pi, flows) and upper(game, pi, plants_of(pi, flows)) == 1 - total(game, flows) / 2
        most &= total(game, z) >= total(game, y)
    return [
        Check("an attacker gives a feasible y with its overlap, 100 games", there),
        Check("a feasible y gives an attacker with that overlap", back),
        Check("y averaged with its transpose is feasible, symmetric and as large", averaged),
        Check("no attacker with this pi overlaps more than the maximum flows, both ways", most),
    ]


def covers() -> list[Check]:
    """Flows against covers, covers against defenders."""
    rng = random.Random(7)
    flow = guarantee = yields = True
    for game in random_games(8, 60):
        pi = random_law(rng, 5)
        flow &= all(sum(max_flow(game, x, pi).values(), Fraction(0)) == smallest_cover(game, x, pi)
                    for x in range(len(game.weights)))
        flags = random_flags(rng, game)
        cover = cover_of(game, flags)
        yields &= is_cover(game, cover) and lower(game, flags) == 1 - load(game, cover)
        guarantee &= lower(game, cover) >= 1 - load(game, cover)
    f, g = sp.symbols("f g")  # a(f, x) and a(g, x) on a legal pair
    return [
        Check("M_x(pi) is the lightest cover of zeros and ones, 60 games", flow),
        Check("a defender's c: on a legal pair the sum is at least 1/2 [f + 1 - g] + 1/2 [g + 1 - f] = 1",
              sp.expand((f + 1 - g) / 2 + (g + 1 - f) / 2) == 1),
        Check("it is a cover, and lower(a) = 1 - max load", yields),
        Check("a cover played as flags has lower(c) >= 1 - max load", guarantee),
    ]


def invariance() -> list[Check]:
    """No gap on random games; the value of merged, renamed and complemented ones."""
    rng = random.Random(9)
    gaps, same = [], {"merging copies and dropping points of weight 0": True, "renaming the points": True,
                      "complementing all labels": True, "complementing the labels of some points": True}
    for game in random_games(10, 40, members=6):
        value = solved(game)
        gaps.append(value is None)
        order = rng.sample(range(4), 4)
        some = [rng.randint(0, 1) for _ in range(4)]
        others = (merged(game),
                  Finite(tuple(tuple(row[x] for x in order) for row in game.labels),
                         tuple(game.weights[x] for x in order), game.epsilon),
                  *(Finite(tuple(tuple(a ^ b for a, b in zip(row, h, strict=True)) for row in game.labels),
                           game.weights, game.epsilon) for h in ([1] * 4, some)))
        for name, other in zip(same, others, strict=True):
            same[name] &= solved(other) == value
    return [Check("lower = upper in exact arithmetic: no duality gap, 40 games", not any(gaps)),
            *(Check(f"{name} does not change the value", holds) for name, holds in same.items())]


def checks() -> list[Check]:
    """All of the above."""
    return program() + covers() + invariance()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
