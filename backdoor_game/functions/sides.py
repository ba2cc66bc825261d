"""What boxes and conjunctions share: the ones of a function are a product of sides, one stretch of each axis."""

from __future__ import annotations

import abc
from collections.abc import Iterator

import numpy as np

from ..distributions import Distribution
from ..domains import Points
from .base import BlockFunctionClass, Booleans, Codes, Floats, Labels

Ends = tuple[Points, Points]


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
        from ..kernels.arguments import frozen
        from ..kernels.sides import inside

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
        label = self.evaluate(codes, x[:, None, :])
        chosen, best = codes.copy(), np.full(len(codes), np.inf)
        for ends in (*_joins(low, high, x), *self.cuts(low, high, x, distribution)):
            g = self.encode(*ends)
            cost = self.distance(codes, g, distribution)
            if cost is None:
                return None
            better = (self.evaluate(g, x[:, None, :]) != label)[:, 0] & (cost < best)
            best = np.where(better, cost, best)
            chosen = np.where(better[:, None], g, chosen)
        return chosen, best

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
