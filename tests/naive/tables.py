"""Labels from codes, entry by entry, and weights of disagreement, as sums over points."""

from __future__ import annotations

from collections.abc import Sequence

Row = Sequence[float]


def parity(code: Row, x: float) -> int:
    """The label of x: how many boundaries it has reached, mod 2."""
    return len([b for b in code if b <= x]) % 2


def in_box(low: Row, high: Row, x: Row) -> int:
    return int(all(a <= c <= b for a, c, b in zip(low, x, high, strict=True)))


def inner_product(s: Sequence[int], x: Sequence[int]) -> int:
    return len([i for i, bit in enumerate(s) if bit and x[i]]) % 2


def differences(f: Row, g: Row) -> int:
    return len([None for a, b in zip(f, g, strict=True) if a != b])


def weight_of_difference(f: Row, g: Row, weights: Row) -> float:
    """Added in the order of the points."""
    total = 0.0
    for a, b, weight in zip(f, g, weights, strict=True):
        total += weight if a != b else 0.0
    return total


def chosen_legal(table: Sequence[Row], f: Row, place: int, weights: Row, limit: float, fraction: float) -> int:
    """Number floor(fraction * count) of the members that differ at the place and are within the limit, or -1."""
    legal = [i for i, g in enumerate(table) if g[place] != f[place] and weight_of_difference(f, g, weights) <= limit]
    return legal[int(fraction * len(legal))] if legal else -1
