"""Who picks the trigger, from what and when: the order of the laws, and where a pair that is exchanged is a coin.

The game is that of variants.py, whose words are used.

*The order of the laws: stealing.*

    chosen <= before f <= after f,        chosen <= worst of q + 1 <= worst of q <= worst of 1 = after f,

because who attacks on the left can play what is played on the right, with the same P0 and P1: pick f without a look
at S; draw x ~ D, or q points, by one's own coins; leave the last draw out. So it is for a fresh and for a paired clean
input, whatever the defender sees of (f', x') and is told of f. (Coins that are revealed are something else: who draws
the trigger with its own coins then shows it.) Likewise satisfying P <= satisfying Q where P holds everywhere that Q
does. Paired, "before f" and "worst of q" have no order: checked below.

*Chosen = before f* for a fresh clean input and a deterministic K that shows x'. *Proof.* Let mu be an optimal plan of
"chosen", trimmed as in variants.py: P1 <= P0. What is planted at x is seen with x' = x, so it has mass m(x) = sum
over the s that show x of P1(s) <= sum of P0(s) = D(x). Before f, at the trigger x: with chance mu(f, x, f*)/D(x) play
(f, f*); else, with chance 1 - m(x)/D(x), forfeit with an f from the law in which pi(f) - sum over x and f* of mu(f,
x, f*) >= 0 is proportional, whatever x is. What is left of pi has mass 1 - sum m, as the forfeits have: the law of f
is pi again, and with a fresh clean input P0 depends on pi alone. P1 is that of mu. QED. Two things are used, and both
are needed. *f' alone* (x' is not shown): 00 and 10 under D = (1/4, 3/4), epsilon = 1/4: chosen exchanges them at the
first point, 1/2; before f the trigger is there in a quarter of the rounds, 7/8. *A random K* that shows x': f* cannot
be trimmed symbol by symbol. 01, 00, 10 under D = (3/4, 1/4), epsilon = 3/4, seen as x' and one bit: at the first
point whether f' is not 01; at the second a 1, but of 01 a coin. Then chosen is worth 35/64 and before f 36/64.

*Paired: exchange.* Let A be the set of the x with D(x) > 0 at which a legal pair differs.
  After f: x is independent of f, so that P0(f', x') = D(x') pi(f') either way: the default's value.
  Chosen: if A is not empty, let {f, g} be legal at x. Play (f, x, g) and (g, x, f) with 1/2 each. (f, x) and (g, x)
  are each seen with 1/2 in both branches: P0 = P1, whatever K is. Every defender wins with exactly 1/2, be it ever so
  strong; and sum min <= 1, so that nothing is worse: value 1/2. If A is empty nothing is ever planted: value 1.
  Before f: at x in A exchange a pair that is legal there, elsewhere forfeit: sum min = D(A). P1 never has more mass,
  since nothing is planted outside A. So value = 1 - D(A)/2.

*So Theorem B and the conjecture (dimension_one.py, frontier.py) are about triggers drawn after f.* Singletons have VC
dimension 1, and at epsilon = 2/N "chosen" and "before f" are worth 1/2.

All of this is ours. Checked below in exact arithmetic, on random games and on those named.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from .checks import Check, report
from .exact_play import singletons
from .exact_value import uniform
from .finite import Finite
from .thresholds import thresholds
from .variants import (
    HALF,
    ONE,
    ZERO,
    Kernel,
    Move,
    Plan,
    Variant,
    branches,
    is_plan,
    lower,
    noisy,
    settled,
    some,
    suggested,
    upper,
    value,
)

QUARTER = Finite(((0, 0), (1, 0)), (Fraction(1, 4), Fraction(3, 4)), Fraction(1, 4))

COIN = Finite(((0, 1), (0, 0), (1, 0)), (Fraction(3, 4), Fraction(1, 4)), Fraction(3, 4))
BITS: Kernel = {  # what COIN shows: x' and one bit
    (f, x): {(x, 0): HALF, (x, 1): HALF} if (f, x) == (0, 1) else {(x, int(f > 0 or x == 1)): ONE}
    for f in range(3) for x in range(2)
}


def able(game: Finite) -> list[int]:
    """A: points of positive mass at which a legal pair differs."""
    return [x for x, w in enumerate(game.weights) if w and any(game.partners[f, x] for f in range(len(game.labels)))]


def exchange(variant: Variant) -> Plan:
    """A pair in a fair order: at one point where the attacker picks it, at every point where it may."""
    def pair(x: int) -> Iterator[tuple[Move, Fraction]]:
        for f in variant.members:
            for g in variant.game.partners[f, x]:
                return iter([((f, x, g), HALF), ((g, x, f), HALF)])
        return iter([((0, x, None), ONE)])

    plan: Plan = {}
    for offer in variant.offers:
        x = next((x for x in able(variant.game) if x in offer), min(offer))
        plan |= {(offer, move): r for move, r in pair(x)}
    return plan


def postponed(variant: Variant, plan: Plan) -> tuple[Variant, Plan]:
    """The plan of "before f" in the proof, from one of "chosen" with a deterministic observation that shows x'."""
    P0, P1 = branches(variant, plan)
    later = replace(variant, law="before")
    mu: dict[Move, Fraction] = {}
    left = dict.fromkeys(variant.members, ZERO)
    for (_, move), r in plan.items():
        f = move[0]
        left[f] += r
        if move[2] is not None and r:
            (s,) = variant.planted(move)
            mu[move] = r * min(ONE, P0.get(s, ZERO) / P1[s])
            left[f] -= mu[move]
    rest, found = sum(left.values()), {}
    for offer in later.offers:
        (x,) = offer
        w = variant.game.weights[x]
        here = {move: r / w for move, r in mu.items() if move[1] == x}
        gone = 1 - sum(here.values())
        forfeits = {(f, x, None): gone * part / rest for f, part in left.items()} if rest else {}
        found |= {(offer, move): r for move, r in {**here, **forfeits}.items()}
    return later, found


def labels_of(game: Finite) -> Kernel:
    """(x', f'(x')) in place of (x', f')."""
    return {(f, x): {(x, game.labels[f][x]): ONE} for f, x in game.cells}


def stealing() -> list[Check]:
    """The order on random games, and that one pair of laws has none."""
    orders = (("chosen", "before"), ("before", "after"), ("chosen", 3), (3, 2), (2, "after"))
    rising, unsettled, number = 0, 0, 0
    rng = random.Random(6)
    for game in some(32, 12):
        kernel = noisy(rng, game) if rng.randint(0, 1) else None
        for paired in (False, True):
            laws = ("after", 2, 3, "before", "chosen")
            worth = {law: value(Variant(game, law, paired, None, kernel)) for law in laws}
            rising += sum(worth[low] > worth[high] + 1e-6 for low, high in orders)
            number += len(orders)
            unsettled += settled(Variant(game, "chosen", paired)) is None
    line = thresholds(uniform(4), Fraction(1, 4))
    sizes = [settled(Variant(QUARTER, law, True)) for law in (2, "before")]
    other = [settled(Variant(line, law, True)) for law in ("before", 2)]
    few = [value(Variant(line, "chosen", allowed=frozenset(range(p)))) for p in (1, 2, 3, 4)]
    return [
        Check("chosen <= before f <= after f, chosen <= worst of 3 <= of 2 <= after f, fresh and paired", rising == 0,
              f"{number} pairs"),
        Check("chosen is settled in fractions in at least 21 of these 24", unsettled <= 3, f"{24 - unsettled}"),
        Check("worst of one draw is after f",
              all(settled(Variant(g, 1)) == settled(Variant(g, "after")) for g in some(33, 10))),
        Check("paired, worst of 2 is less than before f in one game, 25/32 < 7/8, and more in another, 130/193 > 1/2",
              sizes == [Fraction(25, 32), Fraction(7, 8)] and other == [HALF, Fraction(130, 193)]),
        Check("a predicate that holds on fewer points is never worth less", few == sorted(few, reverse=True)),
    ]


def timing() -> list[Check]:
    """Chosen and before f, and what breaks their equality."""
    alone = {(f, x): {f: ONE} for f, x in QUARTER.cells}
    same, moved = [], []
    for game in some(34, 15):
        for kernel in (None, labels_of(game)):
            early = Variant(game, "chosen", kernel=kernel)
            plan = suggested(early)[0]
            later, found = postponed(early, plan)
            moved.append(is_plan(later, found) and upper(later, found) == upper(early, plan))
            same.append(abs(value(early) - value(later)) < 1e-6)
    return [
        Check("the plan of the proof is one of before f, and as good: 30 variants, in fractions", all(moved)),
        Check("chosen = before f for who sees (x', f') or (x', f'(x'))", all(same)),
        Check("f' alone: chosen 1/2, before f 7/8",
              [settled(Variant(QUARTER, law, kernel=alone)) for law in ("chosen", "before")] == [HALF, Fraction(7, 8)]),
        Check("a random kernel that shows x': chosen 35/64, before f 36/64",
              [settled(Variant(COIN, law, kernel=BITS)) for law in ("chosen", "before")]
              == [Fraction(35, 64), Fraction(36, 64)]),
    ]


def pairs() -> list[Check]:
    """What exchange does where f is shown at the trigger."""
    rng, one_law, coins, halves, falls = random.Random(7), [], [], [], []
    for game in [*some(35, 25), QUARTER]:
        A, whole = able(game), sum((game.weights[x] for x in able(game)), ZERO)
        for kernel in (None, noisy(rng, game)):
            chosen, before = (Variant(game, law, True, None, kernel) for law in ("chosen", "before"))
            P0, P1 = branches(chosen, exchange(chosen))
            one_law.append((P0 == P1) == bool(A))
            coins.append(upper(chosen, exchange(chosen)) == (HALF if A else 1))
            halves.append(upper(before, exchange(before)) == 1 - whole / 2)
        plan, flags = suggested(Variant(game, "before", True))
        falls.append(lower(Variant(game, "before", True), flags) == 1 - whole / 2)
    same = [abs(value(Variant(g, "after", True)) - value(Variant(g, "after"))) < 1e-6 for g in some(36, 20)]
    nothing = Finite(QUARTER.labels, QUARTER.weights, Fraction(1, 8))
    return [
        Check("chosen: both branches of an exchanged pair have one law, whatever is seen; 1/2", all(one_law + coins)),
        Check("before f: exchange holds every defender to 1 - D(A)/2", all(halves)),
        Check("and flags win that: 26 games, one with D(A) = 1/4", all(falls)),
        Check("after f: paired and fresh are worth the same", all(same)),
        Check("no legal pair: 1", settled(Variant(nothing, "chosen", True)) == 1),
    ]


def values() -> list[Check]:
    """Fractions of small games under every law."""
    known = {
        (2, False): Fraction(427, 548), (3, False): Fraction(9451, 12260), ("before", False): Fraction(19, 25),
        ("chosen", False): Fraction(19, 25), ("after", True): Fraction(4, 5), (2, True): Fraction(130, 193),
    }
    line = thresholds(uniform(4), Fraction(1, 4))
    found = {key: settled(Variant(line, *key)) for key in known}
    eight = [settled(Variant(singletons(8, k)[0], "chosen")) for k in (1, 2)]
    return [
        Check("thresholds on 4 points at 1/4: 4/5 after f, then 427/548, 9451/12260, 19/25", found == known),
        Check("singletons on 8 points, VC dimension 1: chosen 23/32 at 1/8, 1/2 at 2/8",
              eight == [Fraction(23, 32), HALF], f"{eight}"),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return stealing() + timing() + pairs() + values()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
