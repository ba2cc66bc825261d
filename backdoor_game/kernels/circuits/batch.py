"""Many small circuits at once, each on inputs of its own or on all of them, straight from their codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...ground._jit import inline, kernel
from ..arguments import frozen
from ..packing import popcount
from .gates import SMALL, run_code, scratch
from .inputs import ALL, NONE, ONE, counted, pack_columns

Codes = npt.NDArray[np.int64]
Labels = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]


@inline
def _needed(code: Codes, n: int) -> int:
    """Gates up to the one that the output reads: what stands behind it is padding, or dead."""
    return max(0, int(code[code.size - 1] >> 1) - n)


@inline
def _complemented(values: Words, inputs: int) -> None:
    """The constants 0 and 1, and behind each input its complement: slot l holds literal l."""
    values[:SMALL] = NONE
    values[SMALL : 2 * SMALL] = ALL
    for i in range(inputs):
        base = 2 * (1 + i) * SMALL
        for k in range(SMALL):
            values[base + SMALL + k] = ~values[base + k]


@kernel
def _labels(codes: Codes, X: Labels, values: Words, out: Labels) -> None:
    """Rows of X (1 or B, m, n) under codes (B, L) into out (B, m)."""
    points = pack_columns(X[0])
    n, m = points.shape[0], X.shape[1]
    for r in range(codes.shape[0]):
        if r > 0 and X.shape[0] > 1:
            points = pack_columns(X[r])
        code = codes[r]
        gates, base = _needed(code, n), code[code.size - 1] * SMALL
        for start in range(0, points.shape[1], SMALL):
            count = min(SMALL, points.shape[1] - start)
            for i in range(n):
                for k in range(count):
                    values[2 * (1 + i) * SMALL + k] = points[i, start + k]
            _complemented(values, n)
            run_code(code, gates, 2 * (1 + n), values)
            for k in range(count):
                word, first = values[base + k], 64 * (start + k)
                for i in range(min(64, m - first)):
                    out[r, first + i] = (word >> np.uint64(i)) & ONE


@kernel
def _tables(codes: Codes, places: npt.NDArray[np.int32], values: Words, out: Words) -> None:
    """All 2^n inputs under codes (B, L) into out (B, max(1, 2^n / 64)); blocks outside, so that inputs are laid once.

    places (n,): the slots of the inputs.
    """
    n, words = places.size, out.shape[1]
    for start in range(0, words, SMALL):
        counted(values, places, start, SMALL)
        _complemented(values, n)
        for r in range(codes.shape[0]):
            code = codes[r]
            run_code(code, _needed(code, n), 2 * (1 + n), values)
            base = code[code.size - 1] * SMALL
            for k in range(min(SMALL, words - start)):
                out[r, start + k] = values[base + k]


@kernel
def _weights_apart(F: Words, G: Words, weights: Floats) -> Floats:
    out = np.empty(F.shape[0])
    for r in range(F.shape[0]):
        total = 0.0
        for w in range(F.shape[1]):
            differ, point = F[r, w] ^ G[r, w], 64 * w
            while differ != NONE:
                if differ & ONE:
                    total += weights[point]
                differ >>= ONE
                point += 1
        out[r] = total
    return out


@kernel
def _counts_apart(F: Words, G: Words) -> Codes:
    out = np.zeros(F.shape[0], np.int64)
    for r in range(F.shape[0]):
        for w in range(F.shape[1]):
            out[r] += popcount(F[r, w] ^ G[r, w])
    return out


def _literals(codes: Codes, n: int) -> int:
    return 2 * (1 + n) + int(codes.shape[1]) - 1


def labels(codes: Codes, X: Labels) -> Labels:
    """Labels of bits X (B, m, n) under codes (B, L), int64 literals that have been checked: uint8 (B, m).

    An X that repeats one set of points for every code (``np.broadcast_to``) is packed once.
    """
    rows, m, n = X.shape
    shared = rows > 0 and X.strides[0] == 0
    out = np.empty((rows, m), np.uint8)
    if out.size:
        points = frozen(X[:1] if shared else X, np.uint8)
        _labels(frozen(codes, np.int64), points, scratch(_literals(codes, n), SMALL), out)
    return out


def tables(codes: Codes, n: int) -> Words:
    """Labels on all 2^n inputs, packed: uint64 (B, max(1, 2^n / 64)), bits past 2^n zero."""
    words = 2 ** max(n - 6, 0)
    out = np.empty((len(codes), words), np.uint64)
    places = frozen(2 * np.arange(1, 1 + n), np.int32)
    _tables(frozen(codes, np.int64), places, scratch(_literals(codes, n), SMALL), out)
    return out & np.uint64(2 ** (2**n) - 1) if n < 6 else out


def counts_apart(F: Words, G: Words) -> Codes:
    """In how many bits rows of F and G (B, W) differ, int64 (B,)."""
    found: Codes = _counts_apart(frozen(F, np.uint64), frozen(G, np.uint64))
    return found


def weights_apart(F: Words, G: Words, weights: Floats) -> Floats:
    """The weights (64 W or fewer,) of the bits in which rows of F and G differ, added in their order: float64 (B,)."""
    found: Floats = _weights_apart(frozen(F, np.uint64), frozen(G, np.uint64), frozen(weights, np.float64))
    return found
