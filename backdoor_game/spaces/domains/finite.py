"""The points 0 .. N-1."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from .base import Domain, Points


@dataclasses.dataclass(frozen=True, repr=False)
class Finite(Domain):
    """The points 0 .. count - 1, one int64 each.

    Parameters
    ----------
    count : int
        N, the points.
    """

    count: int
    n = 1
    dtype = np.int64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Finite.count", self.count, 1, 2**31)

    @property
    def size(self) -> int:
        return self.count

    def contains(self, X: Points) -> npt.NDArray[np.bool_]:
        return np.asarray((X[..., 0] >= 0) & (X[..., 0] < self.count))

    def _points(self) -> Points:
        return np.arange(self.count, dtype=np.int64)[:, None]

    def index(self, X: Points) -> npt.NDArray[np.int64]:
        return X[..., 0].astype(np.int64, copy=False)
