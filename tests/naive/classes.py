"""Function classes from their definitions: which labelings are members, VC dimension, closure; sets and loops only."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence

Labeling = tuple[int, ...]
Point = tuple[int, ...]


def runs(labeling: Sequence[int]) -> int:
    """Number of maximal stretches of ones."""
    return sum(1 for before, here in zip((0, *labeling), labeling, strict=False) if here and not before)


def is_threshold(labeling: Sequence[int]) -> bool:
    return all(a <= b for a, b in itertools.pairwise(labeling))


def is_box(ones: set[Point], points: Sequence[Point]) -> bool:
    """Whether the ones are all points inside their own bounding box (or none)."""
    if not ones:
        return True
    spans = [(min(axis), max(axis)) for axis in zip(*ones, strict=True)]
    return ones == {p for p in points if all(a <= c <= b for c, (a, b) in zip(p, spans, strict=True))}


def is_linear(ones: set[Point], points: Sequence[Point]) -> bool:
    """Whether f(x + y) = f(x) + f(y) over GF(2)."""
    return all(
        (tuple(a ^ b for a, b in zip(x, y, strict=True)) in ones) == ((x in ones) ^ (y in ones))
        for x, y in itertools.product(points, repeat=2)
    )


def ones_of(labeling: Sequence[int], points: Sequence[Point]) -> set[Point]:
    return {p for p, label in zip(points, labeling, strict=True) if label}


def vc_dimension(table: Iterable[Labeling]) -> int:
    """The largest size of a set of places on which every labeling occurs; a superset of no such set can be one."""
    rows = set(table)
    places = range(len(next(iter(rows))))

    def shatters_some(d: int) -> bool:
        return any(len({tuple(row[p] for p in s) for row in rows}) == 2**d for s in itertools.combinations(places, d))

    return next(d for d in itertools.count() if not shatters_some(d + 1))


@functools.cache
def computed(inputs: int, gates: int) -> frozenset[Labeling]:
    """What circuits of at most so many AND gates with inverters compute, one input vector after another."""
    vectors = list(itertools.product((0, 1), repeat=inputs))
    points = [vector[::-1] for vector in vectors]  # the first bit is the least significant
    wires = [tuple(point[i] for point in points) for i in range(inputs)] + [(0,) * len(points)]

    def with_more(wires: list[Labeling], left: int) -> set[Labeling]:
        found = {*wires, *(tuple(1 - bit for bit in wire) for wire in wires)}
        if left:
            for a, b in itertools.combinations_with_replacement(sorted(found), 2):
                found |= with_more([*wires, tuple(p & q for p, q in zip(a, b, strict=True))], left - 1)
        return found

    return frozenset(with_more(wires, gates))


def intersection(rows: Iterable[Labeling]) -> Labeling:
    return tuple(min(column) for column in zip(*rows, strict=True))


def is_intersection_closed(table: Iterable[Labeling]) -> bool:
    rows = set(table)
    return all(intersection(pair) in rows for pair in itertools.combinations(rows, 2))


def closure(table: Iterable[Labeling], positives: Iterable[int]) -> Labeling:
    """The intersection of all members that hold the given places."""
    places = list(positives)
    return intersection(row for row in table if all(row[p] for p in places))
