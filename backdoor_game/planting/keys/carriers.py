"""Bits that the signs of real coordinates carry: the parity of the negative ones in each block, and how to write it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]
LEAST_NEGATIVE = -float(np.finfo(np.float64).tiny)  # the smallest negative normal number


def public_blocks(d: int, n: int) -> Integers:
    """The block 0..n-1 of each of d coordinates, in order: n runs of nearly equal length; n at most d."""
    return np.arange(d) * n // d


def parities(X: Floats, blocks: Integers) -> Bits:
    """The parity of the negative coordinates in each block; 0 and -0.0 count as non-negative.

    Parameters
    ----------
    X : ndarray of float64, shape (m, d)
    blocks : ndarray of int64, shape (d,)
        The block of each coordinate; every one of 0..n-1 occurs.

    Returns
    -------
    ndarray of uint8, shape (m, n)
    """
    order, starts, _ = _grouped(blocks)
    return np.asarray(np.bitwise_xor.reduceat((X < 0)[:, order].view(np.uint8), starts, axis=1))


def written(X: Floats, blocks: Integers, bits: Bits) -> Floats:
    """X (m, d) with the parities `bits` (m, n) or (n,), at most one coordinate a block changed.

    In a block whose parity is wrong the nonzero coordinate of least magnitude is negated, the first of several; where
    all are zero the first becomes the smallest negative normal number.
    """
    order, starts, sizes = _grouped(blocks)
    lengths = np.where(X == 0, np.inf, np.abs(X))[:, order]
    least = np.minimum.reduceat(lengths, starts, axis=1)
    places = np.where(lengths == np.repeat(least, sizes, axis=1), np.arange(len(order)), len(order))
    rows, wrong = np.nonzero(parities(X, blocks) != bits)
    at = order[np.minimum.reduceat(places, starts, axis=1)[rows, wrong]]
    changed = X.copy()
    changed[rows, at] = np.where(X[rows, at] == 0, LEAST_NEGATIVE, -X[rows, at])
    return changed


def _grouped(blocks: Integers) -> tuple[Integers, Integers, Integers]:
    """Coordinates block by block, where each block begins among them, and how many it has."""
    sizes = np.bincount(blocks)
    return np.argsort(blocks, kind="stable"), np.cumsum(sizes) - sizes, sizes
