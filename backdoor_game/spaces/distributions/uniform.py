"""The uniform law on a finite domain."""

from __future__ import annotations

import dataclasses
import functools
from typing import Self

import numpy as np
import numpy.typing as npt

from ...ground.streams import Words, below, bits, draws
from ..domains import ENUMERABLE_POINTS, Bits, Domain, Finite, Grid, Points, Union
from .base import BlockDistribution, Floats, Support, Window, countable, mismatch


@functools.lru_cache(maxsize=16)
def listed(domain: Domain) -> Points:
    """`domain.points()`, computed once and read-only."""
    points = domain.points()
    points.setflags(write=False)
    return points


@dataclasses.dataclass(frozen=True, repr=False)
class Uniform(BlockDistribution):
    """Every point of a finite domain with the same probability; `domain` is filled in by the game.

    Up to 65,536 points a draw takes half a word: each point has probability 1/N to within 2^-32.

    Parameters
    ----------
    domain : Domain, optional
        A finite one; None is filled in by the game.
    """

    domain: Domain | None = None

    def on(self, domain: Domain) -> Self:
        if domain.size is None or isinstance(domain, Union):
            wanted = "Mixture(parts, weights)" if isinstance(domain, Union) else "UnitCube(), StandardNormal() or Atoms"
            raise mismatch(self, domain, wanted)
        if self.domain not in (None, domain):
            raise mismatch(self, domain, "Uniform()")
        return dataclasses.replace(self, domain=domain)

    def _filled(self) -> Domain:
        if self.domain is None:
            raise mismatch(self, Finite(1), "a domain first: call on(domain), as a game does")
        return self.domain

    def _size(self) -> int:
        return int(self._filled().size or 0)

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        domain = self._filled()
        if self._size() <= ENUMERABLE_POINTS:
            from ...kernels.sampling import uniform_indices

            places: npt.NDArray[np.int64] = uniform_indices(keys, start, m, self._size())
            return places[:, :, None] if isinstance(domain, Finite) else listed(domain)[places]
        if isinstance(domain, Bits):
            width = (domain.n + 63) // 64
            flat = bits(keys, start * width, m * width * 64)
            return flat.reshape(len(keys), m, width * 64)[:, :, : domain.n]
        words = draws(keys, start * domain.n, m * domain.n).reshape(len(keys), m, domain.n)
        return below(words, domain.side if isinstance(domain, Grid) else self._size())

    def atoms(self) -> Support | None:
        if self._size() > ENUMERABLE_POINTS:
            return None
        return listed(self._filled()), np.full(self._size(), 1.0 / self._size())

    def mass(self, low: Points, high: Points) -> Floats | None:
        domain = self._filled()
        side = 2 if isinstance(domain, Bits) else domain.side if isinstance(domain, Grid) else self._size()
        lengths = np.minimum(high.astype(np.int64), side - 1) - np.maximum(low.astype(np.int64), 0) + 1
        return np.asarray((np.maximum(lengths, 0) / side).prod(axis=-1))

    def bit_probabilities(self) -> Floats | None:
        domain = self._filled()
        return np.full(domain.n, 0.5) if isinstance(domain, Bits) else None

    def uniform_size(self) -> int | None:
        return countable(self._size())

    def halves(self) -> bool:
        return self._size() <= ENUMERABLE_POINTS

    def window(self, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Window | None:
        size = self._size()
        if size > ENUMERABLE_POINTS:
            return None
        ends = -((-np.arange(size + 1, dtype=np.int64) << 32) // size)
        return ends[low].astype(np.uint64), ends[np.maximum(high + 1, low)].astype(np.uint64)
