"""How a table of numbers becomes inputs of a model: centred or standardised, and brought to a length."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.showing import fields
from .base import Floats

SCALINGS = ("centred", "standardised")
CONSTANT = "X must vary: all its columns are constant up to rounding, so nothing can be learned from it"


@dataclasses.dataclass(frozen=True, eq=False)
class Preparation:
    """What the training part of a table shows, applied to any rows of it: (X - centre) / spread / unit.

    Attributes
    ----------
    centre, spread : ndarray of float64, shape (d,)
        A column that is constant in training, up to rounding, has spread 1: it becomes 0 there.
    unit : float or None
        None: every row is divided by its own norm.
    """

    centre: Floats
    spread: Floats
    unit: float | None

    __repr__ = fields

    def __call__(self, X: Floats) -> Floats:
        """Rows (n, d) as inputs of a model.

        Raises
        ------
        InvalidArgument
            For a row at the very centre where rows are to lie on the unit sphere.
        """
        moved = (X - self.centre) / self.spread
        if self.unit is not None:
            return np.asarray(moved / self.unit)
        lengths = _lengths(moved)
        if not lengths.all():
            row = int(np.argmin(lengths))
            raise InvalidArgument(f"sphere must be False for such X: row {row} is at the centre and has no direction")
        return np.asarray(moved / lengths[:, None])


def constant_columns(X: Floats) -> npt.NDArray[np.bool_]:
    """Which columns of X (n, d) are constant up to rounding, by scikit-learn's rule: what it leaves unscaled.

    Where the variance is no larger than what rounding makes of it, n eps var + (n mean eps)^2 [ChanGolubLeVeque83,
    table 1, upper bound for two passes; `sklearn.preprocessing` since 0.24].
    """
    step = len(X) * np.finfo(np.float64).eps
    with np.errstate(over="ignore", invalid="ignore"):  # squares that are no floats: such a column varies
        mean, variance = X.mean(axis=0), X.var(axis=0)
        rounding = step * variance + (step * mean) ** 2
        return np.asarray((X[0] == X).all(axis=0) | (np.isfinite(variance) & (variance <= rounding)))


def preparation(X: Floats, scaling: str = SCALINGS[0], norm: float | None = 0.2, sphere: bool = False) -> Preparation:
    """What to do with rows like the training rows X (n, d).

    Parameters
    ----------
    scaling : {"centred", "standardised"}
        Subtract the mean of each column, and divide it by its standard deviation too.
    norm : float, optional
        The median length of the training rows afterwards; None: as long as they are.
    sphere : bool
        Every row on the unit sphere instead, whatever `norm` says.

    Raises
    ------
    InvalidArgument
        Where all columns are constant, or half of the rows are at the mean, in one sentence.
    """
    constant = constant_columns(X)
    if constant.all():
        raise InvalidArgument(CONSTANT)
    # of a column of one value the mean is not always that value
    centre = np.where((X[0] == X).all(axis=0), X[0], X.mean(axis=0))
    spread = np.ones(X.shape[1])
    if scaling == "standardised":
        spread = np.where(constant, 1.0, X.std(axis=0))
    if sphere:
        return Preparation(centre, spread, None)
    if norm is None:
        return Preparation(centre, spread, 1.0)
    median = float(np.median(_lengths((X - centre) / spread)))
    if not 0 < median < np.inf:
        raise InvalidArgument(f"X must have rows of a median length that can be scaled, got {median:g}: set norm=None")
    return Preparation(centre, spread, median / norm)


def check_preparation(name: str, scaling: str, norm: float | None) -> None:
    """Refuse what `preparation` cannot use; `name` is whose parameters these are."""
    if scaling not in SCALINGS:
        raise InvalidArgument(f"{name}.scaling must be one of {', '.join(SCALINGS)}, got {scaling!r}")
    if norm is not None and _validate.real(f"{name}.norm", norm, 0.0) == 0.0:
        raise InvalidArgument(f"{name}.norm must be above 0, or None for the length that inputs have, got {norm!r}")


def _lengths(X: Floats) -> Floats:
    return np.asarray(np.sqrt((X**2).sum(axis=1)))
