"""How much mass a window of indices, or one point, has under a distribution."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...spaces.distributions import Distribution
from ...spaces.domains import ENUMERABLE_POINTS, Domain, Points

Indices = npt.NDArray[np.int64]


def window_mass(distribution: Distribution, domain: Domain, low: Indices, high: Indices) -> Floats | None:
    """Pr[the index of x lies in low..high], both (B,): from the atoms, else in closed form on a line, else None."""
    support = distribution.atoms()
    if support is None:
        return distribution.mass(low[:, None], high[:, None]) if domain.n == 1 else None
    index = domain.index(support[0])
    order = np.argsort(index, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(support[1][order])])
    reached /= reached[-1]
    first, stop = np.searchsorted(index[order], low, "left"), np.searchsorted(index[order], high, "right")
    return np.asarray(np.maximum(reached[stop] - reached[first], 0.0))


def point_mass(distribution: Distribution, domain: Domain, x: Points) -> Floats | None:
    """D(x) for each x (B, n), shape (B,); None where it is not known in closed form."""
    if domain.size is None or domain.size > ENUMERABLE_POINTS:
        return distribution.mass(x, x)
    places = domain.index(x)
    return window_mass(distribution, domain, places, places)
