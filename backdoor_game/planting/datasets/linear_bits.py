"""Uniform bits with the labels of a random halfspace."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...ground import _validate
from .base import Dataset, Split


@dataclasses.dataclass(frozen=True, repr=False)
class LinearBits(Dataset):
    """x uniform on {0,1}^d, y = [<2x - 1, v> >= 0] for a fresh direction v.

    Parameters
    ----------
    dimension : int
        d.
    train, test : int
        Examples to train on and to judge by.
    """

    dimension: int = 8
    train: int = 400
    test: int = 400

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("LinearBits.dimension", self.dimension, 1, 1000)
        _validate.integer("LinearBits.train", self.train, 2, 2**24)
        _validate.integer("LinearBits.test", self.test, 1, 2**24)

    def split(self, rng: np.random.Generator) -> Split:
        direction = rng.standard_normal(self.dimension)
        X = rng.integers(2, size=(self.train + self.test, self.dimension)).astype(np.float64)
        y = (((2 * X - 1) * direction).sum(axis=1) >= 0).astype(np.uint8)
        return Split(X[: self.train], y[: self.train], X[self.train :], y[self.train :])
