"""A square grid of whole numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from .base import Domain, Points


@dataclasses.dataclass(frozen=True, repr=False)
class Grid(Domain):
    """{0 .. side - 1}^n, int64, the last coordinate running fastest.

    Parameters
    ----------
    side : int
        Points of each axis.
    dimension : int
        n, the axes.
    """

    side: int
    dimension: int
    dtype = np.int64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Grid.side", self.side, 1, 2**31)
        _validate.integer("Grid.dimension", self.dimension, 1, 64)

    @property
    def n(self) -> int:
        return self.dimension

    @property
    def size(self) -> int:
        return int(self.side**self.dimension)

    def contains(self, X: Points) -> npt.NDArray[np.bool_]:
        return np.asarray(((X >= 0) & (self.side > X)).all(axis=-1))

    def _points(self) -> Points:
        places = np.arange(self.size, dtype=np.int64)[:, None]
        return places // self._strides() % self.side

    def _strides(self) -> npt.NDArray[np.int64]:
        return self.side ** np.arange(self.dimension - 1, -1, -1, dtype=np.int64)

    def index(self, X: Points) -> npt.NDArray[np.int64]:
        return np.asarray((X * self._strides()).sum(axis=-1))
