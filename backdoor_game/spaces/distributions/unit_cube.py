"""The uniform law on the unit cube."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...ground.streams import Words
from ..domains import Points
from .base import Floats
from .product_reals import ProductOnReals


@dataclasses.dataclass(frozen=True, repr=False)
class UnitCube(ProductOnReals):
    """Independent coordinates, uniform on (0, 1).

    Parameters
    ----------
    dimension : int, optional
        n, the coordinates; None is filled in by the game.
    """

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        return self._uniforms(keys, start, m)

    def mass(self, low: Points, high: Points) -> Floats:
        lengths = np.clip(high, 0.0, 1.0) - np.clip(low, 0.0, 1.0)
        return np.asarray(np.maximum(lengths, 0.0).prod(axis=-1))
