"""A disjoint union of domains."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from .base import Domain, Points


@dataclasses.dataclass(frozen=True, repr=False)
class Union(Domain):
    """Disjoint union: a point is (part, coordinates in that part, zeros up to the widest part).

    Parameters
    ----------
    parts : sequence of Domain
        The domains, at least one.
    """

    parts: tuple[Domain, ...]

    @property
    def n(self) -> int:
        return 1 + max(part.n for part in self.parts)

    @property
    def dtype(self) -> npt.DTypeLike:
        continuous = any(np.dtype(part.dtype).kind == "f" for part in self.parts)
        return np.float64 if continuous else np.int64

    @property
    def size(self) -> int | None:
        sizes = [part.size for part in self.parts]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def within(self, X: Points, part: int) -> tuple[npt.NDArray[np.bool_], Points]:
        """Which rows of X (..., n) lie in a part, and their coordinates there (zeros for the other rows)."""
        inside = X[..., 0] == part
        domain = self.parts[part]
        coordinates = np.where(inside[..., None], X[..., 1 : 1 + domain.n], 0)
        return inside, coordinates.astype(domain.dtype)

    def embed(self, points: Points, part: int) -> Points:
        """Points (..., n_part) of one part as points (..., n) of the union."""
        out = np.zeros((*points.shape[:-1], self.n), dtype=self.dtype)
        out[..., 0] = part
        out[..., 1 : 1 + points.shape[-1]] = points
        return out

    def contains(self, X: Points) -> npt.NDArray[np.bool_]:
        held = np.zeros(X.shape[:-1], dtype=bool)
        for i, part in enumerate(self.parts):
            inside, coordinates = self.within(X, i)
            kept = (X[..., 1 : 1 + part.n] == coordinates).all(axis=-1)
            padded = (X[..., 1 + part.n :] == 0).all(axis=-1)
            held |= inside & part.contains(coordinates) & kept & padded
        return held

    def offsets(self) -> list[int]:
        """Where each part's points begin in `points()`."""
        starts = [0]
        for part in self.parts[:-1]:
            starts.append(starts[-1] + int(part.size or 0))
        return starts

    def _points(self) -> Points:
        return np.concatenate([self.embed(part.points(), i) for i, part in enumerate(self.parts)])

    def index(self, X: Points) -> npt.NDArray[np.int64]:
        places = np.zeros(X.shape[:-1], dtype=np.int64)
        for i, (part, start) in enumerate(zip(self.parts, self.offsets(), strict=True)):
            inside, coordinates = self.within(X, i)
            places = np.where(inside, start + part.index(coordinates), places)
        return places

    def gap(self, X: Points, x: Points) -> npt.NDArray[np.float64]:
        """Within a part as usual; infinite between parts."""
        squared = super().gap(X[..., 1:], x[..., 1:])
        return np.where(X[..., 0] == x[:, None, 0], squared, np.inf)
