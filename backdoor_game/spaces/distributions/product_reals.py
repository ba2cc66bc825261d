"""What laws with independent, equally distributed real coordinates share."""

from __future__ import annotations

import dataclasses
from typing import Self

from ...ground import _validate
from ...ground.streams import Words, draws, unit
from ..domains import Domain, Reals
from .base import BlockDistribution, Floats, mismatch


@dataclasses.dataclass(frozen=True, repr=False)
class ProductOnReals(BlockDistribution):
    """Independent coordinates on R^n; `dimension` is filled in by the game."""

    dimension: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dimension is not None:
            _validate.integer(f"{type(self).__name__}.dimension", self.dimension, 1)

    def on(self, domain: Domain) -> Self:
        if not isinstance(domain, Reals) or self.dimension not in (None, domain.n):
            raise mismatch(self, domain, "another distribution or dimension")
        return dataclasses.replace(self, dimension=domain.n)

    def _uniforms(self, keys: Words, start: int, m: int) -> Floats:
        """One number inside (0, 1) for each coordinate, shape (B, m, n)."""
        n = self.dimension or 1
        return unit(draws(keys, start * n, m * n)).reshape(len(keys), m, n)
