"""An example oracle that hands out every possible sample in turn: a defender can be averaged over all of them."""

from __future__ import annotations

from typing import Self

import numpy as np

from ...functions.base import Floats
from ...ground.streams import Words
from ...spaces.distributions import BlockDistribution
from ...spaces.domains import Domain, Points


class TooManyExamples(Exception):
    """More examples were asked for than this oracle was made for; it notes so, should a strategy swallow this."""


class EnumeratedOracle(BlockDistribution):
    """Under key k the i-th point is digit i of k in base N: keys 0 .. N^m - 1 are all samples of m points.

    Attributes
    ----------
    exhausted : bool
        Whether more than m points were asked for.
    """

    def __init__(self, points: Points, weights: Floats, m: int) -> None:
        self._points, self._weights, self._m = points, weights, m
        self.exhausted = False

    @property
    def keys(self) -> Words:
        """One key for each sample, (N^m,)."""
        return np.arange(len(self._points) ** self._m, dtype=np.uint64)

    def probabilities(self) -> Floats:
        """Each sample's probability, (N^m,)."""
        out = np.ones(1)
        for _ in range(self._m):
            out = (self._weights[:, None] * out[None, :]).ravel()
        return out

    def on(self, domain: Domain) -> Self:
        return self

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        if start + m > self._m:
            self.exhausted = True
            raise TooManyExamples
        powers = np.uint64(len(self._points)) ** np.arange(start, start + m, dtype=np.uint64)
        return np.asarray(self._points[(keys[:, None] // powers % np.uint64(len(self._points))).astype(np.int64)])
