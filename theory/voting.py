"""Voting: many members on fresh examples lose only O(d epsilon), the best order there is.

T members are trained on m examples each, and the input is flagged iff a share theta of them or more
disagrees with the function that is shown, f', at x'. Let v be that share, e(x) = Pr[h_S(x) != f(x)] for a
sample S of f, and q = (1 - epsilon)^m; the average of e(x) over D is at most E = d/(m + 1) by the learner's
guarantee [HLW94].

*False alarms.* The expectation of v, x being drawn too, is at most E; by Markov's inequality v >= theta has
probability at most E/theta, for every T.

*Misses.* The attacker fixes f* before the samples of f* are drawn, so given (f*, x*) the votes are
independent, and each dissents with probability at least q - e(x*): with probability q or more the sample
avoids the difference of f and f*, is one that f would have labelled alike, and then the member is right
about f, so wrong about f*, unless it errs. Choose a margin 0 < g < q - theta. Either e(x*) > q - theta - g,
which by Markov's inequality has probability at most E/(q - theta - g), since x* is drawn from D and e knows
nothing of f*; or the vote's mean is at least theta + g, and by Hoeffding's inequality the share falls below
theta with probability at most exp(-2 T g^2). The union of both:

    win >= 1 - 1/2 [ E/theta + E/(q - theta - g) + exp(-2 T g^2) ].

*Many members.* As T grows g may shrink to 0. Then theta = q/2 is best, as 1/theta + 1/(q - theta) is convex
and symmetric about it: each rate is 2E/q and so is the loss. To maximise (m + 1)(1 - epsilon)^m compare n =
m + 1 with n + 1: the ratio (1 + 1/n)(1 - epsilon) is at least 1 iff n + 1 <= 1/epsilon. So n =
floor(1/epsilon) is best, and since epsilon > 1/(n + 1) the loss is at most 2 d epsilon (1 + 1/n)^n < 2e d
epsilon. A plain majority (theta = 1/2) loses E + E/(2 (q - 1/2)), that is 9.79 d epsilon at best, near m =
0.375/epsilon.

*How many members.* A margin of q/4, half of the room between theta and q, fails with probability 1/100 once
T = ln(100) / (2 (q/4)^2).
"""

from __future__ import annotations

import math
from fractions import Fraction

import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

d, epsilon, m, n, T, theta, g, q = sp.symbols("d epsilon m n T theta g q", positive=True)
Q = (1 - epsilon) ** m
WIN = 1 - (d / ((m + 1) * theta) + d / ((m + 1) * (Q - theta - g)) + sp.exp(-2 * T * g**2)) / 2
MANY = WIN.subs(sp.exp(-2 * T * g**2), 0).subs(g, 0)
HALF_Q = 1 - 2 * d / ((m + 1) * Q)
MAJORITY = 1 - d / (m + 1) - d / (2 * (m + 1) * (Q - sp.Rational(1, 2)))
MEMBERS = sp.log(100) / (2 * (Q / 4) ** 2)
s = sp.Symbol("s", positive=True)  # m epsilon, held fixed while epsilon vanishes
MAJORITY_LIMIT = 1 / s + 1 / (2 * s * (sp.exp(-s) - sp.Rational(1, 2)))  # its loss / (d epsilon)


def tail_below(members: int, p: Fraction, votes: int) -> Fraction:
    """The exact chance that fewer than `votes` of the members dissent, each with probability p."""
    return sum((math.comb(members, k) * p**k * (1 - p) ** (members - k) for k in range(votes)), Fraction(0))


def many_members() -> list[Check]:
    """The optimal threshold and number of examples, and the constant 2e."""
    spread = 1 / theta + 1 / (q - theta)
    ratio = sp.simplify((n + 1) * (1 - epsilon) ** n / (n * (1 - epsilon) ** (n - 1)))
    exact = all(max(range(1, 3 * k), key=lambda i: i * (1 - e) ** (i - 1)) in (k, k - 1 if e * k == 1 else k)
                for e in (Fraction(2, j) for j in range(2, 60)) for k in [math.floor(1 / e)])
    limit = sp.limit((2 * d / ((m + 1) * Q) / (d * epsilon)).subs(m, 1 / epsilon - 1), epsilon, 0)
    return [
        Check("theta = q/2 is stationary in 1/theta + 1/(q - theta)",
              sp.simplify(sp.diff(spread, theta).subs(theta, q / 2)) == 0),
        Check("and a minimum: both terms are convex",
              sp.simplify(sp.diff(spread, theta, 2) - 2 / theta**3 - 2 / (q - theta) ** 3) == 0),
        Check("there the bound is 1 - 2d/((m + 1) q)", sp.simplify(MANY.subs(theta, Q / 2) - HALF_Q) == 0),
        Check("one example more pays iff n + 1 <= 1/epsilon, n = m + 1",
              sp.simplify(ratio - (1 + 1 / n) * (1 - epsilon)) == 0
              and sp.simplify(sp.solve(sp.Eq((1 + 1 / n) * (1 - epsilon), 1), n)[0] + 1 - 1 / epsilon) == 0),
        Check("so floor(1/epsilon) is best, in exact arithmetic for epsilon = 2/2 .. 2/59", exact),
        Check("the library takes that m", all(bounds.voting_examples(2 / j) == j // 2 - 1 for j in range(2, 400))),
        Check("the loss tends to 2e d epsilon", sp.simplify(limit - 2 * sp.E) == 0),
        Check("and never exceeds it", all(1 - bounds.half_q_bound(1, e, bounds.voting_examples(e)) <= 2 * math.e * e
                                          for e in (1 / k for k in (11.1, 16, 40.7, 99.99, 1000, 12345.6)))),
    ]


def majority() -> list[Check]:
    """The plain majority's constant 9.79 and where it comes from."""
    k = sp.Symbol("k", positive=True)
    shrinking = ((1 - MAJORITY) / (d * epsilon)).subs(m, k / epsilon).subs(epsilon, sp.Rational(1, 10**9))
    best = sp.nsolve(sp.diff(MAJORITY_LIMIT, s), s, 0.4)
    return [
        agree("majority: the loss tends to this function of s = m epsilon (at s = 0.3)",
              float(shrinking.subs(k, 0.3)), float(MAJORITY_LIMIT.subs(s, 0.3)), 1e-6),
        agree("it is stationary at m epsilon = 0.375", float(best), 0.375, 5e-4),
        Check("and convex there", sp.diff(MAJORITY_LIMIT, s, 2).subs(s, best) > 0),
        agree("its loss is 9.79 d epsilon", float(MAJORITY_LIMIT.subs(s, best)), 9.79, 5e-3),
        agree("it says nothing from d epsilon = 0.051 on", 1 / float(2 * MAJORITY_LIMIT.subs(s, best)), 0.051, 5e-4),
        agree("theta = q/2 says nothing from d epsilon = 1/(4e) = 0.092 on", 1 / (4 * math.e), 0.092, 5e-4),
    ]


def finite_members() -> list[Check]:
    """Hoeffding's inequality on exact binomials, the number of members, the best finite-T losses."""
    found = [
        Check("Hoeffding, against exact binomial tails", all(
            tail_below(t, p, bounds.votes_needed(t, float(p - margin))) <= math.exp(-2 * t * margin**2)
            for t in (1, 2, 5, 31, 63) for p in (Fraction(j, 10) for j in range(1, 10))
            for margin in (Fraction(j, 20) for j in range(1, int(20 * p))))),
        Check("T = ln(100)/(2 (q/4)^2) makes exp(-2 T g^2) = 1/100 at g = q/4",
              sp.simplify(sp.exp(-2 * MEMBERS * (Q / 4) ** 2)) == sp.Rational(1, 100)),
        Check("the library's T is that, rounded up", all(
            bounds.voting_members(e, bounds.voting_examples(e))
            == sp.ceiling(MEMBERS.subs({m: bounds.voting_examples(e), epsilon: sp.Rational(1, round(1 / e))}))
            for e in (1 / 8, 1 / 16, 1 / 64, 1 / 1000))),
    ]
    for members, loss in ((31, 14.8), (63, 11.1), (127, 9.1), (255, 7.8), (1000, 6.6)):
        best = min(1 - bounds.voting_bound(1, 1e-3, examples, members, share / 200)
                   for examples in range(400, 1000, 25) for share in range(20, 50))
        found.append(agree(f"d epsilon = 0.001, T = {members}: best loss/(d epsilon)", best * 1e3, loss, 0.05))
    return found


def checks() -> list[Check]:
    """All of the above."""
    return many_members() + majority() + finite_members()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
