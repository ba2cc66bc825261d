"""The uniform law on the unit cube."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from ..domains import Domain, Points, Reals
from ..streams import Words, draws, unit
from .base import BlockDistribution, Floats, mismatch


@dataclasses.dataclass(frozen=True, repr=False)
class UnitCube(BlockDistribution):
    """Independent coordinates, uniform on (0, 1); `dimension` is filled in by the game."""

    dimension: int | None = None

    def on(self, domain: Domain) -> Self:
        if not isinstance(domain, Reals) or self.dimension not in (None, domain.n):
            raise mismatch(self, domain, "another distribution or dimension")
        return dataclasses.replace(self, dimension=domain.n)

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        n = self.dimension or 1
        return unit(draws(keys, start * n, m * n)).reshape(len(keys), m, n)

    def mass(self, low: Points, high: Points) -> Floats:
        lengths = np.clip(high, 0.0, 1.0) - np.clip(low, 0.0, 1.0)
        return np.asarray(np.maximum(lengths, 0.0).prod(axis=-1))
