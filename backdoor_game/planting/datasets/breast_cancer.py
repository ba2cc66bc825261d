"""Measurements of tumours."""

from __future__ import annotations

import dataclasses

import numpy as np

from .base import Floats, Labels
from .sklearn_table import TableDataset, sklearn_table


@dataclasses.dataclass(frozen=True, repr=False)
class BreastCancer(TableDataset):
    """scikit-learn's 569 tumours, 30 measurements each, 1 for benign. By default standardised, of median length 0.2.

    ``RandomFourierFeatures(features=256, dimension=30)`` gets .94 of held-out tumours right, as honest as planted.

    Parameters
    ----------
    scaling, norm, sphere, test
        See `Table`.
    """

    scaling: str = "standardised"
    norm: float | None = 0.2
    sphere: bool = False
    test: float = 0.3
    dimension = 30

    def rows(self) -> tuple[Floats, Labels]:
        X, classes = sklearn_table("load_breast_cancer")
        return X, classes.astype(np.uint8)
