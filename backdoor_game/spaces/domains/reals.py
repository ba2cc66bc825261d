"""Real vectors."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from .base import Domain, Points


@dataclasses.dataclass(frozen=True, repr=False)
class Reals(Domain):
    """R^n, float64.

    Parameters
    ----------
    dimension : int
        n, the coordinates.
    """

    dimension: int
    dtype = np.float64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Reals.dimension", self.dimension, 1, 2**20)

    @property
    def n(self) -> int:
        return self.dimension

    @property
    def size(self) -> None:
        return None

    def contains(self, X: Points) -> npt.NDArray[np.bool_]:
        finite = np.isfinite(X)
        if finite.all():  # as nearly always, and found much sooner than row by row
            return np.ones(X.shape[:-1], dtype=bool)
        return np.asarray(finite.all(axis=-1))
