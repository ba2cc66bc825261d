"""Obfuscated keyed functions: how far an unbounded defender and one that searches keys can get."""

import math

from ..ground.errors import InvalidArgument
from .arguments import whole

EXACT_BITS = 12  # from 13 bits on the series is off by under 1e-13, and the binomial has 2^n digits


def keyed_class_vc_bound(key_bits: int, bits: int) -> int:
    """kappa + n: no more is the VC dimension of 2^kappa functions of n bits with all their one-point changes.

    There are at most 2^kappa (2^n + 1) of them, fewer than 2^(kappa + n + 1). *proved*
    """
    return whole("key_bits", key_bits) + whole("bits", bits, 1)


def chance_matches(key_bits: int, bits: int) -> float:
    """How many wrong keys of an ideal keyed function match a table off one point, on average.

    (2^kappa - 1) 2^(1 - 2^n), under 2^-11 where 2^n >= kappa + 12, for kappa up to 1023. *proved*
    """
    if whole("key_bits", key_bits) > 1023:
        raise InvalidArgument(f"key_bits must be at most 1023, got {key_bits!r}")
    return float(2 ** int(key_bits) - 1) * _match(bits)


def key_search_advantage(key_bits: int, bits: int, budget: int) -> float:
    """Detections less false alarms of a search through q keys, averaged over ideal keyed functions.

    The first key that matches off the input decides. The true key stands at each place alike and is reached if no other
    before it matches; any other is as often wrong as right: 2^-kappa (1 - (1 - p)^q) / p, p = 2^(1 - 2^n), which is
    q / 2^kappa but for a share of q p / 2 at most. *proved*
    """
    q, p = whole("budget", budget), _match(bits)
    reached = -math.expm1(q * math.log1p(-p)) / p if p < 1 else float(min(q, 1))
    return min(math.ldexp(reached, -whole("key_bits", key_bits)), 1.0)


def label_balance_advantage(bits: int) -> float:
    """What the rarer label alone tells about one fixed, uniformly drawn f: C(N, N/2) / 2^N with N = 2^n.

    About .8 / 2^(n/2): so the key must be fresh every round. Exact up to 12 bits; beyond by sqrt(2 / (pi N))
    (1 - 1/(4 N) + 1/(32 N^2)), which leaves out a share of some 5/(128 N^3), under 1e-13. *proved*
    """
    n = whole("bits", bits, 1)
    if n <= EXACT_BITS:
        N = 1 << n
        return math.comb(N, N // 2) / (1 << N)
    r = math.ldexp(1.0, -n)
    return math.sqrt(2 / math.pi) * float(2.0 ** (-n / 2)) * (1 - r / 4 + r * r / 32)


def _match(bits: int) -> float:
    """The chance that two independent tables of n bits agree off one point."""
    # Not under 2^-1070: as 0 the chance could not be divided by.
    return math.ldexp(1.0, max(1 - 2 ** min(whole("bits", bits), 11), -1070))
