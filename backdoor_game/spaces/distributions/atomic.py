"""What the laws with finitely many listed points share: cumulative ends on 53 bits, draws and windows."""

from __future__ import annotations

import abc
import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground.streams import Words
from ..domains import Points
from .base import BlockDistribution, Floats, Support, Window

SCALE = 2.0**53  # draws are the upper 53 bits of a word


@functools.lru_cache(maxsize=64)
def cumulative_ends(weights: tuple[float, ...]) -> Words:
    """End of each atom's stretch of the 53-bit line, (A,); an atom of weight 0 gets none of it."""
    totals = np.minimum(np.cumsum(np.array(weights)), 1.0)
    ends: Words = np.rint(totals * SCALE).astype(np.uint64)
    last = max(i for i, weight in enumerate(weights) if weight > 0)
    ends[last:] = np.uint64(2**53)
    return ends


class AtomicDistribution(BlockDistribution):
    """A law on listed points: subclasses say what the points are and how much each weighs."""

    @abc.abstractmethod
    def support(self) -> tuple[Points, tuple[float, ...]]:
        """Points (A, n) and their weights."""

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        from ...kernels.sampling import weighted_indices

        points, weights = self.support()
        return np.asarray(points[weighted_indices(keys, start, m, cumulative_ends(weights))])

    def atoms(self) -> Support | None:
        points, weights = self.support()
        return points, np.array(weights)

    def mass(self, low: Points, high: Points) -> Floats | None:
        points, weights = self.support()
        inside = ((low[:, None, :] <= points) & (points <= high[:, None, :])).all(axis=2)
        return np.asarray(np.where(inside, np.array(weights), 0.0).sum(axis=1))

    def uniform_size(self) -> int | None:
        _, weights = self.support()
        return len(weights) if len(set(weights)) == 1 else None

    def _stretch(self, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Window:
        ends: npt.NDArray[Any] = np.concatenate([[np.uint64(0)], cumulative_ends(self.support()[1])])
        return ends[low], ends[np.maximum(high + 1, low)]
