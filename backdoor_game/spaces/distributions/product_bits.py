"""Independent bits with given probabilities."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from typing import Self

import numpy as np

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.fractions import as_fraction
from ...ground.streams import Words, draws
from ..domains import Bits, Domain, Points
from .base import BlockDistribution, Floats, Support, countable, mismatch
from .uniform import listed

LISTED_BITS = 16  # as many points as a domain lists


@dataclasses.dataclass(frozen=True, repr=False)
class ProductBits(BlockDistribution):
    """Bit i is 1 with probability p (one number for all) or p[i], independently; `count` is filled in by the game.

    Parameters
    ----------
    p : float, or sequence of n floats
        The probability of a 1, of all bits or of each.
    count : int, optional
        n, the bits; None is filled in by the game.
    """

    p: float | tuple[float, ...] = 0.5
    count: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.p, tuple):
            object.__setattr__(self, "p", tuple(_validate.real("p", q, 0.0, 1.0) for q in self.p))
        else:
            object.__setattr__(self, "p", _validate.real("p", self.p, 0.0, 1.0))
        if self.count is not None:
            _validate.integer("ProductBits.count", self.count, 1)
            if isinstance(self.p, tuple) and len(self.p) != self.count:
                raise InvalidArgument(f"ProductBits.p must hold {self.count} probabilities, got {len(self.p)}")

    def on(self, domain: Domain) -> Self:
        if not isinstance(domain, Bits):
            raise mismatch(self, domain, "another distribution, for its points are not bit vectors")
        if (isinstance(self.p, tuple) and len(self.p) != domain.n) or self.count not in (None, domain.n):
            raise mismatch(self, domain, f"{domain.n} probabilities")
        return dataclasses.replace(self, count=domain.n)

    def bit_probabilities(self) -> Floats:
        if self.count is None and not isinstance(self.p, tuple):
            raise InvalidArgument("ProductBits(p=...) has no size yet: call on(domain), as a game does")
        return np.array(self.p if isinstance(self.p, tuple) else (self.p,) * int(self.count or 0), dtype=np.float64)

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        p = self.bit_probabilities()
        n = len(p)
        ends = np.rint(p * 2.0**53).astype(np.uint64)
        words = draws(keys, start * n, m * n).reshape(len(keys), m, n) >> np.uint64(11)
        return (words < ends).astype(np.uint8)

    def atoms(self) -> Support | None:
        p = self.bit_probabilities()
        if len(p) > LISTED_BITS:
            return None
        points = listed(Bits(len(p)))
        return points, np.asarray(np.where(points == 1, p, 1.0 - p).prod(axis=1))

    def fractions(self) -> tuple[Fraction, ...] | None:
        """The products of what the probabilities of the bits stand for."""
        listed = self.atoms()
        if listed is None:
            return None
        p = [as_fraction(q) for q in self.bit_probabilities().tolist()]
        points = listed[0].tolist()
        return tuple(
            math.prod((q if bit else 1 - q for q, bit in zip(p, point, strict=True)), start=Fraction(1))
            for point in points
        )

    def mass(self, low: Points, high: Points) -> Floats:
        p = self.bit_probabilities()
        zero = np.where((low <= 0) & (high >= 0), 1.0 - p, 0.0)
        one = np.where((low <= 1) & (high >= 1), p, 0.0)
        return np.asarray((zero + one).prod(axis=-1))

    def uniform_size(self) -> int | None:
        p = self.bit_probabilities()
        return countable(2 ** len(p)) if (p == 0.5).all() else None
