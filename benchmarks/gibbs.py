"""A Gibbs draw from a class of a million functions on 1,024 points, against NumPy on the same packed array."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backdoor_game.ground.streams import draws
from backdoor_game.kernels.gibbs import gibbs_uniform

from .timing import Bar, Row, compare

FUNCTIONS, POINTS, BETA = 1_000_000, 1024, 40.0


def numpy_distances(packed: np.ndarray, row: np.ndarray) -> np.ndarray:
    return np.bitwise_count(packed ^ row).sum(axis=1)


def numpy_draw(packed: np.ndarray, row: np.ndarray, weights: np.ndarray, key: np.ndarray) -> int:
    """The same draw from the same two words: histogram, weighted distances, then a member of the one chosen."""
    distances = numpy_distances(packed, row)
    counts = np.bincount(distances, minlength=weights.size)
    reached = np.cumsum(counts * weights)
    shares = (draws(key, 0, 2)[0] >> np.uint64(11)).astype(np.float64) * 2.0**-53
    distance = int(np.searchsorted(reached, shares[0] * reached[-1], side="right"))
    return int(np.flatnonzero(distances == distance)[int(shares[1] * counts[distance])])


def rows(rounds: int) -> Iterator[Row]:
    rng = np.random.default_rng(0)
    packed = rng.integers(2**64, size=(FUNCTIONS, POINTS // 64), dtype=np.uint64)
    row = packed[12_345].copy()
    weights = np.exp(-BETA * np.arange(POINTS + 1) / POINTS)
    keys = rng.integers(2**64, size=(20, 1), dtype=np.uint64)
    for key in keys:
        ours = int(gibbs_uniform(packed, row[None], weights, key)[0, 0])
        assert ours == numpy_draw(packed, row, weights, key)
    yield compare(
        "gibbs: one draw, 1e6 functions x 1024 points, vs NumPy bitwise_count",
        lambda: gibbs_uniform(packed, row[None], weights, keys[0]),
        lambda: numpy_draw(packed, row, weights, keys[0]),
        bar=Bar(4.5, 8.0),
        rounds=rounds,
    )
    yield compare(
        "gibbs: share of the bandwidth of one read of the class by NumPy",
        lambda: gibbs_uniform(packed, row[None], weights, keys[0]),
        lambda: np.bitwise_or.reduce(packed, axis=None),
        rounds=rounds,
    )
