"""A class of periodic functions on a line of points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Finite, FunctionClass


@dataclass(frozen=True)
class Stripes(FunctionClass):
    """1 where (x + shift) mod period < period / 2; the code is (shift,)."""

    points: int
    period: int = 4
    code_length, code_dtype, samples_uniformly = 1, np.int64, True

    @property
    def domain(self):
        return Finite(self.points)

    def evaluate(self, codes, X):
        return (2 * ((X[:, :, 0] + codes) % self.period) < self.period).astype(np.uint8)

    def sample(self, rng):
        return rng.integers(self.period, size=1)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] < self.period)

    def enumerate(self):
        return np.arange(self.period)[:, None]
