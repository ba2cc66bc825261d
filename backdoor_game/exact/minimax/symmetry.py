"""The symmetries of a class, and an order of the weights that they allow to assume."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from ...functions.base import Labels

MOST_POINTS = 6  # 720 permutations; beyond, only exchanges of two points are looked at


def ordered_weights(labels: Labels) -> list[tuple[int, int]]:
    """Pairs (x, y) with D(x) >= D(y) for some D of least value.

    A permutation of the points that maps the class to itself, up to XOR with one labeling, maps legal pairs to legal
    pairs and leaves the value as it is. Among the images of a best D under the group G of these take the one that is
    lexicographically largest: if g in G fixes 0 .. x - 1 and takes y to x then D(x) >= D(y), since the image under g
    is not larger and begins alike (theory/minimax.py).
    """
    N = labels.shape[1]
    group = symmetries(labels) if N <= MOST_POINTS else None
    orbits = _stabilised(group, N) if group is not None else _exchanged(labels)
    return [(x, y) for x, orbit in orbits for y in sorted(orbit) if y != x]


def symmetries(labels: Labels) -> list[tuple[int, ...]]:
    """All permutations of the points under which the class is itself up to XOR with one labeling."""
    return [order for order in itertools.permutations(range(labels.shape[1])) if _keeps(labels, order)]


def _keeps(labels: Labels, order: tuple[int, ...]) -> bool:
    """Whether the rows with their columns in this order are the rows again, XOR one labeling."""
    rows = _numbers(labels)
    moved = _numbers(labels[:, order])
    # the labeling takes the first row to some row
    return any({one ^ moved[0] ^ goal for one in moved} == set(rows) for goal in rows)


def _numbers(labels: Labels) -> list[int]:
    return [int("".join(map(str, row)) or "0", 2) for row in labels.tolist()]


def _stabilised(group: Iterable[tuple[int, ...]], points: int) -> Iterable[tuple[int, set[int]]]:
    """Each point's orbit under the symmetries that fix all points before it."""
    left = list(group)
    for x in range(points):
        yield x, {order[x] for order in left}
        left = [order for order in left if order[x] == x]


def _exchanged(labels: Labels) -> Iterable[tuple[int, set[int]]]:
    """The later points with which each may change places: such exchanges fix all points before it."""
    N = labels.shape[1]
    for x in range(N):
        orders = ((y, _exchange(N, x, y)) for y in range(x + 1, N))
        yield x, {x, *(y for y, order in orders if _keeps(labels, order))}


def _exchange(points: int, x: int, y: int) -> tuple[int, ...]:
    order = list(range(points))
    order[x], order[y] = y, x
    return tuple(order)
