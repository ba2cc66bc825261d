"""Defences that read a model instead of learning it, and how many decision trees there are."""

import math

from .arguments import positive, real, whole, win


def leaf_mass_threshold(delta: float, leaves: int) -> float:
    """The mass delta/s under which a leaf is suspicious. *proved* [CHLX25] Theorem 6.1"""
    return positive("delta", delta, 1) / whole("leaves", leaves, 1)


def leaf_mass_bound(delta: float, leaves: int, epsilon: float) -> float:
    """What the leaf's mass wins on trees of s leaves over independent bits, [CHLX25] Theorem 6.1, constants ours.

    False alarms stay under delta. Misses stay under delta where epsilon < (delta/s)^2, and mean nothing above.
    *proved*
    """
    threshold = leaf_mass_threshold(delta, leaves)
    return win(delta, delta if real("epsilon", epsilon, 0, 1) < threshold**2 else 1.0)


def rare_conjunction_bound(epsilon: float) -> float:
    """What `RareConjunction` wins on ANDs of uniform bits: 1 - 2 epsilon, both error rates being at most 2 epsilon.

    *proved*
    """
    rate = 2 * real("epsilon", epsilon, 0, 1)
    return win(rate, rate)


def tree_vc_bound(bits: int, leaves: int) -> float:
    """The log2 of a bound on the number of trees, (s - 1)(2 + log2 n) + s, which no VC dimension exceeds. *proved*"""
    n, s = whole("bits", bits, 1), whole("leaves", leaves, 1)
    return (s - 1) * (2 + math.log2(n)) + s
