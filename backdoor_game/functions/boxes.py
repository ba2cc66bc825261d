"""Axis-parallel boxes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..ground.streams import Words, draws, unit
from ..spaces.distributions import Distribution, StandardNormal, Uniform, UnitCube
from ..spaces.domains import Domain, Grid, Points, Reals
from .base import Booleans, Codes
from .listing import refuse_large
from .runs import two_boundaries
from .sides import Ends, Sides

LISTED = 2**22  # 4 million codes of 2n int64: 64 MiB an axis


@dataclasses.dataclass(frozen=True, repr=False)
class Boxes(Sides):
    """Closed boxes and the empty function on the grid {0 .. N-1}^n, or on R^n where `points` is left out.

    A code is (low_1 .. low_n, high_1 .. high_n), and low = 1, high = 0 on every axis for the empty function.
    VC dimension 2n for N >= 3 and on R^n; for N = 2 that of conjunctions; 1 for N = 1. *Proved.*
    `sample` is uniform over the members, or has two uniform ends in (0, 1) on each axis of R^n.

    Parameters
    ----------
    dimension : int
        n, the axes.
    points : int, optional
        N, the points of each axis; None is the real line.
    """

    dimension: int
    points: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Boxes.dimension", self.dimension, 1, 64)
        if self.points is not None:
            _validate.integer("Boxes.points", self.points, 1, 2**31 - 1)

    @property
    def domain(self) -> Domain:
        return Reals(self.dimension) if self.points is None else Grid(self.points, self.dimension)

    @property
    def code_length(self) -> int:
        return 2 * self.dimension

    @property
    def code_dtype(self) -> npt.DTypeLike:
        return np.float64 if self.points is None else np.int64

    @property
    def vc_dimension(self) -> int:
        return len(self.shattered_set())

    def ends(self, codes: Codes) -> Ends:
        return codes[:, : self.dimension], codes[:, self.dimension :]

    def encode(self, low: Points, high: Points) -> Codes:
        codes = np.concatenate([low, high], axis=1).astype(self.code_dtype)
        codes[((low > high) | (low == np.inf) | (high == -np.inf)).any(axis=1)] = self._empty()
        return codes

    @property
    def side(self) -> int | None:
        return self.points

    def _empty(self) -> Codes:
        return np.repeat(np.array([1, 0], dtype=self.code_dtype), self.dimension)

    def contains(self, codes: Codes) -> Booleans:
        low, high = self.ends(codes)
        least, most = (-np.inf, np.inf) if self.points is None else (0, self.points - 1)
        inside = (least <= low) & (low <= high) & (high <= most) & (low < np.inf) & (high > -np.inf)
        return np.asarray(inside.all(axis=1) | (codes == self._empty()).all(axis=1))

    def independent(self, distribution: Distribution) -> bool:
        return isinstance(distribution, (Uniform, UnitCube, StandardNormal))

    def cuts(self, low: Points, high: Points, x: Points, distribution: Distribution) -> Iterator[Ends]:
        """Beside x, above it or below it, on one axis."""
        above = np.nextafter(x, np.inf) if self.points is None else x + 1
        below = np.nextafter(x, -np.inf) if self.points is None else x - 1
        for axis in np.eye(self.dimension, dtype=bool):
            yield np.where(axis, above, low), high
            yield low, np.where(axis, below, high)

    @property
    def samples_uniformly(self) -> bool:
        return self.points is not None

    def sample_block(self, keys: Words) -> Codes:
        n = self.dimension
        words = draws(keys, 0, 2 * n + 1)
        pairs = words[:, : 2 * n].reshape(len(keys), n, 2)
        if self.points is None:
            ends = np.sort(unit(pairs), axis=2)
            return self.encode(ends[:, :, 0], ends[:, :, 1])
        ends = two_boundaries(pairs, self.points)
        codes = self.encode(ends[:, :, 0], ends[:, :, 1] - 1)
        codes[unit(words[:, 2 * n]) < 1 / (self._nonempty() + 1)] = self._empty()
        return codes

    def _nonempty(self) -> int:
        side = self.points or 0
        return int((side * (side + 1) // 2) ** self.dimension)

    def enumerate(self) -> Codes:
        if self.points is None:
            return super().enumerate()
        refuse_large(repr(self), self._nonempty() + 1, LISTED)
        first, last = np.triu_indices(self.points)
        choice = np.stack(np.unravel_index(np.arange(self._nonempty()), (len(first),) * self.dimension), axis=1)
        return np.concatenate([self._empty()[None], self.encode(first[choice], last[choice])])

    def count(self) -> int | None:
        return None if self.points is None else self._nonempty() + 1

    def shattered_set(self) -> Points:
        """Two points on each axis around a centre; with two points an axis, the neighbours of the top corner."""
        n, axes = self.dimension, np.eye(self.dimension)
        if self.points is None:
            return np.asarray(0.5 + 0.25 * np.concatenate([axes, -axes]))
        if self.points >= 3:
            return np.asarray(self.points // 2 + np.concatenate([axes, -axes]), dtype=np.int64)
        if self.points == 2:
            return np.asarray([[0], [1]] if n == 1 else 1 - axes, dtype=np.int64)
        return np.zeros((1, n), dtype=np.int64)
