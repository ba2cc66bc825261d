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
p, q = sp.symbols("p q", positive=True)
epsilon, light = sp.symbols("epsilon light", nonnegative=True)
THRESHOLD = delta / s
WIN = 1 - (delta + delta) / 2
CONJUNCTION = 1 - (2 * epsilon + 2 * epsilon) / 2
LOG_TREES = sp.log(4 ** (s - 1) * n ** (s - 1) * 2**s, 2)


def leaves() -> list[Check]:
    """The threshold, the overlap of two leaves, and what is won."""
    shared = p * q - p * q * p  # A reads bits of chance p and q, B the one of chance p: Pr[A and B] - Pr[A] Pr[B]
    return [
        Check("s leaves lighter than delta/s weigh less than delta",
              sp.simplify(s * THRESHOLD - delta) == 0 and sp.diff(s * light, light).is_positive is True),
        Check("a bit that both leaves read counts once in Pr[A and B] and twice in Pr[A] Pr[B]",
              sp.factor(shared) == sp.factor(p * q * (1 - p))),
        Check("two leaves of mass delta/s differ on at least (delta/s)^2",
              sp.simplify(THRESHOLD**2 - delta**2 / s**2) == 0),
        Check("1 - delta is won", sp.simplify(WIN - (1 - delta)) == 0),
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


def literals() -> list[Check]:
    """How close another AND can be, and what is won by that."""
    listed = all(nearest_other(bits) == {a: {Fraction(1, 2 ** min(a + 1, bits))} for a in range(bits + 1)}
                 for bits in range(1, 5))
    a, b, c = sp.symbols("a b c", integer=True, nonnegative=True)
    gap = sp.simplify((2**-a - 2**-b).subs(b, a + 1) - 2 ** -(a + 1))
    either = sp.expand(2**-a + 2**-b - 2 * 2**-c - (2**-a - 2**-b + 2 * (2**-b - 2**-c)))
    return [
        Check("the closest other AND is at 2^-(a + 1), at 2^-n for a = n: all ANDs of up to 4 bits", listed),
        Check("one literal more is at 2^-a - 2^-(a + 1) = 2^-(a + 1)", gap == 0),
        Check("Pr[f != g] = 2^-a + 2^-b - 2 2^-c, split as above", sp.simplify(either) == 0),
        Check("an AND with 2^-(a + 1) <= epsilon is 1 on at most 2 epsilon",
              sp.simplify(2**-a / 2 ** -(a + 1)) == 2),
        Check("1 - 2 epsilon is won", sp.simplify(CONJUNCTION - (1 - 2 * epsilon)) == 0),
        agree("the library's bound", bounds.rare_conjunction_bound(1 / 16), 1 - 2 / 16, 1e-15),
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
