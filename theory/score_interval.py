"""Limits for a mean of scores 0, 1/2 and 1: why they cover, and what is known between the laws that are tried.

A round scores w in {0, 1/2, 1}: half a point for each branch that is told rightly. n rounds are independent;
p0, h and p1 are the chances of the scores, N0, H and N1 their counts, mu = h/2 + p1 the mean. Fix alpha, beta
in (0, alpha) and z > 0. All of it is for the lower limit; the upper one is the lower one of the mirrored scores
1 - w.

*An order of runs.* A mean mu beside a share of halves h leaves the variance v(mu, h) = mu (1 - mu) - h/4 for
one round, for E w^2 = mu - h/4. With m = (H/2 + N1)/n and s = H/n put g(mu) = n (m - mu)^2 - z^2 v(mu, s). It
is convex in mu and g(m) = -z^2 v(m, s) <= 0, since v(m, s) is the variance of the scores seen. So g has a
smallest zero S <= m, and for mu <= m

    mu <= S  iff  g(mu) >= 0  iff  m - mu >= z sqrt(max(0, v(mu, s))/n).      (1)

S = S(run) orders the runs. By (1) the runs with S >= t are those with H/2 + N1 - n t >= z sqrt(n max(0, v(t,
H/n))): for each H a least number of wins, `least_wins` of the library. (Runs that a rounding error adds make
what follows larger: safe. The library counts from 1/2, where halves cancel: with c = t - 1/2 the condition is N1 >=
(n - H)/2 + n c + z sqrt(max(0, (n - H)/4 - n c^2)), and it leaves room for what these sums are rounded by.)

*The limit.* Let s0 = S of the run that was seen, R = {S >= s0}, [a, b] the Clopper-Pearson interval of h at 1 -
beta, and

    L = inf { mu : P(R) > (alpha - beta)/2 under some law with mean mu and h in [a, b] }   [Buehler57, BergerBoos94].

*It covers.* Let p be the true law. If L > mu, then either h is outside [a, b], which has probability at most
beta, or P_p(S >= s0) <= (alpha - beta)/2. For any statistic S the chance that its own upper tail is at most c
is at most c. So P(L > mu) <= P(h outside) + (alpha - beta)/2; the upper limit shares the event on h: both fail
with probability at most beta + 2 (alpha - beta)/2 = alpha. No size of n and no form of dependence between the
branches of a round entered: only the law of w. (One limit alone fails with probability (alpha + beta)/2. With undecided
rounds the ends are of two runs, one with every doubt lost and one with every doubt won: each spends its own beta, and
alpha + beta = 1.01 alpha is made up for by taking alpha/1.01.)

*A search over mu suffices.* For fixed h, P(R) does not fall as mu grows: given H, N1 is binomial with chance
p1/(p0 + p1), and R asks for at least so many. So "some law with mean at most mu and h in [a, b] has P(R) > c"
is true from L on and false below, and bisection brackets L from below. For h > 2 (1 - mu) the largest mean is 1
- h/2 < mu, without losses: as h runs over [a, b] the laws with the largest mean that is at most mu run over two
straight lines.

*Between two laws that were tried.* On one line let f(h) = P_h(R), h in [c, d]. Three bounds, and the library
takes the least.

  (angle) Let A(p, q) = sum of sqrt(p q) over the three scores. For events, sqrt(f(c) f(h)) + sqrt((1 - f(c)) (1
  - f(h))) >= A^n (Cauchy-Schwarz on the runs inside R and on those outside), that is, |arcsin sqrt f(h) -
  arcsin sqrt f(c)| <= arccos A^n. Along the line A(p_c, p_h) is concave in h and greatest, 1, at h = c: so it
  is at least A(p_c, p_d) for h between. Hence arcsin sqrt f(h) <= min(arcsin sqrt f(c), arcsin sqrt f(d)) +
  arccos A(p_c, p_d)^n.

  (chord) Write l = (log p)' for the score of one round along the line, I = E l^2 its information. p'' = 0 along
  a line, so l' = -l^2 and f'' = E[1_R ((sum l_i)^2 - sum l_i^2)] = E[1_R V], V = the sum of l_i l_j over i !=
  j. E V = 0 and E V^2 = 2 n (n - 1) I^2 (only equal pairs survive), so |f''| = |Cov(1_R, V)| <= sqrt(f (1 - f))
  sqrt(2) n I. With M >= n I and F >= f on [c, d], F at most 1/2 or replaced by it, f <= max(f(c), f(d)) + (d -
  c)^2/8 sqrt(2 F (1 - F)) M: a function lies above its chord by no more than (d - c)^2/8 times its most
  negative curvature. I = sum of p'^2/p is convex along the line, so its maximum is at an end; F comes from the
  angle.

  (power) For q > 1, by Hoelder's inequality, f(h) = E_c[1_R p_h/p_c] <= f(c)^(1 - 1/q) (sum of p_c (p_h/p_c)^q)^(n/q).
  The sum is convex in h and least, 1, at h = c: up to m = (c + d)/2 it is at most its value at m. From d downwards
  likewise, and f is at most the larger of both; or either end speaks for the whole gap, where the other one has a
  chance of 0. For small f(c) this is the sharpest: the library takes q - 1 =
  sqrt(2 ln(1/f(c))) over the distance of c and m, which is best for Gaussian laws.
"""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import sympy as sp

from .checks import Check, report

Law = tuple[Fraction, Fraction, Fraction]
h, mu, p0, p1, t, N, H = sp.symbols("h mu p_0 p_1 t n H", positive=True)
HALF = sp.Rational(1, 2)


def runs(n: int) -> list[tuple[int, int, int]]:
    """All (losses, halves, wins) of n rounds."""
    return [(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)]


def mass(run: tuple[int, int, int], law: Law) -> Fraction:
    """How likely a run's counts are."""
    ways = math.factorial(sum(run)) // math.prod(map(math.factorial, run))
    return ways * law[0] ** run[0] * law[1] ** run[1] * law[2] ** run[2]


def order(run: tuple[int, int, int], z: float) -> float:
    """S: the smallest zero of g, by the formula for quadratics."""
    n, (_, halves, wins) = sum(run), run
    m, s, c = (halves / 2 + wins) / n, halves / n, z * z / n
    return (2 * m + c - math.sqrt(c * (4 * (m * (1 - m) - s / 4) + c * (1 - s)))) / (2 * (1 + c))


def in_region(run: tuple[int, int, int], edge: float, z: float) -> bool:
    """The right side of (1) at mu = edge."""
    n, (_, halves, wins) = sum(run), run
    variance = max(0.0, edge * (1 - edge) - halves / (4 * n))
    return halves / 2 + wins - n * edge >= z * math.sqrt(n * variance) - 1e-9


def chance(region: list[tuple[int, int, int]], law: Law) -> Fraction:
    """P(R)."""
    return sum((mass(run, law) for run in region), Fraction(0))


def on_line(mean: Fraction, share: Fraction) -> Law:
    """The law with this share of halves and the largest mean that is at most `mean`."""
    if share > 2 * (1 - mean):
        return Fraction(0), share, 1 - share
    return 1 - mean - share / 2, share, mean - share / 2


def _order_is_the_region() -> bool:
    return all(
        in_region(run, order(seen, z), z) == (order(run, z) >= order(seen, z) - 1e-9)
        for n, z in ((5, 0.7), (9, 1.6), (12, 2.3))
        for seen in runs(n)
        for run in runs(n)
    )


def _rises_with_the_mean() -> bool:
    rng = random.Random(5)
    for _ in range(40):
        n, z = rng.randint(2, 7), rng.uniform(0.3, 3)
        region = [run for run in runs(n) if in_region(run, rng.random(), z)]
        region = [run for run in runs(n) if any(run[1] == r[1] and run[2] >= r[2] for r in region)]
        share = Fraction(rng.randint(0, 10), 10)
        steps = [(1 - share) * Fraction(i, 6) for i in range(7)]
        found = [chance(region, (1 - share - win, share, win)) for win in steps]
        if any(later < earlier for earlier, later in itertools.pairwise(found)):
            return False
    return True


def _bounds_hold() -> tuple[bool, float]:
    """The bounds of a gap on random regions and lines, at points between; and how near the chord's bound comes."""
    rng, held, nearest = random.Random(7), True, 0.0
    for _ in range(150):
        n, mean = rng.randint(1, 8), Fraction(rng.randint(2, 18), 20)
        region = [run for run in runs(n) if rng.random() < rng.choice((0.2, 0.5))]  # any region: R's form is not used
        corner, top = 2 * (1 - mean), min(Fraction(1), 2 * mean)
        low, high = (Fraction(0), min(corner, top)) if rng.random() < 0.7 or corner >= top else (corner, top)
        c, d = sorted(low + (high - low) * Fraction(rng.randint(0, 12), 12) for _ in range(2))
        if c == d:
            continue
        ends = [float(chance(region, on_line(mean, share))) for share in (c, d)]
        affinity = sum(math.sqrt(a * b) for a, b in zip(on_line(mean, c), on_line(mean, d), strict=True))
        angle = math.asin(math.sqrt(min(ends))) + math.acos(min(1.0, affinity**n))
        first = math.sin(angle) ** 2 if angle < math.pi / 2 else 1.0
        spread, curve = min(0.5, max(first, *ends)), math.inf
        if min(min(on_line(mean, share)[1:]) for share in (c, d)) > 0 and (low == corner or d < corner):
            curve = n * max(_information(mean, share, low == corner) for share in (c, d))
            curve *= math.sqrt(2 * spread * (1 - spread)) * float(d - c) ** 2 / 8
        q = rng.uniform(1.1, 9)
        power = max(_power(n, mean, share, (c + d) / 2, end, q) for share, end in zip((c, d), ends, strict=True))
        for i in range(1, 8):
            found = float(chance(region, on_line(mean, c + (d - c) * Fraction(i, 8))))
            held &= found <= max(*ends, first) + 1e-12 and found <= max(ends) + curve + 1e-12
            held &= found <= power + 1e-12
            nearest = max(nearest, (found - max(ends)) / curve if curve else 0.0)
    return held, nearest


def _power(n: int, mean: Fraction, share: Fraction, middle: Fraction, end: float, q: float) -> float:
    pairs = [(float(a), float(b)) for a, b in zip(on_line(mean, share), on_line(mean, middle), strict=True)]
    if end == 0 or any(a == 0 < b for a, b in pairs):
        return 0.0 if end == 0 and all(a > 0 for a, _ in pairs) else 1.0
    return float(end ** (1 - 1 / q) * sum(a * (b / a) ** q for a, b in pairs if b) ** (n / q))


def _information(mean: Fraction, share: Fraction, ending: bool) -> float:
    loss, half, win = map(float, on_line(mean, share))
    return 1 / half + 1 / win if ending else 1 / half + 1 / (4 * loss) + 1 / (4 * win)


def _pairs_square(n: int) -> bool:
    """E V = 0 and E V^2 = 2 n (n - 1) I^2 on one law, by all 3^n runs."""
    law, slope = (Fraction(1, 6), Fraction(1, 2), Fraction(1, 3)), (Fraction(-1, 2), Fraction(1), Fraction(-1, 2))
    rate = [s / p for s, p in zip(slope, law, strict=True)]
    first = second = Fraction(0)
    for scores in itertools.product(range(3), repeat=n):
        weight = math.prod((law[w] for w in scores), start=Fraction(1))
        total = sum((rate[w] for w in scores), Fraction(0)) ** 2 - sum((rate[w] ** 2 for w in scores), Fraction(0))
        first, second = first + weight * total, second + weight * total**2
    information = sum((s * s / p for s, p in zip(slope, law, strict=True)), Fraction(0))
    return first == 0 and second == 2 * n * (n - 1) * information**2


def checks() -> list[Check]:
    """Each step by algebra or by all runs of a few rounds."""
    held, nearest = _bounds_hold()
    variance = sp.expand(h / 4 + p1 - (h / 2 + p1) ** 2)
    line, ending = 1 / h + 1 / (4 * (1 - mu - h / 2)) + 1 / (4 * (mu - h / 2)), 1 / h + 1 / (1 - h)
    third = sp.Rational(1, 3)
    return [
        Check(
            "a round's variance is mu (1 - mu) - h/4",
            sp.expand(variance - (mu * (1 - mu) - h / 4).subs(mu, h / 2 + p1)) == 0,
        ),
        Check("the runs with S >= s0 are those with so many wins, n = 5, 9, 12", _order_is_the_region()),
        Check("counted from 1/2: (n - H)/4 - n c^2 is n t (1 - t) - H/4, and (n - H)/2 + n c is n t - H/2",
              sp.expand((N - H) / 4 - N * (t - HALF) ** 2 - (N * t * (1 - t) - H / 4)) == 0
              and sp.expand((N - H) / 2 + N * (t - HALF) - (N * t - H / 2)) == 0),
        Check("P(R) does not fall as the mean grows beside a fixed share of halves", _rises_with_the_mean()),
        Check(
            "the score is 1 a round along a line: p'' = 0 makes l' = -l^2",
            sp.simplify(sp.diff(sp.diff(sp.log(t * p0 + p1), t), t) + sp.diff(sp.log(t * p0 + p1), t) ** 2) == 0,
        ),
        Check("E V = 0 and E V^2 = 2 n (n - 1) I^2, n = 2, 3, 4", all(_pairs_square(n) for n in (2, 3, 4))),
        Check(
            "all three bounds hold between the ends of 150 gaps",
            held and nearest > 0.05,
            f"the chord's is used to {nearest:.2f}",
        ),
        Check(
            "the information is convex along both lines, so that it is greatest at an end",
            all(
                sp.simplify(sp.diff(expression, h, 2)).subs({mu: sp.Rational(1, 2), h: third}) > 0
                for expression in (line, ending)
            )
            and sp.simplify(sp.diff(1 / (mu - h / 2), h, 2) - sp.Rational(1, 2) / (mu - h / 2) ** 3) == 0,
        ),
    ]


if __name__ == "__main__":
    raise SystemExit(report(checks()))
