"""One-inclusion graphs and learners from the definition: sets, exhaustive search and a maximum flow."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

Table = Sequence[Sequence[int]]
Labeling = tuple[int, ...]
Edge = tuple[Labeling, Labeling]


def labelings(table: Iterable[Sequence[int]], points: Sequence[int]) -> set[Labeling]:
    """The distinct restrictions of the functions to the points."""
    return {tuple(int(row[p]) for p in points) for row in table}


def edges(vertices: set[Labeling]) -> list[Edge]:
    """Pairs of labelings that differ in one point."""
    pairs = itertools.combinations(sorted(vertices), 2)
    return [(u, v) for u, v in pairs if sum(a != b for a, b in zip(u, v, strict=True)) == 1]


def least_by_search(vertices: set[Labeling]) -> int:
    """The least possible largest out-degree, over every one of the 2^edges orientations."""
    graph = edges(vertices)
    best = len(graph)
    for heads in itertools.product((0, 1), repeat=len(graph)):
        tails = [edge[1 - head] for edge, head in zip(graph, heads, strict=True)]
        best = min(best, max((tails.count(v) for v in vertices), default=0))
    return best


def least_by_flow(vertices: set[Labeling]) -> int:
    """The same number: an orientation within k is a flow edge -> tail -> sink with capacity k a vertex."""
    graph, order = edges(vertices), {v: i for i, v in enumerate(sorted(vertices))}
    for bound in range(len(graph) + 1):
        size = 2 + len(graph) + len(order)
        capacity = np.zeros((size, size), np.int32)
        for i, edge in enumerate(graph):
            capacity[0, 2 + i] = 1
            for end in edge:
                capacity[2 + i, 2 + len(graph) + order[end]] = 1
        capacity[2 + len(graph) :, 1] = bound
        if maximum_flow(csr_matrix(capacity), 0, 1).flow_value == len(graph):
            return bound
    raise AssertionError("each vertex may take all its edges")


def vc_dimension(table: Table, points: int) -> int:
    """The largest size of a set of points on which every labeling occurs."""

    def shattered(size: int) -> bool:
        sets = itertools.combinations(range(points), size)
        return any(len(labelings(table, s)) == 2**size for s in sets)

    return max(filter(shattered, range(points + 1)))


def predict(table: Table, sample: Sequence[tuple[int, int]], x: int, leaves: dict[Edge, Labeling]) -> int:
    """The learner's answer, given which vertex each edge of its graph leaves."""
    known = dict(sample)
    if x in known:
        return known[x]
    points = sorted({*known, x})

    def fits(v: Labeling) -> bool:
        return all(known.get(p, a) == a for p, a in zip(points, v, strict=True))

    fitting = sorted(filter(fits, labelings(table, points)))
    if len(fitting) == 2:
        fitting.remove(leaves[fitting[0], fitting[1]])
    return fitting[0][points.index(x)]
