"""Draws from a class with a weight that multiplies one factor for each point where two functions differ."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..ground._jit import kernel
from ..ground.errors import InvalidArgument
from .arguments import frozen, indices
from .hashing import fraction, word

BUFFER = 1 << 25  # bytes of tables that are held: 32 MiB
BLOCK = 256  # functions whose chains of products overlap: from 32 to 4,096 the time changes by a tenth
UNDERFLOW = "tables gives every function the weight 0 for some row; take a smaller beta"
ONE, OCTET, BY_8 = np.uint64(1), np.uint64(255), np.uint64(8)  # uint64: beside a plain 1 numba goes on in signed int64
Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@kernel
def first_above(reached: Floats, share: float) -> int:
    """The first index at which a cumulated weight exceeds its share of the last one (found by halving).

    That the last value itself is enough keeps a share that rounding has carried up to the total in range.
    """
    total = reached[reached.size - 1]
    level = share * total
    low, high = 0, reached.size - 1
    while low < high:
        middle = (low + high) // 2
        if reached[middle] > level or reached[middle] == total:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def byte_tables(factors: Floats) -> Floats:
    """For each byte of a packed row the product of the factors of its set bits, the highest bit first.

    Parameters
    ----------
    factors : ndarray of float64, shape (T, N)
        ``exp(-beta D(x))`` for a law D, ``exp(-beta count(x) / m)`` for a sample of m.

    Returns
    -------
    ndarray of float64, shape (T, 8 ceil(N / 64), 256)
    """
    points = factors.shape[1]
    tables = np.ones((factors.shape[0], (points + 63) // 64 * 8, 256), np.float64)
    for t in range(tables.shape[0]):
        for octet in range((points + 7) // 8):
            for value in range(1, 256):
                low = 0
                while (value >> low) & 1 == 0:
                    low += 1
                point = 8 * octet + low
                factor = factors[t, point] if point < points else 1.0
                # without its lowest bit a value is smaller, and its product is known
                tables[t, octet, value] = tables[t, octet, value & (value - 1)] * factor
    return tables


@kernel
def _weigh(packed: Words, row: Words, table: Floats, out: Floats) -> None:
    """Weights of a block of functions: bytes in order; the functions' chains of products run side by side."""
    out[:] = 1.0
    for w in range(row.size):
        for f in range(out.size):
            differ, weight = packed[f, w] ^ row[w], out[f]
            for octet in range(8 * w, 8 * w + 8):
                weight *= table[octet, differ & OCTET]
                differ >>= BY_8
            out[f] = weight


@kernel
def _draw(packed: Words, rows: Words, tables: Floats, keys: Words, start: int, draws: int) -> Integers:
    drawn = np.empty((rows.shape[0], draws), np.int64)
    reached = np.empty(packed.shape[0], np.float64)
    for b in range(rows.shape[0]):
        table = tables[b if tables.shape[0] > 1 else 0]
        total = 0.0
        for first in range(0, reached.size, BLOCK):
            last = min(first + BLOCK, reached.size)
            _weigh(packed[first:last], rows[b], table, reached[first:last])
            for f in range(first, last):
                total += reached[f]
                reached[f] = total
        for i in range(draws):
            chosen = first_above(reached, fraction(word(keys[b], start + 2 * i)))
            drawn[b, i] = chosen if total > 0.0 else -1
    return drawn


@kernel
def _probability(packed: Words, rows: Words, tables: Floats, points: Integers) -> Floats:
    answers = np.empty(rows.shape[0], np.float64)
    weights = np.empty(BLOCK, np.float64)
    for b in range(rows.shape[0]):
        table = tables[b if tables.shape[0] > 1 else 0]
        at, shift = points[b] // 64, np.uint64(points[b] % 64)
        agree, disagree = 0.0, 0.0
        for first in range(0, packed.shape[0], BLOCK):
            part = packed[first : first + BLOCK]
            _weigh(part, rows[b], table, weights[: part.shape[0]])
            for f in range(part.shape[0]):
                if ((part[f, at] ^ rows[b, at]) >> shift) & ONE == ONE:
                    disagree += weights[f]
                else:
                    agree += weights[f]
        answers[b] = disagree / (agree + disagree) if agree + disagree > 0.0 else -1.0
    return answers


def check_class(packed: Words, rows: Words) -> None:
    """Raise unless there is a class to draw from, packed as the rows are."""
    if packed.shape[0] == 0 or rows.shape[1] != packed.shape[1]:
        shapes = f"packed has shape {packed.shape} and rows {rows.shape}"
        raise InvalidArgument(f"{shapes}; give (F, W) with F > 0, and (B, W)")


def _checked(packed: Words, rows: Words, tables: Floats) -> Floats:
    tables = tables.reshape(-1, tables.shape[-2], 256)
    check_class(packed, rows)
    if tables.shape[0] not in (1, rows.shape[0]) or tables.shape[1] != 8 * packed.shape[1]:
        raise InvalidArgument(
            f"tables has shape {tables.shape}; give one of (1 or {rows.shape[0]}, {8 * packed.shape[1]}, 256)"
        )
    return frozen(tables, np.float64)


def gibbs_tables(
    packed: Words, rows: Words, tables: Floats, keys: Words, draws: int = 1, *, start: int = 0
) -> Integers:
    """Indices of functions drawn with P(g) proportional to a product of table entries.

    Parameters
    ----------
    packed, rows : ndarray of uint64, shapes (F, W), (B, W)
        As in `gibbs.gibbs_uniform`.
    tables : ndarray of float64, shape (8 W, 256), (1, 8 W, 256) or (B, 8 W, 256)
        The weight of g is the product over octets o, in order, of ``tables[o][octet o of g ^ row]``.
    keys : ndarray of uint64, shape (B,)
        Draw i uses word ``start + 2 i``: the first function at which the cumulated weight exceeds its share.

    Returns
    -------
    ndarray of int64, shape (B, draws)

    Raises
    ------
    InvalidArgument
        If every weight of some row is 0; never where the row is in the class and ``tables[:, 0]`` is 1.
    """
    tables = _checked(packed, rows, tables)
    shown, words = frozen(rows, np.uint64), frozen(keys, np.uint64)
    drawn = _draw(frozen(packed, np.uint64), shown, tables, words, start, draws)
    if drawn.size and drawn.min() < 0:
        raise InvalidArgument(UNDERFLOW)
    return drawn


def gibbs_weighted(
    packed: Words, rows: Words, factors: Floats, keys: Words, draws: int = 1, *, start: int = 0
) -> Integers:
    """`gibbs_tables` with ``byte_tables(factors)``, of which no more than 32 MiB exist at a time.

    Parameters
    ----------
    factors : ndarray of float64, shape (N,), (1, N) or (B, N)
        Point x multiplies the weight of a function that differs there by ``factors[..., x]``.
    """
    factors = frozen(factors, np.float64).reshape(-1, factors.shape[-1])
    if factors.shape[0] == 1:
        return gibbs_tables(packed, rows, byte_tables(factors), keys, draws, start=start)
    drawn = np.empty((rows.shape[0], draws), np.int64)
    # a row has 8 tables a word, of 256 float64 each
    step = max(1, BUFFER // (2048 * 8 * packed.shape[1]))
    for first in range(0, rows.shape[0], step):
        p = slice(first, first + step)
        drawn[p] = gibbs_tables(packed, rows[p], byte_tables(factors[p]), keys[p], draws, start=start)
    return drawn


def gibbs_tables_probability(packed: Words, rows: Words, tables: Floats, points: Integers) -> Floats:
    """Probability that a draw of `gibbs_tables` for row b differs from it at point ``points[b]``; (B,)."""
    tables = _checked(packed, rows, tables)
    shown, places = frozen(rows, np.uint64), indices("points", points, 64 * packed.shape[1])
    answers = _probability(frozen(packed, np.uint64), shown, tables, places)
    if answers.size and answers.min() < 0.0:
        raise InvalidArgument(UNDERFLOW)
    return answers
