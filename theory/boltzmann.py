"""Boltzmann resampling: it needs no learner, and pays for that with ln|F| in place of the VC dimension.

The defender knows D. Shown f' it draws g from the class with probability proportional to exp(-beta dist(g, f')),
and flags iff g(x') != f'(x'). Let L = ln|F|, Z(beta) = sum over g of exp(-beta dist(g, f)) and E_beta the
mean under this law.

*False alarms.* Given f they have probability E_beta dist. Now -(ln Z)' = E_beta dist, and (ln Z)'' is a
variance, so that E_beta dist falls as beta grows and beta E_beta dist is at most its integral from 0 to
beta, ln Z(0) - ln Z(beta). Z(0) = |F|, and Z(beta) >= 1 by the term g = f: the rate is at most L/beta.

*Misses.* For a legal f* no weight exp(-beta dist(g, f)) changes by more than a factor e^{beta epsilon} when
f* takes the place of f (triangle inequality), nor does Z; a probability changes by e^{2 beta epsilon} at
most. Missed means g(x*) = f*(x*) != f(x*). Under the law around f the draw differs from f at x* with
average probability at most L/beta; under the law around f* it does so at most e^{2 beta epsilon} times as
often, for each x* and every f*.

Half the sum is the loss, L (1 + e^v) epsilon / v with v = 2 beta epsilon. It is least where (v - 1) e^v =
1, which is v = 1 + W(1/e) with Lambert's W; there 1 + e^v = v/(v - 1), and the loss is epsilon L / (v - 1)
= 3.5911 epsilon L.
"""

from __future__ import annotations

import math

import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

L, epsilon, beta, v = sp.symbols("L epsilon beta v", positive=True)
WIN = 1 - L * (1 + sp.exp(2 * beta * epsilon)) / (2 * beta)
BEST = 1 + sp.LambertW(sp.exp(-1))  # 2 beta epsilon


def free_energy() -> list[Check]:
    """The derivatives of ln Z, with the distances of a class of four as symbols."""
    distances = sp.symbols("a b c", positive=True)
    all_distances = (sp.Integer(0), *distances)
    weights = [sp.exp(-beta * distance) for distance in all_distances]
    Z = sum(weights)
    mean = sum(w * distance for w, distance in zip(weights, all_distances, strict=True)) / Z
    pairs = sum(weights[i] * weights[j] * (all_distances[i] - all_distances[j]) ** 2
                for i in range(4) for j in range(i))
    return [
        Check("-(ln Z)' is the mean distance", sp.simplify(sp.diff(sp.log(Z), beta) + mean) == 0),
        Check("(ln Z)'' is the variance, a sum of squares over pairs: the mean falls",
              sp.simplify(sp.diff(sp.log(Z), beta, 2) - pairs / Z**2) == 0),
        Check("ln Z(0) = ln|F|", sp.simplify(sp.log(Z).subs(beta, 0) - sp.log(4)) == 0),
        Check("Z is at least 1: its first term is 1 and the others are positive",
              weights[0] == 1 and all(w.is_positive for w in weights)),
    ]


def optimum() -> list[Check]:
    """The best inverse temperature, its constant and what the library prints."""
    spread = (1 + sp.exp(v)) / v
    slope = sp.simplify(sp.diff(spread, v) * v**2)
    loss = sp.simplify((1 - WIN.subs(beta, v / (2 * epsilon))) / (epsilon * L))
    grid = [v_ / 1000 for v_ in range(1, 5000)]
    return [
        Check("with v = 2 beta epsilon the loss is epsilon L (1 + e^v)/v", sp.simplify(loss - spread) == 0),
        Check("it is stationary iff (v - 1) e^v = 1", sp.simplify(slope - ((v - 1) * sp.exp(v) - 1)) == 0),
        Check("v = 1 + W(1/e) solves that: W e^W = 1/e", abs(((BEST - 1) * sp.exp(BEST) - 1).evalf(60)) < 1e-50),
        Check("the only solution: (v - 1) e^v grows", sp.diff((v - 1) * sp.exp(v), v).simplify().is_positive is True),
        agree("the constant is 3.5911", float(spread.subs(v, BEST)), 3.5911, 5e-5),
        agree("it is 1/(v - 1) as well", float(1 / (BEST - 1)), float(spread.subs(v, BEST)), 1e-12),
        agree("beta is .639/epsilon", float(BEST / 2), 0.639, 5e-4),
        agree("no v on a grid does better", min((1 + math.exp(u)) / u for u in grid),
              float(spread.subs(v, BEST)), 1e-6),
        agree("the library's constant", bounds.boltzmann.BOLTZMANN, float(BEST), 1e-15),
        agree("the library's bound at its beta, L = 2, epsilon = 1/32",
              bounds.boltzmann_bound(2, 1 / 32, bounds.boltzmann_beta(1 / 32)), 1 - 3.59112 / 16, 1e-5),
    ]


def checks() -> list[Check]:
    """All of the above, and Sauer and Shelah's count behind its logarithm."""
    tight = [Check("ln sum C(n, i) <= d ln(e n/d) for all 1 <= d <= n <= 60", all(
        math.log(bounds.sauer_shelah(n, d)) <= bounds.sauer_shelah_log(n, d) + 1e-12
        for n in range(1, 61) for d in range(n + 1)))]
    return free_energy() + optimum() + tight


if __name__ == "__main__":
    raise SystemExit(report(checks()))
