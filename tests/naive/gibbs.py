"""Gibbs laws from the definition, in fractions, and the draws that the counter hash makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Labels = Sequence[int]
Table = Sequence[Labels]
MASK = (1 << 64) - 1


def word(key: int, i: int) -> int:
    """Word i of the splitmix64 stream that starts at `key`, in Python's integers."""
    z = (key + (i + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def distance(f: Labels, g: Labels) -> int:
    return sum(a != b for a, b in zip(f, g, strict=True))


def law(weights: Sequence[float]) -> list[Fraction]:
    """Exact probabilities proportional to the weights as they are stored."""
    total = sum(map(Fraction, weights))
    return [Fraction(w) / total for w in weights]


def uniform_weights(table: Table, f: Labels, by_distance: Sequence[float]) -> list[float]:
    return [by_distance[distance(f, g)] for g in table]


def product_weight(f: Labels, g: Labels, factors: Sequence[float]) -> float:
    """The factors of the points where f and g differ: octets in order, each from its last point."""
    product = 1.0
    for first in range(0, len(f), 8):
        octet = 1.0
        for p in reversed(range(first, min(first + 8, len(f)))):
            octet *= factors[p] if f[p] != g[p] else 1.0
        product *= octet
    return product


def disagreement(table: Table, f: Labels, weights: Sequence[float], x: int) -> Fraction:
    """Pr[g(x) != f(x)] under the law of the weights."""
    return sum((p for g, p in zip(table, law(weights), strict=True) if g[x] != f[x]), Fraction(0))


def _first_above(weights: Sequence[float], share: float) -> int:
    """The first index at which the running sum exceeds its share of the total, or reaches the total."""
    total = 0.0
    for weight in weights:
        total += weight
    reached = 0.0
    for i, weight in enumerate(weights):
        reached += weight
        if reached > share * total or reached == total:
            return i
    raise AssertionError("the sum reaches its total")


def draw_uniform(
    table: Table, f: Labels, by_distance: Sequence[float], key: int, draws: int, start: int
) -> list[int]:
    """A distance by the even words of the stream, then a member at that distance by the odd ones."""
    shells: list[list[int]] = [[] for _ in by_distance]
    for i, g in enumerate(table):
        shells[distance(f, g)].append(i)
    sizes = [len(shell) * weight for shell, weight in zip(shells, by_distance, strict=True)]
    if sum(sizes) == 0.0:
        closest = next(k for k, shell in enumerate(shells) if shell)
        sizes = [float(k == closest) for k in range(len(shells))]
    drawn = []
    for i in range(draws):
        shell = shells[_first_above(sizes, (word(key, start + 2 * i) >> 11) * 2.0**-53)]
        place = int((word(key, start + 2 * i + 1) >> 11) * 2.0**-53 * len(shell))
        drawn.append(shell[min(place, len(shell) - 1)])
    return drawn


def draw_weighted(weights: Sequence[float], key: int, draws: int, start: int) -> list[int]:
    """The function at which the running sum exceeds its share, by the even words of the stream."""
    return [_first_above(weights, (word(key, start + 2 * i) >> 11) * 2.0**-53) for i in range(draws)]
