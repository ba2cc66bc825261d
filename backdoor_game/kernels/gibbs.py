"""Draws from a class with a weight that depends on the Hamming distance to the function shown."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..ground._jit import kernel
from ..ground.errors import InvalidArgument
from .arguments import frozen, indices
from .gibbs_factors import (
    byte_tables,
    check_class,
    first_above,
    gibbs_tables,
    gibbs_tables_probability,
    gibbs_weighted,
)
from .hashing import below, fraction, word
from .packing import popcount

__all__ = [
    "byte_tables",
    "gibbs_probability",
    "gibbs_tables",
    "gibbs_tables_probability",
    "gibbs_uniform",
    "gibbs_weighted",
]

BUFFER = 1 << 25  # bytes of distances that are held: 32 MiB
BLOCK = 2048  # functions: 20 KiB with their distances, in the first cache; 256 take twice the time, 16,384 the same
ROWS = 64  # that meet a block while it is in the cache: from 8 to 256 the time changes by a fifth
ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64
Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Distances = npt.NDArray[np.uint16]


@kernel
def _distances(packed: Words, row: Words, out: Distances) -> None:
    """Hamming distances of one row to all: one word a function has a loop of its own, which vectorises."""
    words = row.size
    if words == 1:
        flat, only = packed.reshape(-1), row[0]
        for f in range(out.size):
            out[f] = popcount(flat[f] ^ only)
        return
    for f in range(out.size):
        total = 0
        for w in range(words):
            total += popcount(packed[f, w] ^ row[w])
        out[f] = total


@kernel
def _cumulate(counts: Integers, weights: Floats, reached: Floats) -> None:
    """Cumulated weights of the distances, upwards; if all have underflowed to 0, the closest alone has 1."""
    total, nearest = 0.0, -1
    for k in range(counts.size):
        total += counts[k] * weights[k]
        reached[k] = total
        if nearest < 0 and counts[k] > 0:
            nearest = k
    if total == 0.0:
        reached[nearest:] = 1.0


@kernel
def _member(distances: Distances, wanted: int, rank: int) -> int:
    """Index of the function number `rank` among those at distance `wanted`: count by blocks, then singly."""
    first = 0
    while True:
        last = min(first + 256, distances.size)
        found = 0
        for f in range(first, last):
            found += 1 if distances[f] == wanted else 0
        if rank < found:
            break
        rank -= found
        first = last
    for f in range(first, last):
        if distances[f] == wanted:
            if rank == 0:
                return f
            rank -= 1
    return -1


@kernel
def _draw(packed: Words, rows: Words, weights: Floats, keys: Words, start: int, draws: int, buffered: int) -> Integers:
    """Blocks of functions meet a few rows at a time, while they are in the cache.

    Four histograms take turns: a count that waits for the one before it is slower than the distances.
    """
    drawn = np.empty((rows.shape[0], draws), np.int64)
    functions = packed.shape[0]
    distances = np.empty((buffered, functions), np.uint16)
    counts = np.empty((buffered, 4, weights.size), np.int64)
    reached = np.empty(weights.size, np.float64)
    for base in range(0, rows.shape[0], buffered):
        held = min(buffered, rows.shape[0] - base)
        counts[:] = 0
        for first in range(0, functions, BLOCK):
            last = min(first + BLOCK, functions)
            for b in range(held):
                _distances(packed[first:last], rows[base + b], distances[b, first:last])
                for f in range(first, last):
                    counts[b, f & 3, distances[b, f]] += 1
        for b in range(held):
            shells = counts[b, 0] + counts[b, 1] + counts[b, 2] + counts[b, 3]
            _cumulate(shells, weights, reached)
            for i in range(draws):
                k = first_above(reached, fraction(word(keys[base + b], start + 2 * i)))
                rank = below(word(keys[base + b], start + 2 * i + 1), shells[k])
                drawn[base + b, i] = _member(distances[b], k, rank)
    return drawn


@kernel
def _probability(packed: Words, rows: Words, weights: Floats, points: Integers) -> Floats:
    answers = np.empty(rows.shape[0], np.float64)
    distances = np.empty(BLOCK, np.uint16)
    counts = np.empty((2, weights.size), np.int64)
    for b in range(rows.shape[0]):
        at, shift = points[b] // 64, np.uint64(points[b] % 64)
        counts[:] = 0
        for first in range(0, packed.shape[0], BLOCK):
            part = packed[first : first + BLOCK]
            _distances(part, rows[b], distances[: part.shape[0]])
            for f in range(part.shape[0]):
                differs = np.int64(((part[f, at] ^ rows[b, at]) >> shift) & ONE)
                counts[differs, distances[f]] += 1
        agree, disagree, nearest = 0.0, 0.0, -1
        for k in range(weights.size):
            agree += counts[0, k] * weights[k]
            disagree += counts[1, k] * weights[k]
            if nearest < 0 and counts[0, k] + counts[1, k] > 0:
                nearest = k
        if agree + disagree > 0.0:
            answers[b] = disagree / (agree + disagree)
        else:
            answers[b] = counts[1, nearest] / (counts[0, nearest] + counts[1, nearest])
    return answers


def _padded(packed: Words, rows: Words, weights: Floats) -> Floats:
    """The weights, with zeros up to the distance 64 W, so that no row can be counted out of bounds."""
    check_class(packed, rows)
    most = 64 * packed.shape[1]
    if not 0 < weights.size <= most + 1 <= 1 << 16:
        most = min(most, (1 << 16) - 64)
        raise InvalidArgument(f"weights has {weights.size} entries; give N + 1 for N <= {most} points")
    padded = np.zeros(most + 1)
    padded[: weights.size] = weights
    return frozen(padded, np.float64)


def gibbs_uniform(
    packed: Words, rows: Words, weights: Floats, keys: Words, draws: int = 1, *, start: int = 0
) -> Integers:
    """Indices of functions drawn with P(g) proportional to ``weights[distance(g, row)]``.

    Parameters
    ----------
    packed : ndarray of uint64, shape (F, W)
        The class, as `packing.pack_rows` gives it.
    rows : ndarray of uint64, shape (B, W)
        The functions shown, packed likewise.
    weights : ndarray of float64, shape (N + 1,)
        Weight of distance k, for example ``exp(-beta k / N)``. Where all weights met are 0 (a large beta and
        a row outside the class) the draw is uniform over the closest functions.
    keys : ndarray of uint64, shape (B,)
        Draw i uses words ``start + 2 i`` (which distance) and ``start + 2 i + 1`` (which function at it).

    Returns
    -------
    ndarray of int64, shape (B, draws)
    """
    padded = _padded(packed, rows, weights)
    classes, shown, words = frozen(packed, np.uint64), frozen(rows, np.uint64), frozen(keys, np.uint64)
    buffered = max(1, min(rows.shape[0], ROWS, BUFFER // (2 * packed.shape[0])))
    return _draw(classes, shown, padded, words, start, draws, buffered)


def gibbs_probability(packed: Words, rows: Words, weights: Floats, points: Integers) -> Floats:
    """Probability that a draw of `gibbs_uniform` for row b differs from it at point ``points[b]``; (B,)."""
    padded = _padded(packed, rows, weights)
    classes, shown = frozen(packed, np.uint64), frozen(rows, np.uint64)
    places = indices("points", points, 64 * packed.shape[1])
    return _probability(classes, shown, padded, places)
