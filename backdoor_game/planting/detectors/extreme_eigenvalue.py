"""The largest or the smallest eigenvalue of the features' covariance."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from .features import OfFeatures


@dataclasses.dataclass(frozen=True, repr=False)
class TopEigenvalue(OfFeatures):
    """The largest eigenvalue of G'G/m, where a spike along a secret direction comes out of the bulk. *Heuristic.*

    [BBP05]: for g ~ N(0, I + theta s s') it does from theta = sqrt(d/m) on; below, no test of eigenvalues sees it well.

    Parameters
    ----------
    bottom : bool
        Take the smallest one instead, the smaller the more suspicious: what a direction of too little variance shows.
    """

    bottom: bool = False

    def of(self, G: Floats) -> float:
        G = G.astype(np.float64)
        m, d = G.shape
        if self.bottom:
            return -float(np.linalg.eigvalsh(G.T @ G)[0] / m)
        return float(np.linalg.eigvalsh(G.T @ G if d <= m else G @ G.T)[-1] / m)
