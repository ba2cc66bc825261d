"""Obfuscation defeats every efficient defender ([CHLX25] Theorem 5.2): what of it is arithmetic, and what is assumed.

D is uniform on n bits, N = 2^n. f = iO(PRF_k) with a fresh key k of kappa bits each round; f* = iO(the key
punctured at x*, with the answer 1 - PRF_k(x*) there), at distance 1/N.

*Hybrids.* Let a defender flag (f, x), x fresh, with probability h0, and (f*, x*) with h4. Between them stand h1:
(f, x*), and h1 = h0 since both inputs are D-draws; h2: the punctured key with the right answer, the same function,
so |h2 - h1| <= the advantage against iO; h3: the answer a fair coin, and |h3 - h2| <= that against the generator,
n steps down the tree; h4: the wrong answer. A fair coin is half right and half wrong, h3 = (h2 + h4)/2, so
|h4 - h2| = 2 |h3 - h2|. In all 2 win - 1 = h4 - h0 <= iO + 2 n PRG. Under a canonical form iO = 0: equal functions
have one code. What remains is the assumption that the label at x* looks like a coin beside all the others.

*The unbounded defender* has VC dimension at most kappa + n to learn, by counting; Theorem 4.1 lets it win once (kappa
+ n)/N is small.

*Searching keys.* Off x a wrong key of an ideal function matches with probability p = 2^(1 - N). The first match
decides. If it is the true key it is right; if not its label at x is a coin, right as often as wrong. The true key
is at the i-th place of the search with probability 1/2^kappa, and nothing matched before it with probability
(1 - p)^(i - 1): the advantage is (1 - (1 - p)^q)/(p 2^kappa).

*One fixed f* gives its rarer label away: if a share (1 + b)/2 of its labels are 1, an x with the rarer label is
shown with probability (1 - |b|)/2 on the clean branch and (1 + |b|)/2 on the other. For random labels E|b| is the
mean of |2 B/N - 1|, B binomial: C(N, N/2)/2^N, near sqrt(2/(pi N)).
"""

from __future__ import annotations

import itertools
import math

import sympy as sp

from backdoor_game import bounds
from backdoor_game.puncturable import SmallGenerator

from .checks import Check, agree, report

p, q, K, N = sp.symbols("p q K N", positive=True)
SEARCH = (1 - (1 - p) ** q) / (p * K)
BALANCE = sp.binomial(N, N / 2) / 2**N


def hybrids() -> list[Check]:
    """The sum along the hybrids."""
    h0, h2, h4, io, prg = sp.symbols("h0 h2 h4 iO PRG", nonnegative=True)
    h3 = (h2 + h4) / 2
    return [
        Check("a fair answer halves the step: h4 - h2 = 2 (h3 - h2)", sp.simplify(h4 - h2 - 2 * (h3 - h2)) == 0),
        Check("steps of iO and 2 n PRG add up to h4 - h0",
              sp.simplify((h4 - h0).subs(h4, h2 + 2 * prg).subs(h2, h0 + io) - (io + 2 * prg)) == 0),
        Check("an ideal table shows nothing: over all labels on 4 points, (f, x) and (f*, x*) have one law",
              sorted((f, x) for f in itertools.product((0, 1), repeat=4) for x in range(4))
              == sorted(((*f[:x], 1 - f[x], *f[x + 1:]), x)
                        for f in itertools.product((0, 1), repeat=4) for x in range(4))),
    ]


def counting() -> list[Check]:
    """How many functions there are, and how many keys match by chance."""
    sizes = [(kappa, n) for kappa in range(1, 33) for n in range(1, 17)]
    return [
        Check("2^kappa (2^n + 1) < 2^(kappa + n + 1): the VC dimension is at most kappa + n",
              all(int(math.log2(2**kappa * (2**n + 1))) == bounds.keyed_class_vc_bound(kappa, n)
                  and 2**kappa * (2**n + 1) < 2 ** (kappa + n + 1) for kappa, n in sizes)),
        Check("where 2^n >= kappa + 12 fewer than 2^-11 wrong keys match on average",
              all(sp.Integer(2**kappa - 1) * sp.Integer(2) ** (1 - 2**n) < sp.Rational(1, 2**11)
                  for kappa, n in sizes if 2**n >= kappa + 12)),
        Check("up to kappa = 16 that is n >= 5", min(n for n in range(1, 9) if 2**n >= 16 + 12) == 5),
    ]


def searching() -> list[Check]:
    """The geometric sum of a search, how far it is from q/2^kappa, and the library's numbers."""
    i = sp.symbols("i", integer=True, positive=True)
    terms = [sp.simplify(sum((1 - p) ** (j - 1) for j in range(1, count + 1)) / K - SEARCH.subs(q, count)) == 0
             for count in (1, 2, 3, 7)]
    limit = sp.limit(SEARCH.subs(q, i), p, 0)
    slope = sp.limit(sp.diff(SEARCH.subs(q, i) * K / i, p), p, 0)
    worst = bounds.key_search_advantage(16, 4, 2**16)
    return [
        Check("sum over places i of (1 - p)^(i - 1) / 2^kappa is the closed form", all(terms)),
        Check("without chance matches it is q / 2^kappa", sp.simplify(limit - i / K) == 0),
        Check("the share lost is at most (q - 1) p / 2, the first order", sp.simplify(slope + (i - 1) / 2) == 0),
        agree("all keys at kappa = 16, n = 4: more than half is lost", worst, float((1 - sp.exp(-2)) / 2), 1e-4),
        agree("all keys at kappa = 16, n = 5: next to nothing is", bounds.key_search_advantage(16, 5, 2**16), 1, 1e-4),
    ]


def balance() -> list[Check]:
    """The mean of |2 B/N - 1|, and its size."""
    exact = [sum(math.comb(2**n, j) * abs(2 * j - 2**n) for j in range(2**n + 1)) * sp.Rational(1, 2**n * 2 ** 2**n)
             for n in range(1, 8)]
    return [
        Check("E|2 B/N - 1| = C(N, N/2)/2^N for N = 2 .. 128",
              all(value == BALANCE.subs(N, 2 ** (n + 1)) for n, value in enumerate(exact))),
        agree("times sqrt(N) it tends to sqrt(2/pi), .8", float(BALANCE.subs(N, 2**12).evalf() * 2**6),
              math.sqrt(2 / math.pi), 1e-3),
        agree("the library's number at n = 8", bounds.label_balance_advantage(8), float(BALANCE.subs(N, 256)), 1e-12),
    ]


def generator() -> list[Check]:
    """The small generator, over all its seeds."""
    found = {}
    for size, path in itertools.product((4, 5, 8, 10), ((), (1,), (0, 1, 1))):
        stretched = [SmallGenerator(size).stretch(seed, path) for seed in range(2**size)]
        labels = [tuple(SmallGenerator(size).label(child) for child in pair) for pair in stretched]
        found[size, path] = (all(len({pair[side] for pair in stretched}) == 2**size for side in (0, 1)),
                             all(labels.count(pair) == 2**size // 4 for pair in itertools.product((0, 1), repeat=2)))
    return [
        Check("each child of the small generator is a permutation of its parent", all(a for a, _ in found.values())),
        Check("two sibling labels are two fair coins over all seeds", all(b for _, b in found.values())),
    ]


def checks() -> list[Check]:
    """All of the above."""
    return hybrids() + counting() + searching() + balance() + generator()


if __name__ == "__main__":
    raise SystemExit(report(checks()))
