"""Moments of the features, coordinate by coordinate."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from .features import OfFeatures

MEANS = np.array([0.0, 1.0, 0.0, 3.0])  # of the first four powers of a standard normal
VARIANCES = np.array([1.0, 2.0, 15.0, 96.0])  # of these powers: E x^2k - (E x^k)^2 with E x^8 = 105


@dataclasses.dataclass(frozen=True, repr=False)
class Moments(OfFeatures):
    """The largest deviation of a coordinate's first four moments from N(0, 1), in standard errors. *Heuristic.*

    Reads G (m, d) and uses no query.
    """

    def of(self, G: Floats) -> float:
        square = G * G
        means = np.stack([power.mean(axis=0) for power in (G, square, square * G, square * square)], axis=-1)
        return float(np.abs((means - MEANS) / np.sqrt(VARIANCES / len(G))).max())
