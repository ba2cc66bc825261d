"""ANDs of literals."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import numpy as np

from ..ground import _validate
from ..ground.streams import Words, below, draws, unit
from ..spaces.distributions import Distribution
from ..spaces.domains import Bits, Points
from .base import Booleans, Codes, Floats
from .listing import refuse_large
from .sides import VANISHING, Ends, Sides

FREE, ZERO = 2, 3  # beside the bits 0 and 1, so that the digits of numbers to base 3 list the ANDs
LISTED = 2**22  # up to 13 bits, whose digits take 170 MB as int64 while they are made


@dataclasses.dataclass(frozen=True, repr=False)
class Conjunctions(Sides):
    """All 3^n ANDs of literals over n bits, and the constant 0.

    A code has an entry a bit: 0 or 1 where the bit must have that value, 2 where it is free; all 3 for the constant 0.
    VC dimension n for n >= 2, and 2 for n = 1 [NS96]. *Proved.* `sample` is uniform over the members.

    Parameters
    ----------
    bits : int
        n, the bits of an input.
    """

    bits: int
    code_dtype = np.uint8
    samples_uniformly = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Conjunctions.bits", self.bits, 1, 1000)

    @property
    def domain(self) -> Bits:
        return Bits(self.bits)

    @property
    def code_length(self) -> int:
        return self.bits

    @property
    def vc_dimension(self) -> int:
        return max(2, self.bits)

    def ends(self, codes: Codes) -> Ends:
        low = (codes == 1) | (codes == ZERO)
        high = (codes == 1) | (codes == FREE)
        return low.astype(np.uint8), high.astype(np.uint8)

    def encode(self, low: Points, high: Points) -> Codes:
        codes = np.where(low == high, low, FREE).astype(np.uint8)
        codes[(low > high).any(axis=1)] = ZERO
        return codes

    @property
    def side(self) -> int:
        return 2

    def contains(self, codes: Codes) -> Booleans:
        return np.asarray((codes <= FREE).all(axis=1) | (codes == ZERO).all(axis=1))

    def independent(self, distribution: Distribution) -> bool:
        return distribution.bit_probabilities() is not None

    def mass(self, low: Points, high: Points, distribution: Distribution) -> Floats | None:
        p = distribution.bit_probabilities()
        if p is None:
            return distribution.mass(low, high)
        sides = np.where(low < high, 1.0, np.where(low > high, 0.0, np.where(low == 1, p, 1.0 - p)))
        return np.asarray(sides.prod(axis=1))

    def cuts(self, low: Points, high: Points, x: Points, distribution: Distribution) -> Iterator[Ends]:
        """One more literal, on the free bit whose value in x is least likely; the constant 0 if no bit is free."""
        p = np.asarray(distribution.bit_probabilities())
        cost = np.where(low < high, np.where(x == 1, p, 1.0 - p), np.inf)
        added = np.arange(self.bits) == cost.argmin(axis=1)[:, None]
        full = np.isinf(cost).all(axis=1, keepdims=True)
        one = np.ones_like(x)
        yield np.where(full, one, np.where(added, 1 - x, low)), np.where(full, 0, np.where(added, 1 - x, high))

    def sample_block(self, keys: Words) -> Codes:
        words = draws(keys, 0, self.bits + 1)
        codes = below(words[:, : self.bits], 3).astype(np.uint8)
        codes[unit(words[:, self.bits]) < 1 / self.count()] = ZERO
        return codes

    def proposal_block(self, codes: Codes, keys: Words) -> tuple[Codes, Floats]:
        """Another value for one entry; a quarter of the proposals from an AND of all n literals is the constant 0.

        From 0 a proposal is one of the 2^n ANDs of all literals, evenly. With t = 3/4 where no entry is free and 1
        elsewhere, an entry's new value has q = t / 2n, and q(0 | a) = 1/4 is answered by q(a | 0) = 2^-n.
        """
        words, rows = draws(keys, 0, 3 + self.bits), np.arange(len(codes))
        zero, place = codes[:, 0] == ZERO, below(words[:, 0], self.bits)
        there = codes.copy()
        there[rows, place] = (codes[rows, place] + 1 + below(words[:, 1], 2)) % 3
        there[zero] = below(words[zero, 3:], 2)
        falls = ~zero & (codes < FREE).all(axis=1) & (unit(words[:, 2]) < VANISHING)
        there[falls] = ZERO
        stays = [np.where((c < FREE).all(axis=1), math.log1p(-VANISHING), 0.0) for c in (codes, there)]
        jump = -self.bits * math.log(2) - math.log(VANISHING)
        return there, np.where(zero, -jump, np.where(falls, jump, stays[1] - stays[0]))

    def enumerate(self) -> Codes:
        refuse_large(repr(self), self.count(), LISTED)
        places = np.arange(self.count() - 1, dtype=np.int64)[:, None]
        codes = (places // 3 ** np.arange(self.bits, dtype=np.int64) % 3).astype(np.uint8)
        return np.concatenate([codes, np.full((1, self.bits), ZERO, dtype=np.uint8)])

    def count(self) -> int:
        return int(3**self.bits) + 1

    def shattered_set(self) -> Points:
        """The points with exactly one 0; both points for n = 1."""
        if self.bits == 1:
            return np.array([[0], [1]], dtype=np.uint8)
        return 1 - np.eye(self.bits, dtype=np.uint8)
