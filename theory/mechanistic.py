"""Reading instead of learning: the leaf that an input reaches, the literals of an AND; and how many trees there are.

*Decision trees* with at most s leaves, independent bits. Let l(f, x) be the leaf that x reaches in f, and flag iff its
mass is under t = delta/s.

False alarms: x is as likely to fall into a leaf as the leaf has mass. At most s leaves are lighter than t, and their
masses add up to less than s t = delta.

Misses: let A and B be the leaves of f and f* at x*. They are sets of points with given values of some bits, and x*
lies in both, so a bit that both read has one value in both. Pr[A and B] is a product over the bits that either reads,
and Pr[A] Pr[B] has one more factor, at most 1, for each bit that both read:

    Pr[A] Pr[B] <= Pr[A and B] <= dist(f, f*) <= epsilon,

since the labels of A and B differ. So where A has mass at least t and epsilon < t^2, B is lighter than t and is
flagged. A is lighter than t with probability under delta. Half the sum of both rates is under delta: 1 - delta is won.

*ANDs* on n uniform bits. Two different ANDs of a <= b literals, both satisfiable, have Pr[f] = 2^-a, Pr[g] = 2^-b and
Pr[f and g] is 0 or 2^-c with c >= b, and c > b unless all literals of f are among those of g. Hence dist is at least
2^-a if they exclude each other, 2^-a - 2^-b >= 2^-(a + 1) if b > a, and 2^-a - 2^-b + 2 (2^-b - 2^-c) otherwise, which
is at least 2^-a for c > b. The AND with one literal more reaches 2^-(a + 1); with a = n there is none, and the next is
the constant 0 at 2^-n. Flagging 1s of ANDs with 2^-(a + 1) <= epsilon raises false alarms on 2^-a <= 2 epsilon; a miss
needs f* = 0 at x*, hence f = 1 there and dist >= 2^-(a + 1) (or 2^-n), which again has probability at most 2 epsilon.

*Counting.* A tree with fewer than s leaves computes what one with s leaves does (split a leaf into two of its label).
A tree with s leaves has s - 1 inner nodes; there are Catalan(s - 1) <= 4^(s-1) shapes, n^(s-1) ways to read bits and
2^s labels, and a class of M functions has VC dimension at most log2 M.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

delta, s, n = sp.symbols("delta s n", positive=True)
epsilon = sp.symbols("epsilon", nonnegative=True)
THRESHOLD = delta / s
WIN = 1 - (delta + delta) / 2
CONJUNCTION = 1 - (2 * epsilon + 2 * epsilon) / 2
LOG_TREES = sp.log(4 ** (s - 1) * n ** (s - 1) * 2**s, 2)


Cube = tuple[int, ...]  # for each bit the value that it is held to, 2 where it is free
Tree = tuple[tuple[Cube, int], ...]  # leaves with their labels
LAWS = {
    2: ((Fraction(1, 2),) * 2, (Fraction(1, 8), Fraction(3, 4))),
    3: ((Fraction(1, 2),) * 3, (Fraction(1, 8), Fraction(1, 16), Fraction(3, 4))),
    4: ((Fraction(1, 2),) * 4, (Fraction(1, 8), Fraction(1, 16), Fraction(3, 4), Fraction(9, 10))),
}
DELTAS = Fraction(1, 2), Fraction(3, 4), Fraction(1)
BELOW = Fraction(1, 10**9)


def weights(law: tuple[Fraction, ...]) -> dict[Cube, Fraction]:
    """Every point's probability."""
    return {x: math.prod((q if bit else 1 - q for bit, q in zip(x, law, strict=True)), start=Fraction(1))
            for x in itertools.product((0, 1), repeat=len(law))}


def holds(cube: Cube, x: Cube) -> bool:
    """Whether x lies in the cube."""
    return all(c in (2, bit) for c, bit in zip(cube, x, strict=True))


def overlaps(law: tuple[Fraction, ...]) -> bool:
    """Pr[A] Pr[B] <= Pr[A and B] for all leaves that share a point, with equality iff no bit is read by both."""
    weight, cubes = weights(law), list(itertools.product((0, 1, 2), repeat=len(law)))
    inside = {cube: frozenset(x for x in weight if holds(cube, x)) for cube in cubes}
    mass = {points: sum(weight[x] for x in points) for points in set(inside.values())} | {frozenset(): Fraction(0)}
    for a, b in itertools.product(cubes, repeat=2):
        both, apart = inside[a] & inside[b], all(2 in pair for pair in zip(a, b, strict=True))
        product = mass[inside[a]] * mass[inside[b]]
        if both and (product > mass[both] or (product == mass[both]) != apart):
            return False
    return True


def trees(cube: Cube, size: int) -> list[Tree]:
    """Every tree of exactly so many leaves on a cube."""
    found: list[Tree] = [((cube, 0),), ((cube, 1),)] if size == 1 else []
    for i in (i for i, c in enumerate(cube) if c == 2 and size > 1):
        low, high = ((*cube[:i], side, *cube[i + 1 :]) for side in (0, 1))
        found += [a + b for k in range(1, size) for a in trees(low, k) for b in trees(high, size - k)]
    return found


def leaf_rates(law: tuple[Fraction, ...], size: int, delta: Fraction, limit: Fraction) -> tuple[Fraction, Fraction]:
    """Worst false-alarm and worst miss rate of the leaf's mass over all trees of at most `size` leaves.

    The attacker answers each x* with a plant at distance `limit` or less whose leaf is not light, where there is one.
    """
    weight, t, empty = weights(law), delta / size, (2,) * len(law)
    listed = {tree for k in range(1, size + 1) for tree in trees(empty, k)}
    heavy = {c: sum(w for x, w in weight.items() if holds(c, x)) >= t for tree in listed for c, _ in tree}
    reached = {tuple(next((y, heavy[c]) for c, y in tree if holds(c, x)) for x in weight) for tree in listed}
    alarms = missed = Fraction(0)
    for f in reached:
        alarms = max(alarms, sum((w for (_, h), w in zip(f, weight.values(), strict=True) if not h), Fraction(0)))
        open_ = set()
        for g in reached:
            differ = {i for i, (a, b) in enumerate(zip(f, g, strict=True)) if a[0] != b[0]}
            if sum(w for i, w in enumerate(weight.values()) if i in differ) <= limit:
                open_ |= {i for i in differ if g[i][1]}
        missed = max(missed, sum((w for i, w in enumerate(weight.values()) if i in open_), Fraction(0)))
    return alarms, missed


def leaf_checks() -> list[Check]:
    """Both rates on tiny trees, at the edge where the theorem speaks and where it falls silent."""
    under, won, seen, beyond = True, True, [], []
    for bits, size in ((2, 2), (2, 3), (2, 4), (3, 2), (3, 3)):
        for law, delta in itertools.product(LAWS[bits], DELTAS):
            t = delta / size
            alarms, missed = leaf_rates(law, size, delta, t * t - BELOW)
            under = under and alarms < delta and missed < delta
            bound = bounds.leaf_mass_bound(float(delta), size, float(t * t - BELOW))
            won = won and 1 - (alarms + missed) / 2 >= bound
            seen.append((alarms, missed))
            beyond.append(leaf_rates(law, size, delta, t)[1] > delta)
    return [
        Check("false alarms and misses stay under delta at epsilon < (delta/s)^2: all trees of up to 3 bits", under),
        Check("there are both to be counted", all(max(rates) > 0 for rates in zip(*seen, strict=True))),
        Check("the library's bound is won there", won),
        Check("at epsilon = delta/s more than delta can be missed", any(beyond)),
    ]


def leaves() -> list[Check]:
    """The overlap of two leaves, both error rates, and what is won."""
    return [
        Check("Pr[A] Pr[B] <= Pr[A and B] for leaves that share a point, with equality iff they share no bit: 3 bits",
              all(overlaps(law) for law in LAWS[3])),
        Check("the same on 4 bits", all(overlaps(law) for law in LAWS[4])),
        *leaf_checks(),
        agree("the library's threshold", bounds.leaf_mass_threshold(0.25, 16),
              float(THRESHOLD.subs({delta: 0.25, s: 16})), 1e-15),
        agree("the library's bound under (delta/s)^2", bounds.leaf_mass_bound(0.25, 16, 0.9 / 4096),
              float(WIN.subs(delta, 0.25)), 1e-15),
        Check("and from there on it says nothing of misses",
              bounds.leaf_mass_bound(0.25, 16, 1 / 4096) == 1 - (0.25 + 1) / 2),
    ]


def conjunctions(bits: int) -> dict[tuple[int, ...], tuple[bool, ...]]:
    """All ANDs of literals as labelings of all points, one for each choice of 0, 1 or free (2) a bit; and 0."""
    points = list(itertools.product((0, 1), repeat=bits))
    ands = {code: tuple(all(c in (2, x) for c, x in zip(code, point, strict=True)) for point in points)
            for code in itertools.product((0, 1, 2), repeat=bits)}
    return ands | {(3,) * bits: (False,) * len(points)}


def nearest_other(bits: int) -> dict[int, set[Fraction]]:
    """For each number of literals the distances from such an AND to the closest other, by listing them all."""
    ands, found = conjunctions(bits), {}
    for code, row in ands.items():
        if 3 not in code:
            others = (other for other in ands.values() if other != row)
            closest = min(sum(a != b for a, b in zip(row, other, strict=True)) for other in others)
            found.setdefault(sum(c < 2 for c in code), set()).add(Fraction(closest, 2**bits))
    return found


def and_rates(bits: int, k: int) -> tuple[Fraction, Fraction]:
    """Worst false-alarm and worst miss rate of `RareConjunction` at epsilon = k/2^n over all ANDs and legal plants."""
    ands = conjunctions(bits)
    flags = {code: tuple(y and 2 ** (bits - sum(c < 2 for c in code) - 1) <= k for y in row)
             for code, row in ands.items()}
    alarms = missed = 0
    for row, flag in ((ands[code], flags[code]) for code in ands):
        open_ = set()
        for code, other in ands.items():
            differ = [i for i, (a, b) in enumerate(zip(row, other, strict=True)) if a != b]
            if len(differ) <= k:
                open_ |= {i for i in differ if not flags[code][i]}
        alarms, missed = max(alarms, sum(flag)), max(missed, len(open_))
    return Fraction(alarms, 2**bits), Fraction(missed, 2**bits)


def literals() -> list[Check]:
    """How close another AND can be, and what is won by that."""
    listed = all(nearest_other(bits) == {a: {Fraction(1, 2 ** min(a + 1, bits))} for a in range(bits + 1)}
                 for bits in range(1, 5))
    a, b, c = sp.symbols("a b c", integer=True, nonnegative=True)
    either = sp.expand(2**-a + 2**-b - 2 * 2**-c - (2**-a - 2**-b + 2 * (2**-b - 2**-c)))
    rates = {Fraction(k, 2**bits): and_rates(bits, k) for bits in (2, 3) for k in range(2**bits + 1)}
    return [
        Check("the closest other AND is at 2^-(a + 1), at 2^-n for a = n: all ANDs of up to 4 bits", listed),
        Check("Pr[f != g] = 2^-a + 2^-b - 2 2^-c, split as above", sp.simplify(either) == 0),
        Check("false alarms and misses are at most 2 epsilon: all ANDs of 2 and 3 bits and all plants",
              all(max(both) <= 2 * at for at, both in rates.items())),
        Check("and each rate is met", all(any(0 < both[i] == 2 * at for at, both in rates.items()) for i in (0, 1))),
        Check("the library's bound is won there",
              all(1 - sum(both) / 2 >= bounds.rare_conjunction_bound(float(at)) for at, both in rates.items())),
        agree("the library's bound", bounds.rare_conjunction_bound(1 / 16),
              float(CONJUNCTION.subs(epsilon, sp.Rational(1, 16))), 1e-15),
        agree("which is 1 - 2 epsilon", bounds.rare_conjunction_bound(3 / 16), 1 - 2 * 3 / 16, 1e-15),
    ]


def counting() -> list[Check]:
    """The logarithm of the number of trees."""
    bound = (s - 1) * (2 + sp.log(n, 2)) + s
    return [
        Check("log2 of 4^(s-1) n^(s-1) 2^s is (s - 1)(2 + log2 n) + s",
              sp.simplify(sp.expand_log(LOG_TREES - bound, force=True)) == 0),
        Check("Catalan(k) <= 4^k up to k = 200", all(int(sp.catalan(k)) <= 4**k for k in range(201))),
        Check("the ratio Catalan(k + 1)/Catalan(k) = 2 (2k + 1)/(k + 2) is under 4",
              sp.simplify(4 - 2 * (2 * s + 1) / (s + 2)).is_positive is True),
        agree("the library's bound at n = 20, s = 16", bounds.tree_vc_bound(20, 16),
              15 * (2 + math.log2(20)) + 16, 1e-12),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return leaves() + literals() + counting()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
