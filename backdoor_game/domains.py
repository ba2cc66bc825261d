"""What a point is: finite sets, grids, bit vectors, real vectors and disjoint unions of them."""

from __future__ import annotations

import abc
import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _validate
from .errors import InvalidArgument
from .spec import Configured

Points = npt.NDArray[Any]
ENUMERABLE_POINTS = 65_536


class Domain(Configured, abc.ABC):
    """A set of points, each a row of `n` numbers of type `dtype`.

    Attributes
    ----------
    n : int
        Coordinates of a point.
    dtype : numpy dtype
        int64, uint8 or float64.
    size : int or None
        Number of points, None for a continuum.
    """

    n: int
    dtype: npt.DTypeLike

    @property
    @abc.abstractmethod
    def size(self) -> int | None:
        """Number of points, None for a continuum."""

    @abc.abstractmethod
    def contains(self, X: Points) -> npt.NDArray[np.bool_]:
        """Which rows of X, shape (..., n), are points; shape (...)."""

    def points(self) -> Points:
        """All points in order, shape (size, n); refused above 65,536 of them."""
        if self.size is None or self.size > ENUMERABLE_POINTS:
            raise InvalidArgument(f"{self!r} has too many points to list: at most {ENUMERABLE_POINTS} can be")
        return self._points()

    def _points(self) -> Points:
        raise InvalidArgument(f"{self!r} cannot be listed")

    def index(self, X: Points) -> npt.NDArray[np.int64]:
        """The place of each point in `points()`; X of shape (..., n), answer of shape (...)."""
        raise InvalidArgument(f"the points of {self!r} have no index")

    def checked(self, X: npt.ArrayLike) -> Points:
        """X as points (..., n) in this domain's dtype, for code that must not read out of bounds.

        Raises
        ------
        InvalidArgument
            Where X has another shape, cannot be cast without loss, or leaves the domain.
        """
        given = np.asarray(X)
        points = given if given.dtype == self.dtype else given.astype(self.dtype)
        if given.shape[-1:] != (self.n,) or (points is not given and (points != given).any()):
            wanted = f"points of {self!r}, shape (..., {self.n})"
            raise InvalidArgument(f"X must hold {wanted}, got {given.dtype} of shape {given.shape}")
        inside = self.contains(points)
        if not inside.all():
            raise InvalidArgument(f"X must hold points of {self!r}, got {points[~inside][0].tolist()}")
        return points

    def gap(self, X: Points, x: Points) -> npt.NDArray[np.float64]:
        """Squared Euclidean distance between X (B, m, n) and x (B, n); shape (B, m)."""
        difference = X.astype(np.float64) - x[:, None, :].astype(np.float64)
        return np.asarray((difference**2).sum(axis=2))


@dataclasses.dataclass(frozen=True, repr=False)
class Finite(Domain):
    """The points 0 .. count - 1, one int64 each."""

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


@dataclasses.dataclass(frozen=True, repr=False)
class Grid(Domain):
    """{0 .. side - 1}^n, int64, the last coordinate running fastest."""

    side: int
    dimension: int
    dtype = np.int64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Grid.side", self.side, 1, 2**31)
        _validate.integer("Grid.dimension", self.dimension, 1, 64)

    @property
    def n(self) -> int:  # type: ignore[override]
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


@dataclasses.dataclass(frozen=True, repr=False)
class Bits(Domain):
    """{0,1}^n as rows of uint8; the first bit is the least significant of a point's index."""

    count: int
    dtype = np.uint8

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Bits.count", self.count, 1, 4096)

    @property
    def n(self) -> int:  # type: ignore[override]
        return self.count

    @property
    def size(self) -> int:
        return int(2**self.count)

    def contains(self, X: Points) -> npt.NDArray[np.bool_]:
        return np.asarray((X <= 1).all(axis=-1))

    def _points(self) -> Points:
        places = np.arange(self.size, dtype=np.int64)[:, None]
        return (places >> np.arange(self.count, dtype=np.int64) & 1).astype(np.uint8)

    def index(self, X: Points) -> npt.NDArray[np.int64]:
        return np.asarray((X.astype(np.int64) << np.arange(self.count, dtype=np.int64)).sum(axis=-1))


@dataclasses.dataclass(frozen=True, repr=False)
class Reals(Domain):
    """R^n, float64."""

    dimension: int
    dtype = np.float64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Reals.dimension", self.dimension, 1, 2**20)

    @property
    def n(self) -> int:  # type: ignore[override]
        return self.dimension

    @property
    def size(self) -> None:
        return None

    def contains(self, X: Points) -> npt.NDArray[np.bool_]:
        return np.asarray(np.isfinite(X).all(axis=-1))


@dataclasses.dataclass(frozen=True, repr=False)
class Union(Domain):
    """Disjoint union: a point is (part, coordinates in that part, zeros up to the widest part)."""

    parts: tuple[Domain, ...]

    @property
    def n(self) -> int:  # type: ignore[override]
        return 1 + max(part.n for part in self.parts)

    @property
    def dtype(self) -> npt.DTypeLike:  # type: ignore[override]
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
