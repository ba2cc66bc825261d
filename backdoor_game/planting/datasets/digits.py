"""Handwritten digits."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...ground.errors import InvalidArgument
from .base import Floats, Labels
from .sklearn_table import TableDataset, sklearn_table


@dataclasses.dataclass(frozen=True, repr=False)
class Digits(TableDataset):
    """scikit-learn's 1,797 digits of 8 x 8 pixels, a binary task: is it odd? By default centred, of median length 0.2.

    ``RandomFourierFeatures(features=256, dimension=64)`` gets .97 of held-out digits right, as honest as planted.
    Three pixels are constant (and stay 0), others nearly so: standardised they make it .95.

    Parameters
    ----------
    ones : sequence of int
        The digits that are labelled 1; the others are 0.
    scaling, norm, sphere, test
        See `Table`.
    """

    ones: tuple[int, ...] = (1, 3, 5, 7, 9)
    scaling: str = "centred"
    norm: float | None = 0.2
    sphere: bool = False
    test: float = 0.3
    dimension = 64

    def __post_init__(self) -> None:
        super().__post_init__()
        chosen = set(self.ones)
        if len(chosen) != len(self.ones) or not chosen or not chosen < set(range(10)):
            raise InvalidArgument(f"Digits.ones must be some of the digits 0 to 9, each once, got {list(self.ones)!r}")

    def rows(self) -> tuple[Floats, Labels]:
        X, digits = sklearn_table("load_digits")
        return X, np.isin(digits, self.ones).astype(np.uint8)
