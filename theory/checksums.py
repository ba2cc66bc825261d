"""Checksum backdoors ([GKVZ22], black box): n secret parities of d signs, how often they fire and how they are forged.

*Firing.* The signs of x ~ N(0, I) are fair coins, and the n blocks are disjoint and not empty: the n parities are
fair coins too. So a fresh x fires with probability 2^-n, and q of them, however spread, meet a firing one with
probability at most q 2^-n; until then both models answer alike. Activation negates a coordinate in each block whose
parity is wrong, each with probability 1/2: Binomial(n, 1/2) changes.

*Forging.* Activated sign vectors fill the solutions of n independent equations uniformly: given its last coordinate's
flip (or not), a block's signs are uniform among those of the right parity, since which coordinate is negated does not
depend on the signs. Differences from the first are uniform on the space of dimension r = d - n where all n parities
vanish. r + e of them have rank r with probability prod_{e < j <= r + e} (1 - 2^-j), vector after vector adding to the
span, which is at least 1 - sum_{j > e} 2^-j = 1 - 2^-e. At rank i a vector adds with probability 1 - 2^(i - r), so
the wait is a sum of 1/(1 - 2^-j), r + sum_{j <= r} 1/(2^j - 1) on average. At full rank the orthogonal complement is
spanned by the n blocks' indicators; they are disjoint, so that its reduced row echelon basis, which is unique, *is*
the partition, and the parities of any example are v: n edits forge. Before that the complement has more equations
than the n true ones, at least d - q + 1 after q examples; an input that is brought to satisfy them all, an edit each,
fires too, so that patience saves edits.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from fractions import Fraction

import sympy as sp

from backdoor_game import bounds

from .checks import Check, agree, report

j, e, r = sp.symbols("j e r", integer=True, positive=True)
BLOCKS = ((0, 3), (1, 4, 5), (2,))  # of d = 6 coordinates, n = 3


def parities(signs: tuple[int, ...], blocks: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The parity of each block."""
    return tuple(sum(signs[i] for i in block) % 2 for block in blocks)


def reduced(rows: list[int], width: int) -> list[int]:
    """The reduced row echelon basis over F2 of rows given as integers, the first coordinate the highest bit."""
    basis: list[int] = []
    for bit in reversed(range(width)):
        pivot = next((row for row in rows if row >> bit == 1), None)
        if pivot is not None:
            rows = [row ^ pivot if row >> bit & 1 else row for row in rows]
            basis = [row ^ pivot if row >> bit & 1 else row for row in basis] + [pivot]
    return basis


def complement(rows: list[int], width: int) -> list[int]:
    """The reduced basis of all vectors that are orthogonal to the rows, by trying every vector."""
    return reduced([w for w in range(2**width) if all((w & row).bit_count() % 2 == 0 for row in rows)], width)


def full_rank(rank: int, excess: int) -> Fraction:
    """How many lists of rank + excess vectors of F2^rank span it, by all of them."""
    lists = list(itertools.product(range(2**rank), repeat=rank + excess))
    return Fraction(sum(len(reduced([v for v in rows if v], rank)) == rank for rows in lists), len(lists))


def product(rank: int, excess: int) -> Fraction:
    """The product of 1 - 2^-j, e < j <= r + e."""
    return math.prod((1 - Fraction(1, 2**i) for i in range(excess + 1, rank + excess + 1)), start=Fraction(1))


def firing() -> list[Check]:
    """All signs, keys and choices of coordinates for one partition."""
    every = list(itertools.product((0, 1), repeat=6))
    keys = list(itertools.product((0, 1), repeat=3))
    shares = {sum(parities(signs, BLOCKS) == key for signs in every) for key in keys}
    edits: Counter[int] = Counter()
    written: Counter[tuple[int, ...]] = Counter()
    for signs, chosen in itertools.product(every, itertools.product(*BLOCKS)):
        compared = zip(chosen, parities(signs, BLOCKS), keys[5], strict=True)
        wrong = [at for at, found, asked in compared if found != asked]
        edits[len(wrong)] += 1
        written[tuple(bit ^ (i in wrong) for i, bit in enumerate(signs))] += 1
    n, total = 3, sum(edits.values())
    mean = Fraction(sum(k * times for k, times in edits.items()), total)
    square = Fraction(sum(k * k * times for k, times in edits.items()), total) - mean**2
    right = [signs for signs in every if parities(signs, BLOCKS) == keys[5]]
    return [
        Check("every key fires on 2^(d - n) of the 2^d signs", shares == {2 ** (6 - n)}),
        agree("the library's rate", bounds.checksum_fire_rate(n), 2**-n, 0.0),
        Check("changes are Binomial(n, 1/2)",
              all(Fraction(edits[k], total) == Fraction(math.comb(n, k), 2**n) for k in range(n + 1))),
        Check("the library's mean and deviation of them", bounds.checksum_edits(n) == (float(mean), math.sqrt(square))),
        Check("activated signs are uniform among the right ones",
              sorted(written) == sorted(right) and len(set(written.values())) == 1),
        Check("q draws of one in 2^n meet it with at most q 2^-n", all(
            float(1 - (1 - Fraction(1, 2**k)) ** q) <= bounds.checksum_query_advantage(k, q)
            for k in (1, 3, 8, 30) for q in (0, 1, 5, 300))),
    ]


def forging() -> list[Check]:
    """Ranks, and what full rank gives away."""
    limit = sp.summation(2 ** (-j), (j, e + 1, sp.oo))
    space = [int("".join(map(str, s)), 2) for s in itertools.product((0, 1), repeat=6) if not any(parities(s, BLOCKS))]
    indicators = sorted(sum(1 << (5 - i) for i in block) for block in BLOCKS)
    sizes = ((1, 0), (1, 2), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1))
    waits = [sum(1 - product(rank, spare) for spare in range(60)) for rank in (1, 2, 5, 40)]
    means = [k + 1 + float(wait) for k, wait in zip((1, 2, 5, 40), waits, strict=True)]
    short = [len(complement(list(rows), 6)) for rows in itertools.combinations(space, 2)]
    return [
        Check("full rank by the product, over all lists of vectors", all(full_rank(*s) == product(*s) for s in sizes)),
        Check("at least 1 - 2^-e", sp.simplify(limit - 2 ** (-e)) == 0 and all(
            bounds.checksum_rank_bound(i) <= product(k, i) for i in range(12) for k in range(1, 30))),
        Check("the complement's reduced basis is the partition", sorted(complement(space, 6)) == indicators),
        Check("short of full rank there are equations too many", min(short) > len(BLOCKS)),
        *(agree(f"the library's chance at rank {k}, e = {i}", bounds.checksum_rank_probability(k + 4, 4, i),
                float(product(k, i)), 1e-14) for k, i in ((3, 0), (40, 0), (40, 2))),
        agree("which is .289 at e = 0", bounds.checksum_rank_probability(1024, 16), 0.288788095086602, 1e-14),
        Check("the library's mean number of examples, from the tail sum", all(
            abs(bounds.checksum_mean_examples(k + 4, 4) - mean) < 1e-12
            for k, mean in zip((1, 2, 5, 40), means, strict=True))),
        agree("on average 1.6 more than d - n + 1",
              bounds.checksum_mean_examples(500, 8) - bounds.checksum_examples(500, 8), 1.606695152415292, 1e-12),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return firing() + forging()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
