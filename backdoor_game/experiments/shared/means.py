"""Means over networks, with intervals."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


def mean_interval(values: npt.ArrayLike, level: float) -> tuple[float, float]:
    """Student's interval for the mean of independent numbers, at least two; the numbers are taken as Gaussian."""
    from scipy.special import stdtrit

    found = np.asarray(values, np.float64)
    half = float(stdtrit(len(found) - 1, (1 + level) / 2) * found.std(ddof=1) / math.sqrt(len(found)))
    return float(found.mean()) - half, float(found.mean()) + half
