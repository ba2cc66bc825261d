"""Efficient learning gives efficient defence, [CHLX25] Theorem 5.1, and hard learning does not forbid it (5.3).

*5.1.* Section voting asks one thing of a learner: expected error at most d/(m + 1). Closure has it on
intersection-closed classes [HLW94]. On parities every consistent learner has it. Of m + 1 vectors call one
essential if it lies outside the span of the others: the essential ones are linearly independent, since a
dependence among them would put one of them inside the span of the rest, so there are at most n. Let m + 1
points be drawn independently from any D, the last one fresh. By symmetry it is essential with probability at
most n/(m + 1); if it is not, it is a sum of examples, and every consistent parity gives it the sum of their
labels, which is f's label. At epsilon = c/n a single distillation takes m = sqrt(2 n/epsilon) = n sqrt(2/c)
examples of n bits and loses at most sqrt(2c), whatever n: closure reads m n bits, elimination does m n^2 work.

*5.3.* F = {x -> RO(k || x)}, k of kappa bits, D uniform on N = 2^n points. Two members are independent
coin flips at every point, so the number of points where they differ is Binomial(N, 1/2), and by Hoeffding's
inequality they are at distance 1/2 - t or less with probability at most exp(-2 t^2 N). There are fewer than
2^(2 kappa - 1) pairs: with t^2 = ((2 kappa - 1) ln 2 + ln(1/delta)) / (2 N) none of them is that close, except
with probability delta over the oracle. For epsilon below that no plant is legal, every attacker forfeits, and
who never flags wins every round. Yet a learner that has queried the oracle under q keys has met the right one
with probability at most q/2^kappa, and has an example at the fresh point with probability at most m/N;
otherwise f's label there is a fair coin that depends on nothing it knows: it is right with probability at most
1/2 + (q/2^kappa + m/N)/2.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

n, c, kappa, N, t, delta, q, m = sp.symbols("n c kappa N t delta q m", positive=True)
PAIRS = 2 ** (2 * kappa - 1)
CLOSE = PAIRS * sp.exp(-2 * t**2 * N)  # bounds the chance that some pair is at 1/2 - t or less
SPREAD = sp.sqrt(((2 * kappa - 1) * sp.log(2) - sp.log(delta)) / (2 * N))
SEPARATION = sp.Rational(1, 2) - SPREAD
ACCURACY = sp.Rational(1, 2) + (q / 2**kappa + m / N) / 2
LOSS = n / (m + 1) + (1 - (1 - c / n) ** m) / 2  # of a single distillation at epsilon = c/n


def span(vectors: tuple[int, ...]) -> set[int]:
    """All sums of these vectors over GF(2), each vector the bits of an integer."""
    found = {0}
    for vector in vectors:
        found |= {vector ^ one for one in found}
    return found


def essential(vectors: tuple[int, ...]) -> int:
    """How many of them lie outside the span of the others."""
    return sum(v not in span(vectors[:i] + vectors[i + 1 :]) for i, v in enumerate(vectors))


def lower_tail(size: int, most: int) -> Fraction:
    """Pr[Binomial(size, 1/2) <= most], exactly."""
    return Fraction(sum(math.comb(size, k) for k in range(most + 1)), 2**size)


def consistent_is_right() -> bool:
    """Every parity that fits the examples is right wherever the fresh point is not essential, on 3 bits."""
    for points in itertools.product(range(8), repeat=3):
        for x, f in itertools.product(range(8), range(8)):
            fits = [s for s in range(8) if all((s & p).bit_count() % 2 == (f & p).bit_count() % 2 for p in points)]
            if x in span(points) and any((s & x).bit_count() % 2 != (f & x).bit_count() % 2 for s in fits):
                return False
    return True


def efficient() -> list[Check]:
    """Parities, and what a single distillation costs."""
    sizes = ((1, 4), (2, 4), (3, 4))
    counted = all(essential(v) <= bits for bits, k in sizes for v in itertools.product(range(2**bits), repeat=k))
    equal = max(essential(v) for v in itertools.product(range(8), repeat=4))
    many = sp.limit(LOSS.subs(m, n * sp.sqrt(2 / c)), n, sp.oo)
    return [
        Check("at most n of the vectors lie outside the span of the others, n <= 3, 4 vectors", counted),
        Check("and 3 of 4 may: no better constant comes out of this", equal == 3),
        Check("a point in the span gets the right label from every consistent parity, 3 bits", consistent_is_right()),
        Check("at m = n sqrt(2/c) the loss tends to less than sqrt(2c), whatever n",
              all(float(many.subs(c, share)) < math.sqrt(2 * share) for share in (1e-3, 1 / 32, 0.1))),
        agree("the library's m at epsilon = 1/(32 n) is 8 n",
              max(abs(bounds.single_examples(k, 1 / (32 * k)) / k - 8) for k in (8, 64, 512)), 0.0, 1e-9),
        agree("the library's error is n/(m + 1)", bounds.linear_error(8, 64), 8 / 65, 1e-15),
    ]


def hard() -> list[Check]:
    """Keyed random functions: how far apart, and what a learner can know."""
    chance = sp.simplify(sp.expand_log(sp.log(CLOSE.subs(t, SPREAD)), force=True))
    tails = all(
        float(lower_tail(2**bits, math.floor((0.5 - gap) * 2**bits))) <= math.exp(-2 * gap**2 * 2**bits)
        for bits in range(1, 11) for gap in (0.01, 0.05, 0.1, 0.2, 0.3, 0.4))
    half = SEPARATION.subs(delta, sp.Rational(1, 2))
    plain = sp.Rational(1, 2) - sp.sqrt(kappa * sp.log(2) / N)
    return [
        Check("Hoeffding, against exact binomial tails", tails),
        Check("the union over all pairs leaves delta", sp.simplify(chance - sp.log(delta)) == 0),
        Check("fewer than 2^(2 kappa - 1) pairs", all(math.comb(2**k, 2) < 2 ** (2 * k - 1) for k in range(1, 30))),
        Check("at delta = 1/2 the distance is 1/2 - sqrt(kappa ln 2 / 2^n)", sp.simplify(half - plain) == 0),
        agree("the library's distance at kappa = 8, n = 10", bounds.random_oracle_separation(8, 10),
              float(plain.subs({kappa: 8, N: 1024})), 1e-14),
        agree("and at delta = 1/1000", bounds.random_oracle_separation(8, 10, 1e-3),
              float(SEPARATION.subs({kappa: 8, N: 1024, delta: sp.Rational(1, 1000)})), 1e-14),
        agree("the library's accuracy at kappa = 9, n = 16, q = 32, m = 24",
              bounds.random_oracle_accuracy(9, 16, 32, 24),
              float(ACCURACY.subs({kappa: 9, N: 2**16, q: 32, m: 24})), 1e-14),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return efficient() + hard()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
