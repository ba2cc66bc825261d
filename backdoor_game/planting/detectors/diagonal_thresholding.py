"""The largest variance of a coordinate of the features."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from .features import OfFeatures


@dataclasses.dataclass(frozen=True, repr=False)
class DiagonalThresholding(OfFeatures):
    """The largest entry on the diagonal of the features' covariance G'G/m [JohnstoneLu09]. *Heuristic.*

    A spike theta on k coordinates raises k of the d variances to 1 + theta/k, which shows from about
    `bounds.diagonal_threshold` on.
    """

    def of(self, G: Floats) -> float:
        return float(np.einsum("ij,ij->j", G, G, dtype=np.float64).max() / len(G))
