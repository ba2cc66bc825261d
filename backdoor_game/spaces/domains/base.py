"""The contract of a domain: what a point is."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...ground.errors import InvalidArgument
from ...ground.inheritance import MYPY
from ...ground.spec import Configured

Points = npt.NDArray[Any]
ENUMERABLE_POINTS = 65_536  # half a word, 2^32 values, gives each of so many its share to within 2^-16 of it
SHOWN = 8  # coordinates of a point that a sentence has room for


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

    if TYPE_CHECKING and MYPY:  # read-only, so that a subclass may write a field, a class attribute or a property

        @property
        @abc.abstractmethod
        def n(self) -> int: ...

        @property
        @abc.abstractmethod
        def dtype(self) -> npt.DTypeLike: ...

    elif TYPE_CHECKING:
        n: Any
        dtype: Any

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
        try:
            given = np.asarray(X)
        except (ValueError, OverflowError):  # rows of several lengths
            raise self._unlike(f"{X!r:.200}") from None
        numbers = given.shape[-1:] == (self.n,) and given.dtype.kind in "biuf"
        with np.errstate(invalid="ignore"):  # nan and infinities become something else, which is seen
            points = given if not numbers or given.dtype == self.dtype else given.astype(self.dtype)
            if not numbers or (points is not given and (points != given).any()):
                raise self._unlike(f"{given.dtype} of shape {given.shape}")
            inside = self.contains(points)
        if not inside.all():
            raise InvalidArgument(f"X must hold points of {self!r}, got {self._outside(points[~inside][0])}")
        return points

    def _unlike(self, got: str) -> InvalidArgument:
        return InvalidArgument(f"X must hold points of {self!r}, shape (..., {self.n}), got {got}")

    def _outside(self, point: Points) -> str:
        """A point (n,) outside, as a sentence has room for it: of a long one the coordinate that is to blame."""
        if self.n <= SHOWN:
            return str(point.tolist())
        first, last = 0, self.n  # the first j coordinates, and 0 in the others, are a point up to j = first
        zeros = np.zeros_like(point)
        if not self.contains(zeros[None])[0]:
            return f"[{', '.join(map(str, point[:SHOWN].tolist()))}, ..]"
        while last - first > 1:
            middle = (first + last) // 2
            inside = self.contains(np.concatenate([point[:middle], zeros[middle:]])[None])[0]
            first, last = (middle, last) if inside else (first, middle)
        return f"{point[first]} in coordinate {first}"

    def gap(self, X: Points, x: Points) -> npt.NDArray[np.float64]:
        """Squared Euclidean distance between X (B, m, n) and x (B, n); shape (B, m)."""
        difference = X.astype(np.float64) - x[:, None, :].astype(np.float64)
        return np.asarray((difference**2).sum(axis=2))
