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

*5.3 with D open.* D must be uniform there. A star [HannekeYang15] is a centre f, r points and r members of which the
i-th differs from f on the i-th point alone among them. With D uniform on the points and epsilon >= 1/r every trigger
has a plant: who never flags wins 1/2. Conversely let s be the most points of a star. Whatever D is, the points at
which some legal plant differs from f are covered by sets of mass epsilon at most, where the plants differ; of a
smallest cover each set has a point of its own, so its members are a star with centre f, at most s of them: who never
flags wins at least 1 - s epsilon/2. For keyed hashes a centre, r points and a key for each are chosen in fewer than
2^kappa (N^r/r!) 2^(kappa r) ways, and each is a star with probability 2^(-r^2), since keys are independent: the mean
number of stars of r points is at most 2^(kappa + r (n + kappa - r))/r!, far under 1 at r = n + kappa already. So
blind trust is right for every D where epsilon is well under 1/(n + kappa), and wrong for D on a star of
1/epsilon points, where there is one.
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


def stars(rows: tuple[tuple[int, ...], ...], r: int) -> list[tuple[int, ...]]:
    """All stars of r points: the number of the centre, of the points and of their members, in a row."""
    size = len(rows[0])
    return [
        (centre, *points, *leaves)
        for centre, f in enumerate(rows) for points in itertools.combinations(range(size), r)
        for leaves in itertools.permutations(range(len(rows)), r)
        if all((rows[leaf][x] != f[x]) == (i == j) for i, leaf in enumerate(leaves) for j, x in enumerate(points))]


def star_number(rows: tuple[tuple[int, ...], ...]) -> int:
    """The most points of a star."""
    return max(r for r in range(len(rows[0]) + 1) if r == 0 or stars(rows, r))


def trusted(rows: tuple[tuple[int, ...], ...], weights: tuple[int, ...], epsilon: int) -> Fraction:
    """What a defender that never flags wins against the worst attacker; weights and epsilon in parts of their sum."""
    most = 0
    for f in rows:
        apart = [[x for x, (a, b) in enumerate(zip(f, g, strict=True)) if a != b] for g in rows]
        legal = [points for points in apart if sum(weights[x] for x in points) <= epsilon]
        most = max(most, sum(weights[x] for x in {x for points in legal for x in points}))
    return 1 - Fraction(most, 2 * sum(weights))


def mean_stars(kappa: int, size: int, r: int) -> Fraction:
    """The mean number of stars of r points, over all functions of 2^kappa keys on so many points."""
    keyed = list(itertools.product(itertools.product((0, 1), repeat=size), repeat=2**kappa))
    return Fraction(sum(len(stars(rows, r)) for rows in keyed), len(keyed))


def most_stars(kappa: int, bits: int, r: int) -> Fraction:
    """What is proved of that mean."""
    return Fraction(2) ** (kappa + r * (bits + kappa - r)) / math.factorial(r)


def open_law() -> list[Check]:
    """5.3 where the attacker picks D: stars, and what they cost."""
    points = list(itertools.product((0, 1), repeat=3))
    classes = [rows for k in range(1, 9) for rows in itertools.combinations(points, k)]
    laws = [law for law in itertools.product(range(6), repeat=3) if sum(law) == 5]
    numbers = {rows: star_number(rows) for rows in classes}
    room = [trusted(rows, law, e) - max(Fraction(1, 2), 1 - Fraction(numbers[rows] * e, 10))
            for rows in classes for law in laws for e in range(5)]
    even = all(trusted(rows, (1,) * 3, 1) == Fraction(1, 2) for rows in classes if numbers[rows] == 3)
    means = [(mean_stars(kappa, 2**bits, r), most_stars(kappa, bits, r))
             for kappa, bits, r in ((1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 1, 2))]
    last = bounds.random_oracle_star(8, 10)
    return [
        Check("whatever D is, blind trust wins 1 - s epsilon/2 or more: all classes on 3 points", min(room) == 0),
        Check("on a star with D uniform and epsilon = 1/r it wins 1/2", even),
        Check("the mean number of stars is not above what is proved, over all functions of 2 and 4 keys",
              all(0 < mean <= most for mean, most in means)),
        Check("the library's largest star at kappa = 8, n = 10 is the last that is likelier than 10^-6",
              most_stars(8, 10, last) > Fraction(1, 10**6) >= most_stars(8, 10, last + 1)),
        Check("at n + kappa points a star is less likely than 2^kappa/(n + kappa)!, 4 10^-14 here",
              most_stars(8, 10, 18) == Fraction(2**8, math.factorial(18)) < Fraction(5, 10**14)),
        agree("the library's bound at s = 16, epsilon = 1/72", bounds.trust_bound(16, 1 / 72), 1 - 16 / 144, 1e-15),
    ]


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
    return efficient() + hard() + open_law()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
