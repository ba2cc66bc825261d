"""Intervals on a line."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..ground import _validate
from ..ground.streams import Words, draws, unit
from ..spaces.domains import Points
from .base import Codes
from .listing import refuse_large
from .runs import LISTED_RUNS, Runs, two_boundaries


@dataclasses.dataclass(frozen=True, repr=False)
class Intervals(Runs):
    """Runs [a, b) and the empty function: on the points 0 .. N-1, or on the line where `points` is left out.

    A code is (a, b), and (N, N) or (inf, inf) for the empty one. VC dimension min(2, N), 2 on the line. *Proved.*
    `sample` is uniform over all N(N+1)/2 + 1 members, or has two uniform ends in (0, 1) on the line.

    Parameters
    ----------
    points : int, optional
        N, the points of the domain; None is the real line.
    """

    points: int | None = None
    code_length = 2
    intersection_closed = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.points is not None:
            _validate.integer("Intervals.points", self.points, 1, 2**31)

    @property
    def vc_dimension(self) -> int:
        return 2 if self.points is None else min(2, self.points)

    @property
    def samples_uniformly(self) -> bool:
        return self.points is not None

    def sample_block(self, keys: Words) -> Codes:
        words = draws(keys, 0, 3)
        if self.points is None:
            ends = np.sort(unit(words[:, :2]), axis=1)
            ends[:, 1] = np.maximum(ends[:, 1], self.after(ends[:, 0]))
            return ends
        codes = two_boundaries(words[:, :2], self.points)
        codes[unit(words[:, 2]) < 1 / _members(self.points)] = self.points
        return codes

    def enumerate(self) -> Codes:
        if self.points is None:
            return super().enumerate()
        refuse_large(repr(self), _members(self.points), LISTED_RUNS)
        runs = np.stack(np.triu_indices(self.points + 1, 1), axis=1)
        return np.concatenate([np.full((1, 2), self.points), runs]).astype(np.int64)

    def count(self) -> int | None:
        return None if self.points is None else _members(self.points)

    def shattered_set(self) -> Points:
        if self.points is None:
            return np.array([[0.25], [0.75]])
        return np.arange(self.vc_dimension, dtype=np.int64)[:, None]

    def on_points(self, k: int) -> Runs:
        return Intervals(points=k)


def _members(points: int) -> int:
    return points * (points + 1) // 2 + 1
