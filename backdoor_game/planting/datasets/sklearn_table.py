"""Data sets that are a fixed table, split anew for each model."""

from __future__ import annotations

import abc
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.delimited import is_missing
from ...ground.errors import InvalidArgument, MissingCapability
from .base import Dataset, Floats, Labels, Split
from .preparing import CONSTANT, check_preparation, constant_columns, preparation


class TableDataset(Dataset, abc.ABC):
    """Writes `rows`, and has these fields.

    Attributes
    ----------
    scaling : {"centred", "standardised"}
        Subtract the training mean of each column, and divide it by its standard deviation too. A constant column is 0.
    norm : float, optional
        The median length of training inputs; None: as they are.
    sphere : bool
        Inputs are divided by their own length instead, which puts them on the unit sphere.
    test : float
        The share of each class's rows to judge by.
    """

    scaling: str
    norm: float | None
    sphere: bool
    test: float

    def __post_init__(self) -> None:
        super().__post_init__()
        name = type(self).__name__
        check_preparation(name, self.scaling, self.norm)
        if not 0 < _validate.real(f"{name}.test", self.test) < 1:
            raise InvalidArgument(f"{name}.test must lie strictly between 0 and 1, got {self.test!r}")

    @abc.abstractmethod
    def rows(self) -> tuple[Floats, Labels]:
        """The whole table: X (N, d) and y (N,) of 0 and 1, both classes there at least twice."""

    def split(self, rng: np.random.Generator) -> Split:
        X, y = self.rows()
        shuffled = rng.permutation(len(y))
        apart = np.zeros(len(y), dtype=bool)
        for label in (0, 1):
            members = shuffled[y[shuffled] == label]
            apart[members[: min(max(round(self.test * len(members)), 1), len(members) - 1)]] = True
        train, test = shuffled[~apart[shuffled]], shuffled[apart[shuffled]]
        prepared = preparation(X[train], self.scaling, self.norm, self.sphere)
        return Split(prepared(X[train]), y[train], prepared(X[test]), y[test])


def checked_rows(X: Floats, labels: object) -> tuple[Floats, Labels]:
    """A table that can be learned from, its two labels as 0 for the smaller and 1 for the larger, or one sentence."""
    if X.ndim != 2 or not X.size:
        raise InvalidArgument(f"X must have shape (n, d) with n and d above 0, got {X.shape}")
    if not np.isfinite(X).all():
        i, j = (int(place[0]) for place in np.nonzero(~np.isfinite(X)))
        place = f"row {i + 1} with its column {j + 1}"
        raise InvalidArgument(f"X must be finite, got {X[i, j]}: drop or impute such rows, as {place}")
    values = np.asarray(labels)
    if values.shape != X.shape[:1]:
        raise InvalidArgument(f"y must have shape ({len(X)},), a label for each row of X, got {values.shape}")
    known, y, counts = _labels(values)
    if len(known) != 2 or counts.min() < 2:
        shown = ", ".join(f"{label!s:.20} {count} times" for label, count in zip(known[:4], counts[:4], strict=True))
        raise InvalidArgument(f"y must hold two labels, each at least twice, got {shown}")
    if constant_columns(X).all():
        raise InvalidArgument(CONSTANT)
    return X, y.astype(np.uint8)


def _labels(values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The different labels, which of them each row has, and how often each occurs."""
    try:
        known, y, counts = np.unique(values, return_inverse=True, return_counts=True)
    except TypeError:
        raise InvalidArgument("y must hold numbers or words alone: give every row a label of one kind") from None
    lost = [str(label) for label in known if is_missing(str(label)) or not _is_finite(label)]
    if lost:
        got = "an empty or NaN one" if lost[0].strip().lower() in ("", "nan") else f"the missing value {lost[0][:20]!r}"
        raise InvalidArgument(f"y must hold a label for each row, got {got}: drop such rows, or rename it")
    return known, y, counts


def _is_finite(label: Any) -> bool:
    return label.dtype.kind not in "fc" or bool(np.isfinite(label))


@functools.cache
def sklearn_table(loader: str) -> tuple[Floats, npt.NDArray[np.int64]]:
    """X (N, d) and the class of each row (N,) of a table that comes with scikit-learn, such as "load_digits"."""
    try:
        from sklearn import datasets
    except ImportError:
        wanted = "pip install 'backdoor-game[sklearn]'"
        raise MissingCapability(f"{loader}() needs scikit-learn, which is not installed: {wanted}") from None
    X, classes = getattr(datasets, loader)(return_X_y=True)
    found = np.asarray(X, np.float64), np.asarray(classes, np.int64)
    for part in found:
        part.setflags(write=False)
    return found
