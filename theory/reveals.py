"""What the defender is shown: of f by a reveal, of (f', x') by an observation; and triggers that satisfy a predicate.

The game is that of variants.py, whose words are used.

*More shown.* If s' is drawn from s alone then sum_s' min(P0, P1) >= sum_s min(P0, P1) for each plan, as min(a, b) +
min(c, d) <= min(a + c, b + d) and min is homogeneous: the value for who sees s' is at most that for who sees s, and
k + 1 revealed bits of f are worth at least k. This is the easy half of [Blackwell53]. If t tells all functions apart,
P0 lives on t(f) = t(f') and P1 on t(f) != t(f'): sum min = 0, value 1, under every law. What does not tell the two
ends of a legal pair apart may be worth nothing: the number of a threshold modulo 2 at 2/N.

*A predicate.* Fresh clean input, triggers satisfying P. Flag iff P(x'): no plant is missed, false alarms have D(P):
exactly 1 - D(P)/2 against every attacker, so value >= 1 - D(P)/2, and value >= that of "chosen". On singletons and
the empty function, uniform D, epsilon >= 2/N, P on p >= 1 points, the check is optimal: value = 1 - D(P)/2. *Proof.*
p = 1, P = {x}: f = empty or {x}, 1/2 each, and each planted for the other with chance 1/N: P1 = P0 on both at x. p >=
2: pi = 1/p on {y}, y in P. At each x in P let P1(g, x) = pi(g)/N for all these g: {x} is planted for the others, which
pay 1/(p N) in all, evenly; they are planted for {x}, which pays (1 - 1/p)/N. So {y} pays (1 - 1/p)/N + 1/(p N) = 1/N
<= 1/p = pi. In both cases P1 = P0 on p/N = D(P) of the mass. QED. With P everywhere this is "chosen": 1/2.

All of this is ours but for what is cited. Checked below in exact arithmetic.
"""

from __future__ import annotations

import random
from collections.abc import Hashable
from fractions import Fraction
from itertools import pairwise, product

import sympy as sp

from .checks import Check, report
from .exact_play import singletons
from .exact_value import uniform
from .thresholds import thresholds
from .variants import (
    HALF,
    ONE,
    Kernel,
    Offer,
    Plan,
    Seen,
    Variant,
    is_plan,
    lower,
    mixed,
    noisy,
    settled,
    some,
    upper,
    value,
)

# thresholds at 1/5 under triggers at {0}, {0, 2}, {1, 2, 4} of 5 points
APART = [Fraction(9, 10), Fraction(9, 10), Fraction(29, 35)]


def mined(points: int, p: int) -> tuple[Variant, Plan]:
    """Singletons and the empty function at 2/N, triggers among the first p points, and the plan of the proof."""
    variant = Variant(singletons(points, 2)[0], "chosen", allowed=frozenset(range(p)))
    (offer,), N, one = variant.offers, points, 0
    plan: Plan = {}
    if p == 1:
        for f, g in ((0, 1), (1, 0)):
            plan[offer, (f, one, g)], plan[offer, (f, one, None)] = Fraction(1, 2 * N), HALF - Fraction(1, 2 * N)
        return variant, plan
    for x, y in product(range(p), repeat=2):
        if x != y:
            plan[offer, (x + 1, x, y + 1)] = Fraction(1, p * N)
            plan[offer, (y + 1, x, x + 1)] = Fraction(1, p * (p - 1) * N)
    for x in range(p):
        plan[offer, (x + 1, x, None)] = Fraction(1, p) - Fraction(1, N)
    return variant, plan


def checked(points: int, allowed: Offer) -> Seen:
    """Flags of the check: x' satisfies the predicate."""
    return {(0, (f, x)): ONE for f in range(points + 1) for x in allowed}


def coarser(rng: random.Random, kernel: Kernel) -> Kernel:
    """Symbols drawn from symbols."""
    seen = dict.fromkeys(s for law in kernel.values() for s in law)
    through: dict[Hashable, Seen] = {}
    for s in seen:
        p = Fraction(rng.randint(0, 3), 3)
        through[s] = {t: q for t, q in ((0, p), (1, 1 - p)) if q}
    return {cell: mixed((q, through[s]) for s, q in law.items()) for cell, law in kernel.items()}


def shown() -> list[Check]:
    """Reveals and observations."""
    rng, falls, wins, coarse = random.Random(8), [], [], []
    laws = list(product(("after", 2, "before", "chosen"), (False, True)))
    for game in some(37, 5):
        members = range(len(game.labels))
        numbers = [tuple(f % k for f in members) for k in (1, 2)] + [tuple(members)]
        for law, paired in laws:
            worth = [value(Variant(game, law, paired, traces)) for traces in numbers]
            falls.append(max(a - b for a, b in pairwise(worth)) < 1e-6)
            wins.append(settled(Variant(game, law, paired, numbers[-1])) == 1)
            fine = noisy(rng, game)
            fuller, less = (value(Variant(game, law, paired, None, k)) for k in (fine, coarser(rng, fine)))
            coarse.append(less <= fuller + 1e-6 and fuller <= value(Variant(game, law, paired)) + 1e-6)
    lines = [(thresholds(uniform(10), Fraction(k, 10)), 11) for k in (2, 1)] + [
        (thresholds(uniform(6), Fraction(1, 3)), 7), (singletons(8, 1)[0], 9), (singletons(8, 2)[0], 9)]
    parities = [settled(Variant(game, "after", traces=tuple(f % 2 for f in range(F)))) for game, F in lines]
    known = [Fraction(5, 6), ONE, Fraction(3, 4), Fraction(9, 10), Fraction(7, 8)]
    return [
        Check("a finer trace is never worth less, 40 variants", all(falls)),
        Check("all of f is worth 1 under every law, fresh and paired", all(wins)),
        Check("who sees a symbol drawn from another's is worth no more, 40 variants", all(coarse)),
        Check("numbers modulo 2: thresholds 5/6, 1, 3/4, singletons 9/10, 7/8", parities == known, f"{parities}"),
    ]


def predicates() -> list[Check]:
    """The check of x', and where it is all that there is."""
    met, guarded = [], []
    for points in range(2, 7):
        for p in range(1, points + 1):
            variant, plan = mined(points, p)
            mass = Fraction(p, points)
            met.append(is_plan(variant, plan) and upper(variant, plan) == 1 - mass / 2)
            guarded.append(lower(variant, checked(points, frozenset(range(p)))) == 1 - mass / 2)
    N, p = sp.symbols("N p", positive=True)
    pays = (1 - 1 / p) / N + (p - 1) * (1 / (p * N)) / (p - 1)
    line = thresholds(uniform(5), Fraction(1, 5))
    apart = [settled(Variant(line, "chosen", allowed=frozenset(S))) for S in ((0,), (0, 2), (1, 2, 4))]
    return [
        Check("singletons at 2/N, N = 2 .. 6, 1 <= p <= N: the plan is one, and holds all to 1 - D(P)/2", all(met)),
        Check("the check wins 1 - D(P)/2 at least", all(guarded)),
        Check("each {y} pays 1/N, for every N and p", sp.simplify(pays - 1 / N) == 0),
        Check("thresholds at 1/5, P = {0}: the check's 9/10; {0, 2}: 9/10 > 4/5; {1, 2, 4}: 29/35 > 7/10",
              apart == APART, ", ".join(map(str, apart))),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return shown() + predicates()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
