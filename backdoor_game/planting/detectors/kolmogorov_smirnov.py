"""The distribution of the features, coordinate by coordinate."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from .features import OfFeatures


@dataclasses.dataclass(frozen=True, repr=False)
class KolmogorovSmirnov(OfFeatures):
    """The largest distance of a coordinate's empirical distribution from N(0, 1), over all d coordinates. *Heuristic.*

    [Kolmogorov33]: sup_t |#{i : g_ij <= t}/m - Phi(t)|. Reads G (m, d) and uses no query.
    """

    def of(self, G: Floats) -> float:
        from scipy.special import ndtr

        m = len(G)
        law = ndtr(np.sort(G, axis=0))
        steps = np.arange(m + 1)[:, None] / m
        return float(max((steps[1:] - law).max(), (law - steps[:-1]).max()))
