"""Learning and its limits: [CHLX25] Theorems 5.1 and 5.3."""

import math

from .arguments import positive, real, whole


def linear_error(d: int, m: int) -> float:
    """Expected error of every consistent learner of `Parities` on d bits after m examples: min(1, d/(m + 1)).

    Of m + 1 independent points at most d lie outside the span of the others, and inside it the label follows from
    theirs; by symmetry the fresh one is outside with probability at most d/(m + 1). *proved*
    """
    return min(1.0, whole("d", d) / (whole("m", m) + 1))


def random_oracle_separation(key_bits: int, bits: int, failure: float = 0.5) -> float:
    """How far apart all members of `RandomOracle` are with probability 1 - failure over the oracle: D uniform.

    1/2 - sqrt(((2 kappa - 1) ln 2 + ln(1/failure)) / 2^(n + 1)), or 0: Hoeffding's inequality for one pair on N = 2^n
    equally likely points, and the union over fewer than 2^(2 kappa - 1) pairs. At failure 1/2 it is
    1/2 - sqrt(kappa ln 2 / 2^n). A lower bound: below it no plant is legal, as long as D is uniform; an attacker that
    picks D finds plants (`Star`). *proved* for a random oracle
    """
    pairs = (2 * whole("key_bits", key_bits, 1) - 1) * math.log(2)
    spread = (pairs - math.log(positive("failure", failure, 1))) * math.exp(-(whole("bits", bits, 1) + 1) * math.log(2))
    return max(0.0, 0.5 - math.sqrt(spread))


def random_oracle_star(key_bits: int, bits: int, failure: float = 1e-6) -> int:
    """How large stars [HannekeYang15] of `RandomOracle` are, with probability 1 - failure over the oracle: at most.

    A centre, r points and a key for each are chosen in fewer than 2^(kappa (r + 1) + n r) / r! ways, and each is a star
    with probability 2^(-r^2). The answer is the last r before 2^(kappa + r (n + kappa - r)) / r! falls to `failure`,
    for a star of more points holds one of so many; a little under n + kappa, and at most 2^n and 2^kappa - 1.
    *proved* for a random oracle
    """
    kappa, n = whole("key_bits", key_bits, 1), whole("bits", bits, 1)
    least = math.log2(positive("failure", failure, 1))
    r = 1
    while kappa + r * (n + kappa - r) - math.lgamma(r + 1) / math.log(2) > least:
        r += 1
    return int(min(r - 1, 2**n, 2**kappa - 1))


def trust_bound(star: int, epsilon: float) -> float:
    """What a defender that never flags wins, whatever D is, in a class whose stars have at most s points, `star`.

    1 - s epsilon / 2, or 1/2: a lower bound. Of the legal plants around one f leave out as many as may be without
    losing a point that one of them flips: each of the rest flips a point of its own, so that they are a star, and each
    has mass epsilon at most. *proved*
    """
    return max(0.5, 1 - whole("star", star) * real("epsilon", epsilon, 0, 1) / 2)


def random_oracle_accuracy(key_bits: int, bits: int, queried: float, m: int) -> float:
    """How often a learner is right at a fresh point of a `RandomOracle` after m examples, at most: D uniform.

    1/2 + (q / 2^kappa + m / 2^n) / 2, or 1, where it queries the oracle under q different keys, hence with q queries or
    more: unless the right key is one of them, or the point is among the examples, the label is a fair coin that
    nothing which the learner has seen depends on. An upper bound. *proved* for a random oracle
    """
    found = real("queried", queried, 0, math.inf) * math.exp(-whole("key_bits", key_bits, 1) * math.log(2))
    seen = whole("m", m) * math.exp(-whole("bits", bits, 1) * math.log(2))
    return min(1.0, 0.5 + (found + seen) / 2)
