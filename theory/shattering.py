"""Shattering: nobody wins above 1/2 from epsilon = 1/d on, nor above 1 - (d - 1) epsilon / 2 before that.

Let the class shatter d >= 2 points, and let D live on them. The attacker draws f by labelling the points
with fair coins, and f* flips the label of x* alone, so that dist(f, f*) = D(x*).

*Two laws.* For a fixed trigger the flip is a bijection of the labelings; so f* is again a uniform
labelling, and independent of x*. The pairs (f, x) and (f*, x*) hence have the same law wherever the flip is
legal, and the defender, who sees one pair, gains nothing over a coin on that part. Formally: with P0 and P1
the two laws, the best reply wins with probability 1 - 1/2 sum min(P0, P1), a forfeit being a symbol that
only P1 shows.

*From 1/d on.* With D uniform every flip is legal: P0 = P1 and the sum is 1.

*Below 1/d.* Put mass epsilon on d - 1 points and the rest, more than epsilon, on the last. A trigger on the
last point is forfeited; the others weigh (d - 1) epsilon together, and this is the sum. At epsilon = 1/d
the curve falls from 1/2 + 1/(2d) to 1/2.

*No law D does worse when all functions on d points are allowed.* Below 1/d some point is heavier than
epsilon, and no function that differs there is legal. So at most d - 1 points, of mass at most epsilon each,
can be attacked, and the defender who tosses a fair coin on them and answers "clean" elsewhere loses at most
half of that mass.

*Other laws.* All of this is for a trigger drawn after f and a fresh clean input. Where the attacker picks the
trigger and f is shown there, a single legal pair makes it 1/2 (trigger_laws.py).
"""

from __future__ import annotations

from itertools import product

import sympy as sp

from backdoor_game.bounds import shattering_bound

from .checks import Check, report

d, epsilon = sp.symbols("d epsilon", positive=True)
WIN = 1 - (d - 1) * epsilon / 2  # epsilon < 1/d; 1/2 from there on


def best_reply(masses: list[sp.Expr], legal: list[bool]) -> sp.Expr:
    """1 - 1/2 sum min(P0, P1) for the flipping attacker, by listing every labelling; masses may be symbols."""
    labelings = list(product((0, 1), repeat=len(masses)))
    share = sp.Rational(1, len(labelings))
    seen0, seen1 = {}, {}
    for f, x in product(labelings, range(len(masses))):
        seen0[f, x] = masses[x] * share
        if legal[x]:
            f_star = tuple(1 - y if i == x else y for i, y in enumerate(f))
            seen1[f_star, x] = seen1.get((f_star, x), 0) + masses[x] * share
    overlap = 0
    for pair, weight in seen1.items():
        assert sp.expand(weight - seen0[pair]) == 0, "where the flip is legal, both laws agree: their minimum is either"
        overlap += weight
    return sp.expand(1 - sp.Rational(1, 2) * overlap)


def checks() -> list[Check]:
    """The two laws for d = 2 .. 6, the jump, and the library's numbers."""
    found = []
    for size in range(2, 7):
        masses = [epsilon] * (size - 1) + [1 - (size - 1) * epsilon]
        below = best_reply(masses, [True] * (size - 1) + [False])
        found.append(Check(f"d = {size}: below 1/d the best reply wins {below}",
                           sp.expand(below - WIN.subs(d, size)) == 0))
        uniform = best_reply([sp.Rational(1, size)] * size, [True] * size)
        found.append(Check(f"d = {size}: from 1/d on it wins {uniform}", uniform == sp.Rational(1, 2)))
    jump = sp.simplify(WIN.subs(epsilon, 1 / d) - sp.Rational(1, 2))
    found.append(Check(f"the curve jumps by {jump} at 1/d", sp.simplify(jump - 1 / (2 * d)) == 0))
    excess = sp.factor((1 - (d - 1) * epsilon - epsilon).subs(epsilon, (1 - sp.Symbol("s")) / d))
    found.append(Check("below 1/d, at epsilon = (1 - s)/d, the last point is heavier than epsilon by s",
                       excess == sp.Symbol("s")))
    worst = max(abs(shattering_bound(n, k / 97 / n) - float(WIN.subs({d: n, epsilon: sp.Rational(k, 97 * n)})))
                for n in range(2, 9) for k in range(0, 97, 8))
    found.append(Check("the library prints this curve", worst < 1e-12, f"largest difference {worst:.1e}"))
    return found


if __name__ == "__main__":
    raise SystemExit(report(checks()))
