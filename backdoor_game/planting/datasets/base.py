"""The contract of a data set: training and test examples, drawn or split anew for each model."""

from __future__ import annotations

import abc
import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...ground.generators import take_seeds
from ...ground.inheritance import MYPY
from ...ground.showing import fields
from ...ground.spec import Configured

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True, eq=False)
class Split:
    """Examples to train on, and others to judge by, read-only: everyone in a round looks at the same.

    Attributes
    ----------
    X, X_test : ndarray of float64, shapes (n, d) and (n_test, d)
    y, y_test : ndarray of uint8, shapes (n,) and (n_test,)
        Labels 0 and 1.
    """

    X: Floats
    y: Labels
    X_test: Floats
    y_test: Labels

    __repr__ = fields

    def __post_init__(self) -> None:
        for name in ("X", "y", "X_test", "y_test"):
            part = np.asarray(getattr(self, name)).view()
            part.setflags(write=False)
            object.__setattr__(self, name, part)


class Dataset(Configured, abc.ABC):
    """Writes `dimension` and `split`.

    Attributes
    ----------
    dimension : int
        d, the coordinates of an input.
    """

    if TYPE_CHECKING and MYPY:  # read-only, so that a subclass may write a field, a class attribute or a property

        @property
        @abc.abstractmethod
        def dimension(self) -> int: ...

    elif TYPE_CHECKING:
        dimension: Any

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        take_seeds(cls)

    @abc.abstractmethod
    def split(self, rng: np.random.Generator) -> Split:
        """Fresh examples, or a fresh split of fixed ones, scaled by what the training part shows."""
