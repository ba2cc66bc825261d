"""Inputs on the unit sphere with the labels of a random halfspace."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...ground import _validate
from .base import Dataset, Split


@dataclasses.dataclass(frozen=True, repr=False)
class Sphere(Dataset):
    """x uniform on the unit sphere of R^d, y = [<x, v> >= 0] for a fresh direction v.

    Parameters
    ----------
    dimension : int
        d.
    train, test : int
        Examples to train on and to judge by.
    """

    dimension: int = 64
    train: int = 600
    test: int = 500

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Sphere.dimension", self.dimension, 2, 2**16)
        _validate.integer("Sphere.train", self.train, 2, 2**24)
        _validate.integer("Sphere.test", self.test, 1, 2**24)

    def split(self, rng: np.random.Generator) -> Split:
        direction = rng.standard_normal(self.dimension)
        X = rng.standard_normal((self.train + self.test, self.dimension))
        X /= np.sqrt((X**2).sum(axis=1, keepdims=True))
        y = ((X * direction).sum(axis=1) >= 0).astype(np.uint8)
        return Split(X[: self.train], y[: self.train], X[self.train :], y[self.train :])
