"""Thresholds on a line."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..ground.streams import Words, below, draws, unit
from ..spaces.distributions import Distribution
from ..spaces.domains import Points
from .base import Codes, Floats, Labels
from .listing import refuse_large
from .runs import Runs

LISTED = 65_536  # a domain lists no more points either


@dataclasses.dataclass(frozen=True, repr=False)
class Thresholds(Runs):
    """{x >= t}: t = 0 .. N on the points 0 .. N-1, or any t on the line without `points`. VC dimension 1. *Proved.*

    `sample` is uniform over t = 0 .. N, or over t in (0, 1) on the line.

    Parameters
    ----------
    points : int, optional
        N, the points of the domain; None is the real line.
    """

    points: int | None = None
    code_length = 1
    vc_dimension = 1
    intersection_closed = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.points is not None:
            _validate.integer("Thresholds.points", self.points, 1, 2**31)

    @property
    def samples_uniformly(self) -> bool:
        return self.points is not None

    def sample_block(self, keys: Words) -> Codes:
        words = draws(keys, 0, 1)
        return unit(words) if self.points is None else below(words, self.points + 1)

    def enumerate(self) -> Codes:
        if self.points is None:
            return super().enumerate()
        refuse_large(repr(self), self.points + 1, LISTED)
        return np.arange(self.points + 1, dtype=np.int64)[:, None]

    def count(self) -> int | None:
        return None if self.points is None else self.points + 1

    def shattered_set(self) -> Points:
        return np.array([[0.5]]) if self.points is None else np.array([[self.points // 2]], dtype=np.int64)

    def consistent(self, X: Points, y: Labels) -> Codes:
        lowest = np.where(y == 1, X[:, :, 0], self.top).min(axis=1, initial=self.top)
        return np.asarray(lowest[:, None], dtype=self.code_dtype)

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        moved = np.where(codes <= x, self.after(x), x).astype(self.code_dtype)
        distance = self.distance(codes, moved, distribution)
        return None if distance is None else (moved, distance)

    def witness(self, codes: Codes, x: Points) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        return None if self.points is None else (np.minimum(codes[:, 0], x[:, 0]), x[:, 0])

    def on_points(self, k: int) -> Runs:
        return Thresholds(points=k)
