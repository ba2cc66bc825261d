"""Linear algebra over the field with two elements, 64 coordinates a word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


def echelon(rows: Bits) -> tuple[Bits, Integers]:
    """The reduced row echelon basis of a row space, shape (r, d), and the r pivot columns, which rise.

    Parameters
    ----------
    rows : ndarray of uint8, shape (q, d)
        Zeros and ones.
    """
    q, d = rows.shape
    words = _packed(rows)
    pivots: list[int] = []
    for column in range(d):
        if len(pivots) == q:
            break
        ones = np.flatnonzero(words[:, column // 64] >> np.uint64(63 - column % 64) & np.uint64(1))
        at = len(pivots)
        pivot = ones[np.searchsorted(ones, at) :][:1]
        if len(pivot):
            row = words[pivot[0]].copy()
            words[ones] ^= row  # the pivot's own too, which makes room for the row that it changes places with
            words[pivot[0]] = words[at]
            words[at] = row
            pivots.append(column)
    basis = np.unpackbits(words[: len(pivots)].astype(">u8").view(np.uint8), axis=1, count=d)
    return basis.reshape(len(pivots), d), np.array(pivots, dtype=np.int64)


def complement(rows: Bits) -> tuple[Bits, Integers]:
    """A basis of all vectors orthogonal to the rows (q, d), shape (k, d), and for each a column where it alone is 1."""
    d = rows.shape[1]
    basis, pivots = echelon(rows)
    free = np.setdiff1d(np.arange(d), pivots)
    equations = np.zeros((len(free), d), dtype=np.uint8)
    equations[np.arange(len(free)), free] = 1
    equations[:, pivots] = basis[:, free].T
    return equations, free


def _packed(rows: Bits) -> npt.NDArray[np.uint64]:
    """Rows (q, d) as words (q, ceil(d / 64)), the first coordinate the highest bit."""
    q, d = rows.shape
    padded = np.zeros((q, -(-d // 64) * 64), dtype=np.uint8)
    padded[:, :d] = rows
    return np.packbits(padded, axis=1).view(">u8").astype(np.uint64)
