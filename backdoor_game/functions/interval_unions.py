"""Unions of a few intervals on a line of points."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np

from ..ground import _validate
from ..ground.streams import Words, below, draws
from ..spaces.domains import Points
from .base import Codes, Labels
from .listing import refuse_large
from .runs import LISTED_RUNS, Runs

MAX_RUNS = 32  # codes of 64 boundaries; a draw compares each boundary with all before it


@dataclasses.dataclass(frozen=True, repr=False)
class IntervalUnions(Runs):
    """Functions on 0 .. N-1 whose ones form at most k runs; a code holds 2k boundaries, padded with N.

    VC dimension min(2k, N); closed under intersection only for k = 1 or where it is all functions. *Proved.*
    `sample` is uniform over the members: one for each even-sized set of at most 2k of the N + 1 boundaries.

    Parameters
    ----------
    points : int
        N, the points of the domain.
    k : int
        The most runs of ones.
    """

    points: int
    k: int = 2
    samples_uniformly = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("IntervalUnions.points", self.points, 1, 2**31)
        _validate.integer("IntervalUnions.k", self.k, 1, MAX_RUNS)

    @property
    def code_length(self) -> int:
        return 2 * self.k

    @property
    def vc_dimension(self) -> int:
        return min(2 * self.k, self.points)

    @property
    def intersection_closed(self) -> bool:
        return self.k == 1 or 2 * self.k >= self.points

    def _counts(self) -> list[int]:
        """How many members have 0, 1, .., k runs."""
        return [math.comb(self.points + 1, 2 * j) for j in range(self.k + 1)]

    def count(self) -> int:
        return sum(self._counts())

    def enumerate(self) -> Codes:
        refuse_large(repr(self), self.count(), LISTED_RUNS)
        codes = np.full((self.count(), 2 * self.k), self.points, dtype=np.int64)
        row = 0
        for j, size in enumerate(self._counts()):
            if size and j:
                codes[row : row + size, : 2 * j] = list(itertools.combinations(range(self.points + 1), 2 * j))
            row += size
        return codes

    def sample_block(self, keys: Words) -> Codes:
        """The number of runs by its share of the members, then that many different boundaries."""
        words = draws(keys, 0, 2 * self.k + 1)
        ends = [(total << 53) // self.count() for total in itertools.accumulate(self._counts())]
        runs = np.searchsorted(np.array(ends, dtype=np.uint64), words[:, 0] >> np.uint64(11), side="right")
        codes = np.full((len(keys), 2 * self.k), self.points, dtype=np.int64)
        for i in range(min(2 * self.k, self.points + 1)):
            place = below(words[:, i + 1], self.points + 1 - i)
            taken = np.sort(codes[:, :i], axis=1)
            for j in range(i):
                place += place >= taken[:, j]
            codes[:, i] = place
        codes[np.arange(2 * self.k) >= 2 * runs[:, None]] = self.points
        return np.sort(codes, axis=1)

    def shattered_set(self) -> Points:
        return np.arange(self.vc_dimension, dtype=np.int64)[:, None]

    def consistent(self, X: Points, y: Labels) -> Codes:
        """One run for each stretch of positive examples; no more than these where the class is all functions."""
        if 2 * self.k < self.points:
            return super().consistent(X, y)
        labels = np.zeros((len(X), self.points), dtype=np.uint8)
        rows, columns = np.nonzero(y)
        labels[rows, X[rows, columns, 0]] = 1
        return super().consistent(np.broadcast_to(self.domain.points(), (len(X), self.points, 1)), labels)

    def on_points(self, k: int) -> Runs:
        return IntervalUnions(points=k, k=self.k)
