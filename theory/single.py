"""One distillation: its loss falls like the square root of d epsilon, however many examples it takes.

One member h_S is trained on m examples of the function that is shown, and the input is flagged iff h_S(x')
!= f'(x').

*False alarms.* The average over x of e(x) = Pr[h_S(x) != f(x)] is the expected error: at most d/(m + 1).

*Misses.* With probability at least q = (1 - epsilon)^m no example of f* falls where f* differs from f. Such
a sample is one that f labels in the same way, so h_S(x*) is right about f, hence wrong about f*, unless h_S
errs on f at x*:

    Pr[missed] <= 1 - q + e(x*),    on average over x* at most 1 - q + d/(m + 1).

Half the sum of both rates is the loss: d/(m + 1) + (1 - q)/2. By Bernoulli's inequality 1 - q <= m epsilon,
and then d/(m + 1) + m epsilon / 2 is least at m + 1 = sqrt(2d/epsilon), where it is sqrt(2 d epsilon) -
epsilon/2. Seen from below: more examples see the backdoor, fewer know too little of f; no m escapes an
exponent of 1/2.
"""

from __future__ import annotations

import math

import sympy as sp

from backdoor_game.bounds import single_bound, single_examples

from .checks import Check, agree, report

d, epsilon, m, s = sp.symbols("d epsilon m s", positive=True)
q = (1 - epsilon) ** m
LOSS = d / (m + 1) + (1 - q) / 2
SIMPLE = d / (m + 1) + m * epsilon / 2  # Bernoulli: never smaller than LOSS


def best_loss(size: int, eps: float) -> float:
    """The least loss over whole m, by trying all up to four times the recommended one."""
    return min(1 - single_bound(size, eps, m) for m in range(1, 4 * single_examples(size, eps)))


def checks() -> list[Check]:
    """The stationary point, its value, the exponent 1/2 and how near the library's m comes."""
    best = sp.sqrt(2 * d / epsilon) - 1
    found = [
        Check("m + 1 = sqrt(2d/epsilon) is stationary", sp.simplify(sp.diff(SIMPLE, m).subs(m, best)) == 0),
        Check("and a minimum: the loss is convex in m", sp.diff(SIMPLE, m, 2).is_positive is True),
        Check("its loss is sqrt(2 d epsilon) - epsilon/2",
              sp.simplify(SIMPLE.subs(m, best) - (sp.sqrt(2 * d * epsilon) - epsilon / 2)) == 0),
        Check("Bernoulli: 1 - q <= m epsilon, with equal slopes at epsilon = 0",
              sp.limit(sp.diff(1 - q, epsilon), epsilon, 0) == m and all(
                  1 - (1 - e) ** k <= k * e + 1e-15 for k in range(200) for e in (0.001, 0.01, 0.1, 0.5))),
    ]
    fine = [best_loss(1, 2.0**-k) for k in (16, 20)]
    found.append(agree("the exponent of the true minimum tends to 1/2", math.log2(fine[0] / fine[1]) / 4, 0.5, 0.002))
    ratio = max((1 - single_bound(v, e, single_examples(v, e))) / best_loss(v, e)
                for v in (1, 2, 5) for e in (1e-2, 1e-3, 1e-4))
    found.append(Check("the library's m loses at most 2% against the best m", ratio < 1.02, f"ratio {ratio:.4f}"))
    return found


if __name__ == "__main__":
    raise SystemExit(report(checks()))
