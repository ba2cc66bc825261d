"""How far a local move goes: mostly next door, sometimes far, so that large classes mix."""

from __future__ import annotations

import numpy as np

from ..ground.streams import Words, unit
from ..spaces.domains import Points
from .base import Floats

REACH = 0.1  # a tenth of (0, 1), where random members have their ends
AWAY = 1 / 16  # infinite ends are within reach, at the price of one move in sixteen


def whole_step(values: Points, words: Words, top: int) -> Points:
    """Whole numbers 0 .. top, each moved by s up or down with Pr[s >= k] = 1/k, and reflected at the ends."""
    size = np.minimum(1 / unit(words), top).astype(np.int64)
    moved = np.abs(np.where(_up(words), values + size, values - size))
    return np.where(moved > top, 2 * top - moved, moved)


def real_step(values: Points, words: Words) -> Points:
    """Reals moved by a random fraction or multiple of 0.1, sometimes to an infinite end, and back from there.

    `words` has shape (B, 3).
    """
    odds = unit(words[:, 0])
    step = REACH * (odds / (1 - odds)) ** 2
    near = values + np.where(_up(words[:, 0]), step, -step)
    end = np.where(_up(words[:, 1]), np.inf, -np.inf)
    moved = np.where(unit(words[:, 1]) < AWAY, end, near)
    return np.where(np.isfinite(values), moved, real_place(words[:, 2]))


def real_place(words: Words) -> Floats:
    """A random real, half of the time in (1/4, 3/4), any other with positive density."""
    odds = unit(words)
    away = odds / (1 - odds) / 4
    return np.asarray(0.5 + np.where(_up(words), away, -away))


def _up(words: Words) -> Points:
    """A fair coin from the lowest bit, which `unit` leaves unused."""
    return np.asarray(words & np.uint64(1) == 1)
