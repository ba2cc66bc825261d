"""Codes of circuits whose depth is bounded: on which level each gate stands, and random codes that keep the bound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..streams import Words, draws, unit

Integers = npt.NDArray[np.int64]


def levels(codes: Integers, bits: int) -> Integers:
    """The level of every gate: 1 more than the higher wire that it reads, where inputs and the constant have 0.

    Parameters
    ----------
    codes : ndarray of int64, shape (B, 2 s + 1)
        Literals in range.

    Returns
    -------
    ndarray of int64, shape (B, s)
    """
    gates = codes.shape[1] // 2
    found = np.zeros((len(codes), 1 + bits + gates), dtype=np.int64)
    rows = np.arange(len(codes))[:, None]
    for i in range(gates):
        found[:, 1 + bits + i] = 1 + found[rows, codes[:, 2 * i : 2 * i + 2] >> 1].max(axis=1)
    return found[:, 1 + bits :]


def sample_layered(keys: Words, bits: int, gates: int, depth: int) -> Integers:
    """Random codes (B, 2 gates + 1), gate by gate: each literal equally likely among those that keep the bound."""
    size, rows = len(keys), np.arange(len(keys))
    codes = np.empty((size, 2 * gates + 1), dtype=np.int64)
    level = np.zeros((size, 1 + bits + gates), dtype=np.int64)
    usable = np.zeros((size, 1 + bits + gates), dtype=np.int64)
    usable[:, : 1 + bits] = np.arange(1 + bits)
    count = np.full(size, 1 + bits)
    chances = unit(draws(keys, 0, 2 * gates + 1))
    for i in range(gates):
        for place in (2 * i, 2 * i + 1):
            choice = (chances[:, place] * (2 * count)).astype(np.int64)
            codes[:, place] = 2 * usable[rows, choice >> 1] + (choice & 1)
        own = 1 + bits + i
        level[:, own] = 1 + level[rows[:, None], codes[:, 2 * i : 2 * i + 2] >> 1].max(axis=1)
        lower = np.flatnonzero(level[:, own] < depth)
        usable[lower, count[lower]] = own
        count[lower] += 1
    codes[:, -1] = (chances[:, -1] * (2 * (1 + bits + gates))).astype(np.int64)
    return codes
