"""The standard normal law."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...ground.streams import Words
from ..domains import Points
from .base import Floats
from .product_reals import ProductOnReals


@dataclasses.dataclass(frozen=True, repr=False)
class StandardNormal(ProductOnReals):
    """Independent N(0, 1) coordinates, by inversion of the distribution function.

    Parameters
    ----------
    dimension : int, optional
        n, the coordinates; None is filled in by the game.
    """

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        from scipy.special import ndtri

        return np.asarray(ndtri(self._uniforms(keys, start, m)))

    def mass(self, low: Points, high: Points) -> Floats:
        from scipy.special import ndtr

        return np.asarray(np.maximum(ndtr(high) - ndtr(low), 0.0).prod(axis=-1))
