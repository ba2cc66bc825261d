"""A pair of functions on which both rates are met: one distillation loses sqrt(epsilon), an ensemble epsilon.

Half of the mass is an interval, on which the class has all thresholds; the other half is 1/(2 epsilon)
tiles of mass epsilon, of which a function may carry one. The VC dimension is 1 + 1. The attacker's f has a
random threshold and no tile, f* adds the tile of x*; where x* lies in the interval the attacker forfeits.
Learners answer with the closure: the least function of the class that contains the positive examples.

*One member, shown f, at a positive point x.* Let u be the mass of the interval from the threshold to x. The
closure starts at the least positive example, so x is mislabelled iff none of the m examples fell into this
stretch:

    e(x) = (1 - u)^m.

At all other points, the tiles included, f is learnt without error. The threshold being uniform, the
positive points have length s, s uniform on (0, 1/2); so u has density 1 - 2u on (0, 1/2).

*One member, shown f*, at x*.* It disagrees iff it saw nothing of the tile: with probability q = (1 -
epsilon)^m.

*Single.* False alarms: the integral of (1 - u)^m (1 - 2u), near 1/m. Misses: (1 - q)/2, near m epsilon / 2.
With m = sqrt(2/epsilon) both are sqrt(epsilon/2), and so is the loss: exponent 1/2.

*Ensemble*, m = 1/(2 epsilon), threshold q/2. With many members x raises the alarm iff (1 - u)^m >= q/2,
that is u <= 1 - (1 - epsilon) 2^(-1/m), near (1 + 2 ln 2) epsilon; misses vanish. The loss is half of that:
exponent 1.
"""

from __future__ import annotations

import math

import numpy as np
import sympy as sp

from backdoor_game.bounds import votes_needed

from .checks import Check, agree, report

u, epsilon, m = sp.symbols("u epsilon m", positive=True)
DENSITY = 1 - 2 * u  # of the distance u from the threshold, positive points only, on (0, 1/2)
FALSE_ALARMS = 1 / (m + 1) - 2 * (1 - sp.Rational(1, 2) ** (m + 2)) / ((m + 1) * (m + 2))
SINGLE_LOSS = (FALSE_ALARMS + (1 - (1 - epsilon) ** m) / 2) / 2
EDGE = 1 - (1 - epsilon) * 2 ** (-1 / m)  # where the expected vote equals q/2
ENSEMBLE_LIMIT = (EDGE - EDGE**2) / 2  # the loss for T without end: the density integrated up to the edge


def ensemble_loss(eps: float, members: int = 63) -> float:
    """The loss of T members at m = 1/(2 epsilon), by the midpoint rule over u: binomial tails of the votes."""
    examples = round(0.5 / eps)
    q = (1 - eps) ** examples
    votes = votes_needed(members, q / 2)
    middles = (np.arange(20000) + 0.5) / 40000
    false_alarms = np.mean(at_least(votes, members, (1 - middles) ** examples) * (1 - 2 * middles)) / 2
    missed = 1 - at_least(votes, members, np.array([q]))[0]
    return float(false_alarms + missed / 2) / 2


def at_least(votes: int, members: int, p: np.ndarray) -> np.ndarray:
    """Pr[Bin(members, p) >= votes] for an array of p."""
    return sum(math.comb(members, k) * p**k * (1 - p) ** (members - k) for k in range(votes, members + 1))


def slope(losses: dict[float, float]) -> float:
    """The exponent between the coarsest and the finest epsilon."""
    ends = max(losses), min(losses)
    return math.log(losses[ends[0]] / losses[ends[1]]) / math.log(ends[0] / ends[1])


def checks() -> list[Check]:
    """The integrals, both limits, and the exponents over the range of epsilon that experiments use."""
    by_parts = [sp.integrate(sp.expand((1 - u) ** k * DENSITY), (u, 0, sp.Rational(1, 2))) for k in range(1, 9)]
    k = sp.Symbol("k", positive=True)
    single_limit = sp.limit((SINGLE_LOSS.subs(m, sp.sqrt(2) / k) / k).subs(epsilon, k**2), k, 0)
    ensemble_limit = sp.limit(ENSEMBLE_LIMIT.subs(m, 1 / (2 * epsilon)) / epsilon, epsilon, 0)
    grid = [2.0**-j for j in range(5, 11)]
    single = {e: float(SINGLE_LOSS.subs({epsilon: e, m: round(math.sqrt(2 / e))})) for e in grid}
    fine = {e: float(SINGLE_LOSS.subs({epsilon: e, m: round(math.sqrt(2 / e))})) for e in (1e-8, 1e-10)}
    voted = {e: ensemble_loss(e) for e in grid}
    constants = [voted[e] / e for e in grid]
    many = float(ENSEMBLE_LIMIT.subs({epsilon: 2**-8, m: 128}))
    return [
        Check("the false-alarm integral, m = 1 .. 8", all(
            by_parts[i] == sp.nsimplify(FALSE_ALARMS.subs(m, i + 1)) for i in range(8))),
        Check("single: the loss is sqrt(epsilon/2) in the limit", sp.simplify(single_limit - sp.sqrt(2) / 2) == 0),
        agree("single: its exponent tends to 1/2", slope(fine), 0.5, 1e-3),
        agree("single: the exponent is .45 over epsilon = 2^-5 .. 2^-10", slope(single), 0.45, 0.01),
        Check("ensemble: the loss is (1/2 + ln 2) epsilon in the limit of many members",
              sp.simplify(ensemble_limit - sp.Rational(1, 2) - sp.log(2)) == 0),
        agree("ensemble: T = 1,000 comes near the edge formula", ensemble_loss(2**-8, 1000) / many, 1, 0.01),
        agree("ensemble, T = 63: the exponent is 1 over epsilon = 2^-5 .. 2^-10", slope(voted), 1, 0.03),
        Check("ensemble, T = 63: loss/epsilon stays within a tenth of that limit",
              all(abs(c / (0.5 + math.log(2)) - 1) < 0.1 for c in constants),
              ", ".join(f"{c:.3f}" for c in constants)),
    ]


if __name__ == "__main__":
    raise SystemExit(report(checks()))
