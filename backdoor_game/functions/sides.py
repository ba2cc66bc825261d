"""What boxes and conjunctions share: the ones of a function are a product of sides, one stretch of each axis."""

from __future__ import annotations

import abc
from collections.abc import Iterator

import numpy as np

from ..ground.streams import Words, below, draws, unit
from ..spaces.distributions import Distribution
from ..spaces.domains import Points
from .base import BlockFunctionClass, Booleans, Codes, Floats, Labels
from .foreign import members
from .steps import AWAY, real_place, real_step, whole_step

Ends = tuple[Points, Points]
VANISHING = 1 / 4  # rarer, and walks hardly see the empty function; more often, and they leave small ones too soon


class Sides(BlockFunctionClass):
    """Functions f(x) = 1 iff low_i <= x_i <= high_i for every axis i, and the empty one."""

    intersection_closed = True

    @abc.abstractmethod
    def ends(self, codes: Codes) -> Ends:
        """Lowest and highest coordinates of the ones, each (B, n); low > high on every axis for the empty function."""

    @abc.abstractmethod
    def encode(self, low: Points, high: Points) -> Codes:
        """The codes of these products; the empty function wherever low > high on some axis."""

    @abc.abstractmethod
    def independent(self, distribution: Distribution) -> bool:
        """Whether the distribution is known to be a product law over the axes."""

    @abc.abstractmethod
    def cuts(self, low: Points, high: Points, x: Points, distribution: Distribution) -> Iterator[Ends]:
        """Largest products inside f that leave out x; one of them is closest to f."""

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ..kernels.arguments import frozen
        from ..kernels.boundaries import inside

        dtype = self.domain.dtype
        low, high = self.ends(codes)
        return np.asarray(inside(frozen(low, dtype), frozen(high, dtype), frozen(X, dtype)))

    def mass(self, low: Points, high: Points, distribution: Distribution) -> Floats | None:
        """Pr_D of each product, shape (B,); 0 where low > high on some axis."""
        return distribution.mass(low, high)

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        """|A| + |B| - 2 |A and B|: the intersection of two products is one."""
        (a, b), (c, d) = self.ends(F), self.ends(G)
        f, g = self.mass(a, b, distribution), self.mass(c, d, distribution)
        both = self.mass(np.maximum(a, c), np.minimum(b, d), distribution)
        return None if f is None or g is None or both is None else np.maximum(f + g - 2 * both, 0.0)

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        """If f(x) = 1, the best cut: g may be taken inside f. If f(x) = 0, the best of three, under a product law.

        Let side i of g hold x_i and have mass p_i, of which q_i lies in f: the distance is |f| + prod p - 2 prod q.
        With q_i = 0 on some axis {x} is best. Otherwise p_i = q_i on axes where f holds x_i, and q_i plus the gap
        from x_i to f on the others: the distance is linear in each q_i, so the others reach through all of f, and
        then it is linear in the product of the first ones: all are as long as f's, or all are the point x_i.
        (For the empty f the best is {x}, which is among the three.)
        """
        if not self.independent(distribution):
            return None
        low, high = self.ends(codes)
        label = self.member_labels(codes, x[:, None, :])
        chosen, best = codes.copy(), np.full(len(codes), np.inf)
        for ends in (*_joins(low, high, x), *self.cuts(low, high, x, distribution)):
            g = self.encode(*ends)
            cost = self.distance(codes, g, distribution)
            if cost is None:
                return None
            better = (self.member_labels(g, x[:, None, :]) != label)[:, 0] & (cost < best)
            best = np.where(better, cost, best)
            chosen = np.where(better[:, None], g, chosen)
        return chosen, best

    @property
    @abc.abstractmethod
    def side(self) -> int | None:
        """Points 0 .. N-1 on each axis, None for the real line."""

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """One face of one side moved, through the opposite one if need be.

        The empty function becomes a product of points (of short stretches on the line), which vanish again at times.
        """
        n, rows = self.domain.n, np.arange(len(codes))
        words = draws(keys, 0, 5 + 2 * n)
        low, high = (np.array(ends, dtype=np.int64 if self.side else np.float64) for ends in self.ends(codes))
        empty: Booleans = np.asarray((low > high).any(axis=1))
        thin: Booleans = (low == high).all(axis=1)
        vanishing = unit(words[:, 1]) < (np.where(thin, VANISHING, 0.0) if self.side else np.full(len(codes), AWAY))
        axis = below(words[:, 0], n)
        face = np.stack([low[rows, axis], high[rows, axis]], axis=1)
        which = (words[:, 1] & np.uint64(1)).astype(np.intp)
        old = face[rows, which]
        face[rows, which] = whole_step(old, words[:, 2], self.side - 1) if self.side else real_step(old, words[:, 2:])
        low[rows, axis], high[rows, axis] = face.min(axis=1), face.max(axis=1)
        small = self._small(words[:, 5:])
        low, high = (np.where(empty[:, None], new, held) for new, held in zip(small, (low, high), strict=True))
        low[vanishing & ~empty], high[vanishing & ~empty] = 1, 0
        return self.encode(low, high)

    def _small(self, words: Words) -> Ends:
        """A random point, or on the line a random product of mostly short stretches, from words (B, 2n)."""
        n = self.domain.n
        if self.side:
            point = below(words[:, :n], self.side)
            return point, point
        place, length = real_place(words[:, :n]), np.abs(real_place(words[:, n:]) - 0.5) * AWAY
        return place - length, place + length

    def consistent(self, X: Points, y: Labels) -> Codes:
        """The product of the positive examples' ranges."""
        least, top = (-np.inf, np.inf) if np.dtype(self.domain.dtype).kind == "f" else (0, 2**31 - 1)
        top = min(top, np.iinfo(np.uint8).max) if X.dtype == np.uint8 else top
        positive = y[:, :, None] == 1
        low = np.where(positive, X, top).min(axis=1, initial=top)
        high = np.where(positive, X, least).max(axis=1, initial=least)
        return self.encode(low, high)

    def labelings(self, points: Points) -> Labels:
        """Products over the axes of the stretches of coordinates that occur, and nothing."""
        rows = np.ones((1, len(points)), dtype=np.uint8)
        for values in points.T:
            stops = np.unique(values)
            first, last = np.triu_indices(len(stops))
            side = (stops[first, None] <= values) & (values <= stops[last, None])
            rows = np.unique((rows[:, None, :] & side[None, :, :]).reshape(-1, len(points)), axis=0)
        return np.unique(np.concatenate([rows, np.zeros_like(rows[:1])]), axis=0)


def _joins(low: Points, high: Points, x: Points) -> Iterator[Ends]:
    """The products that hold x and may be closest to one that does not: see `Sides.nearest`."""
    reach = np.minimum(low, x), np.maximum(high, x)
    beyond: Booleans = (x < low) | (x > high)
    yield reach
    yield x, x
    yield np.where(beyond, reach[0], x), np.where(beyond, reach[1], x)
