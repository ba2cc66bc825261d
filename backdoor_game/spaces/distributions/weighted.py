"""Given weights on the points 0 .. N-1."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ..domains import Domain, Finite, Points
from .atomic import AtomicDistribution
from .base import Window, mismatch
from .uniform import listed


@dataclasses.dataclass(frozen=True, repr=False)
class Weighted(AtomicDistribution):
    """Pr[x = i] = weights[i]; they must sum to 1 within 1e-9 and are used as given.

    Parameters
    ----------
    weights : sequence of N floats
        The probabilities of the points 0 .. N-1.
    """

    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", _validate.weights("weights", self.weights))

    def on(self, domain: Domain) -> Self:
        if domain != Finite(len(self.weights)):
            wanted = f"{domain.size} weights" if isinstance(domain, Finite) else "another distribution"
            raise mismatch(self, domain, wanted)
        return self

    def support(self) -> tuple[Points, tuple[float, ...]]:
        return listed(Finite(len(self.weights))), self.weights

    def window(self, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Window:
        return self._stretch(low, high)
