"""Gaussian inputs with the labels of a random halfspace."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...ground import _validate
from .base import Dataset, Split


@dataclasses.dataclass(frozen=True, repr=False)
class GaussianLinear(Dataset):
    """x ~ N(0, (norm^2 / d) I), y = [<x, v> >= 0] for a fresh direction v.

    Parameters
    ----------
    dimension : int
        d.
    norm : float, optional
        Typical length of an input; None is N(0, I).
    train, test : int
        Examples to train on and to judge by.
    """

    dimension: int = 64
    norm: float | None = 0.25
    train: int = 600
    test: int = 500

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("GaussianLinear.dimension", self.dimension, 1, 2**16)
        _validate.integer("GaussianLinear.train", self.train, 2, 2**24)
        _validate.integer("GaussianLinear.test", self.test, 1, 2**24)
        if self.norm is not None:
            _validate.positive("GaussianLinear.norm", self.norm, "or None for N(0, I), got 0.0")

    def split(self, rng: np.random.Generator) -> Split:
        direction = rng.standard_normal(self.dimension)
        scale = 1.0 if self.norm is None else self.norm / np.sqrt(self.dimension)
        X = scale * rng.standard_normal((self.train + self.test, self.dimension))
        y = ((X * direction).sum(axis=1) >= 0).astype(np.uint8)
        return Split(X[: self.train], y[: self.train], X[self.train :], y[self.train :])
