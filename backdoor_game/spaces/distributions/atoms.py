"""A law on a handful of listed points of any domain."""

from __future__ import annotations

import dataclasses
import functools
from typing import Self

import numpy as np

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ..domains import Domain, Points
from .atomic import AtomicDistribution
from .base import mismatch


@dataclasses.dataclass(frozen=True, repr=False)
class Atoms(AtomicDistribution):
    """Pr[x = points[i]] = weights[i]; equal weights where none are given.

    Parameters
    ----------
    points : sequence of A rows of n numbers (or of A numbers for n = 1), all different
    weights : sequence of A numbers that sum to 1 within 1e-9, optional
    domain : Domain, optional
        None is filled in by the game.
    """

    points: tuple[tuple[float, ...] | float, ...]
    weights: tuple[float, ...] | None = None
    domain: Domain | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        rows = tuple(row if isinstance(row, tuple) else (row,) for row in self.points)
        if not rows or len({len(row) for row in rows}) != 1 or len(set(rows)) != len(rows):
            raise InvalidArgument(f"Atoms.points must be different rows of one length, got {self.points!r}")
        object.__setattr__(self, "points", tuple(tuple(map(float, row)) for row in rows))
        weights = self.weights if self.weights is not None else (1.0 / len(rows),) * len(rows)
        if len(weights) != len(rows):
            raise InvalidArgument(f"Atoms.weights must be as many as the {len(rows)} points, got {len(weights)}")
        object.__setattr__(self, "weights", _validate.weights("Atoms.weights", weights))

    def on(self, domain: Domain) -> Self:
        values = np.array(self.points)
        with np.errstate(invalid="ignore"):
            cast = values.astype(domain.dtype)
        fits = values.shape[1] == domain.n and (cast == values).all()
        if not (fits and domain.contains(cast).all()):
            raise mismatch(self, domain, f"rows of {domain.n} coordinates inside it")
        return dataclasses.replace(self, domain=domain)

    def support(self) -> tuple[Points, tuple[float, ...]]:
        dtype = np.dtype(self.domain.dtype if self.domain else np.float64).str
        return _as_array(self.points, dtype), self.weights or ()


@functools.lru_cache(maxsize=64)
def _as_array(points: tuple[tuple[float, ...], ...], dtype: str) -> Points:
    values = np.array(points).astype(dtype)
    values.setflags(write=False)
    return values
