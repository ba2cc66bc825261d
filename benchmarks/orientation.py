"""One-inclusion orientations against scipy's maximum_flow, on random and natural classes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from backdoor_game.kernels.one_inclusion import orient

from .timing import Bar, Row, compare

BAR = Bar(4.0, 20.0)


def graph(vertices: np.ndarray, points: int) -> np.ndarray:
    """The edges as pairs of positions, shape (E, 2)."""
    pairs = [np.empty((0, 2), np.int64)]
    for j in range(points):
        bit = np.uint64(1) << np.uint64(j)
        low = np.flatnonzero((vertices & bit) == 0)
        across = np.minimum(np.searchsorted(vertices, vertices[low] | bit), vertices.size - 1)
        found = vertices[across] == vertices[low] | bit
        pairs.append(np.stack([low[found], across[found]], axis=1))
    return np.concatenate(pairs)


def network(vertices: np.ndarray, points: int, bound: int) -> tuple[csr_matrix, int]:
    """Source -> edge -> the end that it leaves -> sink with capacity `bound`; and the number of edges."""
    pairs = graph(vertices, points)
    edges, size = len(pairs), vertices.size
    tails = np.concatenate([np.zeros(edges), np.repeat(np.arange(1, edges + 1), 2), np.arange(size) + edges + 1])
    heads = np.concatenate([np.arange(1, edges + 1), pairs.ravel() + edges + 1, np.full(size, edges + size + 1)])
    capacity = np.concatenate([np.ones(3 * edges), np.full(size, bound)]).astype(np.int32)
    shape = (edges + size + 2, edges + size + 2)
    return csr_matrix((capacity, (tails.astype(np.int32), heads.astype(np.int32))), shape=shape), edges


def classes() -> Iterator[tuple[str, np.ndarray, int]]:
    """Labelings of k points: name, sorted words, k."""
    rng = np.random.default_rng(0)
    yield "1,500 random of 2^12", np.sort(rng.choice(2**12, 1500, replace=False)).astype(np.uint64), 12
    yield "40,000 random of 2^16", np.sort(rng.choice(2**16, 40_000, replace=False)).astype(np.uint64), 16
    yield "all labelings of 10 points", np.arange(2**10, dtype=np.uint64), 10
    ends = list(itertools.combinations(range(32), 2))
    intervals = np.unique([0, *((1 << b) - (1 << a) for a, b in ends)]).astype(np.uint64)
    yield "intervals on 31 points", intervals, 31
    low = [sum(1 << j for j in s) for k in range(4) for s in itertools.combinations(range(16), k)]
    yield "sets of at most 3 of 16 points", np.sort(low).astype(np.uint64), 16
    planes = rng.standard_normal((4000, 3)) @ np.vstack([np.ones(24), rng.standard_normal((2, 24))]) > 0
    yield "half-planes on 24 points", np.unique(planes @ (1 << np.arange(24))).astype(np.uint64), 24


def rows(rounds: int) -> Iterator[Row]:
    """The peer is given its network and the best bound: one call of maximum_flow is all that is timed of it."""
    for name, vertices, points in classes():
        out, largest = orient(vertices, points)
        best, edges = network(vertices, points, largest)
        sink = best.shape[0] - 1
        assert np.bitwise_count(out).sum() == edges
        assert np.bitwise_count(out).max() == largest
        assert maximum_flow(best, 0, sink).flow_value == edges
        assert maximum_flow(network(vertices, points, largest - 1)[0], 0, sink).flow_value < edges
        yield compare(
            f"orientation: {name}, vs scipy maximum_flow",
            lambda v=vertices, k=points: orient(v, k),
            lambda n=best, t=sink: maximum_flow(n, 0, t),
            bar=BAR,
            rounds=rounds,
        )
