"""One linear program for every variant of the game: who picks the trigger, what is shown, and its two guarantees.

*The tree.* Nature offers a set S of points with chance q(S); the attacker picks f knowing S or not, then a trigger x
in S with a legal f*, or forfeits there. *After f*: single points with chance D(x), f does not know it (the game of
duality.py). *Before f*: the same, f knows it. *Chosen*: one set, all points of positive mass; *satisfying P*: those on
which P holds. *Worst of q*: the set of q draws, f does not know it. A plan r(S, f, x, f*) >= 0 is Pr[f, x, f* | S], a
forfeit being an f* of its own. Where f comes first, sum over x and f* of r(S, f, x, f*) is pi(f), the same for every
S; where S comes first, the sum over f, x and f* is 1 for every S: linear constraints, and every such r is played by
somebody [KMvS96], who picks step by step with the conditional probabilities.

*What is seen.* In the clean branch (f', x') = (f, z), z ~ D *fresh*, or (f, x) itself: *paired*. In the other (f*, x);
what is forfeited shows nothing. The defender sees a symbol s with chance K(s | f', x'), and t(f) in both branches, a
trace of the original. So P0(s) and P1(s) are linear in r.

*The program and its dual.* Flags a(s) in [0, 1] lose 1/2 sum_s [P0(s) a(s) + P1(s) (1 - a(s))], which is bilinear in r
and a; both range over polytopes, so by [vN28] the order of max and min is free:

    value = 1 - 1/2 max over r of sum_s min(P0(s), P1(s)) = 1 - 1/2 min over a of max over r of the same sum.

The left side is a linear program: maximise sum z, z <= P0, z <= P1. z is free, so the multipliers of its two
constraints sum to 1: a(s) and 1 - a(s), an optimal defender. Where K is deterministic P1 <= P0 will do in place of z.
For let a move whose f* is seen as s be played a share min(1, P0(s)/P1(s)) of the time and be forfeited, at its own
trigger, in the rest: P0 stays, P1 becomes min(P0, P1). (Paired forfeits must name their trigger for that.) Two
guarantees need no program: upper(r) = 1 - 1/2 sum min(P0, P1), and lower(a), the best moves against a, step by step.

All of this is ours but for what is cited. Checked below by upper = lower in exact arithmetic: a program in floating
point suggests plans and flags, fractions decide; and where these do not meet, nothing is claimed.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import sympy as sp

from .checks import Check, report
from .finite import Finite, random_games

Offer = frozenset[int]
Move = tuple[int, int, int | None]  # f, x and f*, None for a forfeit
Plan = dict[tuple[Offer, Move], Fraction]  # r(S, f, x, f*)
Seen = dict[Hashable, Fraction]  # a law over symbols, or flags of them
Kernel = dict[tuple[int, int], Seen]  # (f', x') -> K(s | f', x')
ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


@dataclass(frozen=True, eq=False)
class Variant:
    """A finite game with a law ("after", "before", "chosen" or a number of draws), a clean input, and what is seen.

    `traces` has t(f) of each f, `kernel` what is seen in place of (f', x'), `allowed` where a predicate holds.
    """

    game: Finite
    law: str | int = "after"
    paired: bool = False
    traces: tuple[int, ...] | None = None
    kernel: Kernel | None = None
    allowed: Offer | None = None

    @property
    def members(self) -> range:
        """Numbers of the functions."""
        return range(len(self.game.labels))

    @cached_property
    def offers(self) -> dict[Offer, Fraction]:
        """q(S), draw by draw."""
        able = [x for x, w in enumerate(self.game.weights) if w]
        if self.law == "chosen":
            return {frozenset(able if self.allowed is None else self.allowed): ONE}
        found: dict[Offer, Fraction] = {}
        for drawn in product(able, repeat=self.law if isinstance(self.law, int) else 1):
            chance = prod((self.game.weights[x] for x in drawn), start=ONE)
            found[frozenset(drawn)] = found.get(frozenset(drawn), ZERO) + chance
        return found

    def moves(self, offer: Offer) -> list[Move]:
        """Every (f, x, f*) in an offer."""
        return [(f, x, g) for f in self.members for x in sorted(offer) for g in (None, *self.game.partners[f, x])]

    def seen(self, f: int, x: int, original: int) -> Seen:
        """Symbols that (f, x) shows, beside the trace of the original."""
        law: Seen = {(f, x): ONE} if self.kernel is None else self.kernel[f, x]
        trace = 0 if self.traces is None else self.traces[original]
        return {(trace, s): chance for s, chance in law.items()}

    def clean(self, f: int, x: int) -> Seen:
        """What the clean branch shows of f, whose trigger is x: of a fresh input, or of x."""
        if self.paired:
            return self.seen(f, x, f)
        return mixed((w, self.seen(f, z, f)) for z, w in enumerate(self.game.weights) if w)

    def planted(self, move: Move) -> Seen:
        """What the other branch shows."""
        f, x, g = move
        return {} if g is None else self.seen(g, x, f)


def mixed(parts: Iterable[tuple[Fraction, Seen]]) -> Seen:
    """A law of which law."""
    total: Seen = {}
    for weight, law in parts:
        for s, chance in law.items():
            total[s] = total.get(s, ZERO) + weight * chance
    return total


def branches(variant: Variant, plan: Plan) -> tuple[Seen, Seen]:
    """P0 and P1."""
    played = [(variant.offers[offer] * r, move) for (offer, move), r in plan.items() if r]
    return (
        mixed((w, variant.clean(move[0], move[1])) for w, move in played),
        mixed((w, variant.planted(move)) for w, move in played),
    )


def is_plan(variant: Variant, plan: Plan) -> bool:
    """Whether somebody plays it: legal, nonnegative, and an f that knows no more than it may."""
    if any(r < 0 or move not in variant.moves(offer) for (offer, move), r in plan.items()):
        return False
    shares = {o: [sum((r for (p, m), r in plan.items() if p == o and m[0] == f), ZERO) for f in variant.members]
              for o in variant.offers}
    first = next(iter(shares.values()))
    return all(sum(one) == 1 and (variant.law == "before" or one == first) for one in shares.values())


def upper(variant: Variant, plan: Plan) -> Fraction:
    """1 - 1/2 sum min(P0, P1): no defender wins more against this attacker."""
    P0, P1 = branches(variant, plan)
    return 1 - sum((min(p, P0.get(s, ZERO)) for s, p in P1.items()), ZERO) / 2


def lower(variant: Variant, flags: Seen) -> Fraction:
    """What these flags win against every attacker: the best moves against them, step by step."""
    def alarm(law: Seen) -> Fraction:
        return sum((chance * flags.get(s, ZERO) for s, chance in law.items()), ZERO)

    def lost(move: Move) -> Fraction:
        caught = 1 if move[2] is None else alarm(variant.planted(move))
        return alarm(variant.clean(move[0], move[1])) + 1 - caught

    best = {o: [max(lost(m) for m in variant.moves(o) if m[0] == f) for f in variant.members] for o in variant.offers}
    if variant.law == "before":
        return 1 - sum((q * max(best[o]) for o, q in variant.offers.items()), ZERO) / 2
    return 1 - max(sum((q * best[o][f] for o, q in variant.offers.items()), ZERO) for f in variant.members) / 2


def suggested(variant: Variant, denominator: int = 5000) -> tuple[Plan, Seen]:
    """A plan and flags that the program suggests in floating point, rounded to fractions that obey the constraints."""
    import numpy as np
    from scipy.optimize import linprog

    members = len(variant.members)
    names = [(offer, move) for offer in variant.offers for move in variant.moves(offer)]
    columns = {name: members + j for j, name in enumerate(names)}
    clean = {f: {x: variant.clean(f, x) for x in range(len(variant.game.weights))} for f in variant.members}
    symbols = {s: i for i, s in enumerate(dict.fromkeys(s for _, move in names for s in variant.planted(move)))}
    width = members + len(names) + len(symbols)
    A = np.zeros((2 * len(symbols), width))
    for (offer, move), j in columns.items():
        for rows, law in ((0, clean[move[0]][move[1]]), (len(symbols), variant.planted(move))):
            for s, chance in law.items():
                if s in symbols:
                    A[rows + symbols[s], j] -= float(variant.offers[offer] * chance)
    for i in range(len(symbols)):
        A[[i, len(symbols) + i], members + len(names) + i] = 1.0
    E, right = _constraints(variant, columns, width)
    cost = np.concatenate([np.zeros(members + len(names)), -np.ones(len(symbols))])
    found = linprog(cost, A_ub=A, b_ub=np.zeros(len(A)), A_eq=E, b_eq=right, method="highs-ds")
    assert found.status == 0, found.message
    plan = _rounded(variant, {name: float(found.x[j]) for name, j in columns.items()}, denominator)
    duals = -found.ineqlin.marginals[: len(symbols)]
    flags = {s: min(ONE, max(ZERO, Fraction(float(duals[i])).limit_denominator(denominator)))
             for s, i in symbols.items()}
    return plan, flags


def _constraints(variant: Variant, columns: dict[tuple[Offer, Move], int], width: int) -> tuple[Any, list[float]]:
    """sum of r(S, f, ..) = pi(f) for each S, and sum pi = 1; where S comes first, sum of r(S, ..) = 1."""
    import numpy as np

    before, offers = variant.law == "before", list(variant.offers)
    E = np.zeros((len(offers) * (1 if before else len(variant.members)) + (not before), width))
    for (offer, move), j in columns.items():
        row = offers.index(offer)
        E[row if before else row * len(variant.members) + move[0], j] = 1.0
    if before:
        return E, [1.0] * len(E)
    for i in range(len(offers)):
        for f in variant.members:
            E[i * len(variant.members) + f, f] = -1.0
    E[-1, : len(variant.members)] = 1.0
    return E, [0.0] * (len(E) - 1) + [1.0]


def _rounded(variant: Variant, found: dict[tuple[Offer, Move], float], denominator: int) -> Plan:
    """Conditional probabilities as fractions: what they make is a plan, however they were rounded."""
    def law(weights: list[float]) -> list[Fraction]:
        parts = [Fraction(max(0.0, w)).limit_denominator(denominator) for w in weights]
        parts = parts if sum(parts) else [ONE, *[ZERO] * (len(parts) - 1)]
        return [part / sum(parts) for part in parts]

    plan: Plan = {}
    first = next(iter(variant.offers))
    total = [sum(r for (o, m), r in found.items() if o == first and m[0] == f) for f in variant.members]
    pi = law(total)
    for offer in variant.offers:
        groups = [variant.moves(offer)] if variant.law == "before" else [
            [m for m in variant.moves(offer) if m[0] == f] for f in variant.members]
        for f, moves in enumerate(groups):
            scale = sum(found[offer, move] for move in moves) or 1.0
            shares = law([found[offer, move] / scale for move in moves])
            weight = ONE if variant.law == "before" else pi[f]
            plan |= {(offer, move): weight * share for move, share in zip(moves, shares, strict=True)}
    return plan


def settled(variant: Variant) -> Fraction | None:
    """The value, where a plan and flags say the same exactly; else None."""
    plan, flags = suggested(variant)
    top = upper(variant, plan)
    return top if is_plan(variant, plan) and top == lower(variant, flags) else None


def value(variant: Variant) -> float:
    """The value between guarantees in exact arithmetic that are no more than 1e-6 apart."""
    plan, flags = suggested(variant, 10**9)
    low, high = lower(variant, flags), upper(variant, plan)
    assert is_plan(variant, plan)
    assert 0 <= high - low < Fraction(1, 10**6), (low, high)
    return float(low + high) / 2


def some(seed: int, count: int) -> list[Finite]:
    """Random games of 4 functions on 3 points."""
    return list(random_games(seed, count, members=4, points=3))


def noisy(rng: random.Random, game: Finite) -> Kernel:
    """A random kernel of three symbols."""
    def law() -> Seen:
        parts = [rng.randint(0, 2) for _ in range(3)]
        parts[rng.randrange(3)] += 1
        return {i: Fraction(part, sum(parts)) for i, part in enumerate(parts) if part}
    return {cell: law() for cell in game.cells}


def checks() -> list[Check]:
    """The algebra of min, and both guarantees of the same program on random games, everything combined."""
    a, b, c, d, t = sp.symbols("a b c d t", positive=True)
    low = (sp.Abs(a - b) + sp.Abs(c - d) - sp.Abs(a + c - b - d)) / 2
    cell = (sp.Min(a + c, b + d) - sp.Min(a, b) - sp.Min(c, d)).rewrite(sp.Abs)
    flag = sp.Symbol("flag", real=True)
    rng, gaps = random.Random(5), []
    for game in some(31, 10):
        for law, paired in product(("after", 2, "before", "chosen"), (False, True)):
            traces = tuple(rng.randint(0, 1) for _ in game.labels)
            variant = Variant(game, law, paired, traces, noisy(rng, game) if rng.randint(0, 1) else None)
            plan, flags = suggested(variant, 10**9)
            gaps.append(upper(variant, plan) - lower(variant, flags) if is_plan(variant, plan) else ONE)
    return [
        Check("min(a + c, b + d) - min(a, b) - min(c, d) is (|a - b| + |c - d| - |a + c - b - d|)/2 >= 0",
              sp.simplify(cell - low) == 0),
        Check("min is homogeneous", sp.simplify((sp.Min(t * a, t * b) - t * sp.Min(a, b)).rewrite(sp.Abs)) == 0),
        Check("the loss of a symbol is b + flag (a - b), least min(a, b)",
              sp.expand(a * flag + b * (1 - flag) - b - flag * (a - b)) == 0),
        Check("lower <= upper, no more than 1e-6 apart: 80 variants with traces and random kernels",
              all(0 <= gap < Fraction(1, 10**6) for gap in gaps), f"{float(max(gaps)):.1e}"),
    ]


if __name__ == "__main__":
    raise SystemExit(report(checks()))
