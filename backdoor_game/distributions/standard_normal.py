"""The standard normal law."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from ..domains import Domain, Points, Reals
from ..streams import Words, draws, unit
from .base import BlockDistribution, Floats, mismatch


@dataclasses.dataclass(frozen=True, repr=False)
class StandardNormal(BlockDistribution):
    """Independent N(0, 1) coordinates, by inversion of the distribution; `dimension` is filled in by the game."""

    dimension: int | None = None

    def on(self, domain: Domain) -> Self:
        if not isinstance(domain, Reals) or self.dimension not in (None, domain.n):
            raise mismatch(self, domain, "another distribution or dimension")
        return dataclasses.replace(self, dimension=domain.n)

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        from scipy.special import ndtri

        n = self.dimension or 1
        return np.asarray(ndtri(unit(draws(keys, start * n, m * n)))).reshape(len(keys), m, n)

    def mass(self, low: Points, high: Points) -> Floats:
        from scipy.special import ndtr

        return np.asarray(np.maximum(ndtr(high) - ndtr(low), 0.0).prod(axis=-1))
