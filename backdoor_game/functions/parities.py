"""Linear functions over GF(2)."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..ground import _validate
from ..spaces.distributions import Distribution
from ..spaces.domains import Bits, Points
from .base import Booleans, Codes, Floats, Labels
from .bit_strings import BitStrings
from .foreign import members
from .listing import refuse_large

LISTED_BITS = 22  # 2^22 codes of 22 bits take 740 MB as int64 while they are made


@dataclasses.dataclass(frozen=True, repr=False)
class Parities(BitStrings):
    """All 2^n functions <s, x> mod 2 on n bits; a code is s. VC dimension n. *Proved.*

    Parameters
    ----------
    bits : int
        n, the bits of an input.
    """

    bits: int
    samples_uniformly = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Parities.bits", self.bits, 1, 1000)

    @property
    def domain(self) -> Bits:
        return Bits(self.bits)

    @property
    def code_length(self) -> int:
        return self.bits

    @property
    def intersection_closed(self) -> bool:
        return self.bits == 1

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ..kernels.arguments import frozen
        from ..kernels.parities import products

        return np.asarray(products(frozen(codes, np.uint8), frozen(X, np.uint8)))

    def contains(self, codes: Codes) -> Booleans:
        return np.asarray((codes <= 1).all(axis=1))

    def enumerate(self) -> Codes:
        refuse_large(repr(self), self.count(), 2**LISTED_BITS)
        places = np.arange(self.count(), dtype=np.int64)[:, None]
        return (places >> np.arange(self.bits) & 1).astype(np.uint8)

    def shattered_set(self) -> Points:
        return np.eye(self.bits, dtype=np.uint8)

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        """Pr[<F + G, x> = 1] = (1 - the product of 1 - 2 p_i over the bits i where s differs) / 2."""
        p = distribution.bit_probabilities()
        return None if p is None else np.asarray((1.0 - np.where(F != G, 1.0 - 2.0 * p, 1.0).prod(axis=1)) / 2)

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        """One more or less bit i of s, with x_i = 1 and p_i least, where no p_i exceeds 1/2; none differs at x = 0.

        A set of bits must hold one with x_i = 1, and each further factor 1 - 2 p_i in [0, 1] only adds distance.
        """
        p = distribution.bit_probabilities()
        if p is None or (p > 0.5).any():
            return None
        cost = np.where(x == 1, p, np.inf)
        flip = np.arange(self.bits) == cost.argmin(axis=1)[:, None]
        return np.where(flip & (x == 1), codes ^ 1, codes), cost.min(axis=1)

    def consistent(self, X: Points, y: Labels) -> Codes:
        """By Gaussian elimination; entries that the examples leave free are 0."""
        from ..kernels.arguments import frozen
        from ..kernels.packing import pack_rows
        from ..kernels.parities import solve

        size, m, n = X.shape
        packed = pack_rows(np.ascontiguousarray(X).reshape(size * m, n)).reshape(size, m, (n + 63) // 64)
        return np.asarray(solve(frozen(packed, np.uint64), frozen(y, np.uint8), n))
