"""The predicate that names its points."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Booleans
from ...ground.errors import InvalidArgument
from ...spaces.domains import Domain, Points
from .base import Predicate


@dataclasses.dataclass(frozen=True, repr=False)
class OneOf(Predicate):
    """Holds on the listed points and nowhere else.

    Parameters
    ----------
    points : list of numbers, or of lists of n numbers
        For example ``[0, 3]`` on `Finite(10)`, ``[[0, 1, 1]]`` on `Bits(3)`.
    cost : int
    """

    points: tuple[int | float | tuple[int | float, ...], ...] = ()
    cost: int = 1

    def holds(self, X: Points) -> Booleans:
        rows = self._rows(X.dtype, X.shape[1])
        return np.asarray((X[:, None, :] == rows).all(axis=2).any(axis=1))

    def check(self, domain: Domain) -> None:
        wide = {len(point) if isinstance(point, tuple) else 1 for point in self.points}
        if wide - {domain.n}:
            raise InvalidArgument(f"OneOf.points must be points of {domain!r}, {domain.n} numbers each, got {self!r}")
        rows = np.array(self.points, dtype=np.float64).reshape(len(self.points), domain.n)
        inside = domain.contains(rows.astype(domain.dtype)) & (rows == rows.astype(domain.dtype)).all(axis=1)
        if not inside.all():
            raise InvalidArgument(f"OneOf.points must lie in {domain!r}, got {rows[~inside][0].tolist()!r}")

    def _rows(self, dtype: np.dtype[np.generic], n: int) -> Points:
        return np.array(self.points, dtype=np.float64).reshape(len(self.points), n).astype(dtype)
