"""What the classes on a line share: a function is its sorted boundaries, and its label their parity."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from ..ground.streams import Words, below, draws, unit
from ..spaces.distributions import Distribution
from ..spaces.domains import Domain, Finite, Points, Reals
from .base import BlockFunctionClass, Booleans, Codes, Floats, Labels
from .foreign import members
from .steps import real_place, real_step, whole_step

EXCHANGED_RUNS = 4  # 2^(2k + 3) sets of pieces are tried: 2,048 at 4 runs
LISTED_RUNS = 2**22  # 4 million codes of 2k int64: 64 MiB a run


class Runs(BlockFunctionClass):
    """Functions on 0 .. N-1 (`points` given) or on the real line whose ones form runs [a, b).

    A code holds the boundaries in increasing order, padded with `top` (N, or infinity on the line):
    f(x) = 1 iff an odd number of them are at most x.
    """

    points: int | None

    @property
    def domain(self) -> Domain:
        return Reals(1) if self.points is None else Finite(self.points)

    @property
    def code_dtype(self) -> npt.DTypeLike:
        return np.float64 if self.points is None else np.int64

    @property
    def top(self) -> float:
        """The boundary that no point reaches."""
        return np.inf if self.points is None else self.points

    @property
    def bottom(self) -> float:
        """The boundary that every point reaches."""
        return -np.inf if self.points is None else 0

    def after(self, x: Points) -> Points:
        """The next boundary above a point."""
        return np.nextafter(x, np.inf) if self.points is None else x + 1

    def before(self, b: Points) -> Points:
        """The last point under a boundary."""
        return np.nextafter(b, -np.inf) if self.points is None else b - 1

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ..kernels.boundaries import parity

        labels: Labels = parity(codes, np.ascontiguousarray(X[:, :, 0]))
        return labels

    def contains(self, codes: Codes) -> Booleans:
        rises = (codes[:, 1:] > codes[:, :-1]) | (codes[:, 1:] == self.top)
        inside = (codes >= self.bottom) & (codes <= self.top)
        return np.asarray(inside.all(axis=1) & rises.all(axis=1))

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        ends = np.sort(np.concatenate([F, G], axis=1), axis=1)
        total = np.zeros(len(F))
        for i in range(0, ends.shape[1], 2):
            mass = self._mass(distribution, ends[:, i], ends[:, i + 1])
            if mass is None:
                return None
            total += mass
        return total

    def _mass(self, distribution: Distribution, low: Points, high: Points) -> Floats | None:
        """Pr[low <= x < high] for boundaries of shape (B,); rounding gives an empty stretch no mass."""
        mass = distribution.mass(low[:, None], self.before(high)[:, None])
        return None if mass is None else np.where(low < high, mass, 0.0)

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """The labels of one stretch flipped, mostly a short one from a boundary on, so that this boundary moves.

        Where a run may be added the stretch begins anywhere for a quarter of the moves; for an eighth it reaches from
        one boundary to the next, so that a run or a gap goes. What is absent is a boundary at `top`.
        """
        words, rows, length = draws(keys, 0, 6), np.arange(len(codes)), self.code_length
        slot, kind = below(words[:, 0], length), unit(words[:, 1])
        anywhere = (kind < 1 / 4) & ((codes < self.top).sum(axis=1) <= length - 2)
        start = np.where(anywhere, self._anywhere(words[:, 2]), codes[rows, slot])
        stop = real_step(start, words[:, 3:]) if self.points is None else whole_step(start, words[:, 3], self.points)
        beside = codes[rows, np.minimum(slot + 1, length - 1)]
        stop = np.where((kind > 7 / 8) & (slot + 1 < length), beside, stop)
        return self._from_ends(np.concatenate([codes, start[:, None], stop[:, None]], axis=1))

    def _anywhere(self, words: Words) -> Points:
        return real_place(words) if self.points is None else below(words, self.points + 1)

    def _segments(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Labels, Floats] | None:
        """The line cut at f's boundaries and around x: cuts (B, S-1), f's labels and the masses of pieces (B, S)."""
        cuts = np.sort(np.concatenate([codes, x, self.after(x)], axis=1), axis=1)
        edges = np.pad(cuts, ((0, 0), (1, 1)), constant_values=((0, 0), (self.bottom, self.top)))
        masses = [self._mass(distribution, edges[:, i], edges[:, i + 1]) for i in range(edges.shape[1] - 1)]
        if any(mass is None for mass in masses):
            return None
        labels = (codes[:, :, None] <= edges[:, None, :-1]).sum(axis=1) % 2
        return cuts, labels.astype(np.uint8), np.stack([mass for mass in masses if mass is not None], axis=1)

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        """By exchange: the set on which a nearest g differs may be taken to end at f's boundaries or beside x only."""
        runs = self.code_length // 2
        pieces = self._segments(codes, x, distribution) if runs <= EXCHANGED_RUNS else None
        if pieces is None:
            return None
        cuts, labels, masses = pieces
        at_x = (cuts <= x).sum(axis=1)[:, None] == np.arange(labels.shape[1])
        best = np.full(len(codes), np.inf)
        changed = labels.copy()
        for flips in itertools.product((0, 1), repeat=labels.shape[1]):
            flip = np.array(flips, dtype=np.uint8)
            g = labels ^ flip
            starts = g[:, 0] + ((g[:, 1:] == 1) & (g[:, :-1] == 0)).sum(axis=1)
            cost = np.where(flip == 1, masses, 0.0).sum(axis=1)
            better = (starts <= runs) & (at_x & (flip == 1)).any(axis=1) & (cost < best)
            best = np.where(better, cost, best)
            changed = np.where(better[:, None], g, changed)
        return self._from_segments(cuts, changed), best

    def _from_segments(self, cuts: Codes, labels: Labels) -> Codes:
        """The code of the function with these labels on the pieces between cuts; equal cuts cancel in pairs."""
        first = np.where(labels[:, :1] == 1, self.bottom, self.top)
        changes = np.where(labels[:, 1:] != labels[:, :-1], cuts, self.top)
        return self._from_ends(np.concatenate([first, changes], axis=1))

    def _from_ends(self, ends: Codes) -> Codes:
        """The code with these boundaries, in any order; equal ones cancel in pairs."""
        ends = np.sort(ends, axis=1)
        for i in range(ends.shape[1] - 1):
            twins = ends[:, i] == ends[:, i + 1]
            ends[twins, i : i + 2] = self.top
        return np.sort(ends, axis=1)[:, : self.code_length].astype(self.code_dtype)

    def consistent(self, X: Points, y: Labels) -> Codes:
        """One run for each stretch of positive examples, from its first to just after its last."""
        order = np.argsort(X[:, :, 0], axis=1, kind="stable")
        x = np.take_along_axis(X[:, :, 0], order, axis=1)
        label = np.take_along_axis(y, order, axis=1)
        padded = np.pad(label, ((0, 0), (1, 1)))
        starts = np.where((label == 1) & (padded[:, :-2] == 0), x, self.top)
        stops = np.where((label == 1) & (padded[:, 2:] == 0), self.after(x), self.top)
        ends = np.sort(np.concatenate([starts, stops], axis=1), axis=1)
        short = np.full((len(X), max(0, self.code_length - ends.shape[1])), self.top)
        return np.concatenate([ends, short], axis=1)[:, : self.code_length].astype(self.code_dtype)

    def labelings(self, points: Points) -> Labels:
        """The same class on the k points in order."""
        small: Any = self.on_points(len(points))
        order = np.argsort(points[:, 0], kind="stable")
        patterns = np.empty((small.count(), len(points)), dtype=np.uint8)
        codes = small.enumerate()
        everywhere = np.broadcast_to(small.domain.points(), (len(codes), len(points), 1))
        patterns[:, order] = small.member_labels(codes, everywhere)
        return np.unique(patterns, axis=0)

    def on_points(self, k: int) -> Runs:
        """The class that this one induces on k points of the line."""
        raise NotImplementedError


def two_boundaries(words: Words, points: int) -> Points:
    """A uniform pair a < b of boundaries 0 .. N for each pair of words (..., 2): the run [a, b) is never empty."""
    first = below(words[..., 0], points + 1)
    second = below(words[..., 1], points)
    second += second >= first
    return np.stack([np.minimum(first, second), np.maximum(first, second)], axis=-1)
