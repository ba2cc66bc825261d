"""The top eigenvalue of the features' covariance with its small entries cut away."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from .features import OfFeatures


@dataclasses.dataclass(frozen=True, repr=False)
class CovarianceThresholding(OfFeatures):
    """The top eigenvalue of G'G/m off the diagonal, its entries soft-thresholded [DeshpandeMontanari14]. *Heuristic.*

    The diagonal is left to `DiagonalThresholding`. A spike theta on k coordinates raises k(k - 1) entries to
    +-theta/k, while those of noise have a standard deviation of 1/sqrt(m).

    Parameters
    ----------
    cut : float
        What is taken off every entry's size, in standard deviations of noise; 0 takes nothing off.
    """

    cut: float = 1.5

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.real("CovarianceThresholding.cut", self.cut, 0.0)

    def of(self, G: Floats) -> float:
        return float(np.linalg.eigvalsh(thresholded(G, self.cut))[-1])


def thresholded(G: Floats, cut: float) -> Floats:
    """G'G/m for G (m, d) with a zero diagonal, every other entry moved towards 0 by cut/sqrt(m) and stopped there."""
    G = np.asarray(G, np.float64)
    found = G.T @ G / len(G)
    np.fill_diagonal(found, 0.0)
    return np.asarray(np.sign(found) * np.maximum(np.abs(found) - cut / math.sqrt(len(G)), 0.0))
