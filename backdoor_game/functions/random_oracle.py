"""Keyed hash functions: defended by having no neighbours, and learnt by trying keys alone."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..ground import _validate
from ..ground.streams import Words, below, draws
from ..spaces.domains import Bits, Points
from .base import Booleans, Codes, Labels, SymmetricMoves, whole_codes
from .foreign import members
from .listing import refuse_large

LISTED_BITS = 22  # 4 million keys: 32 MiB of codes, and all are tried by the learner


@dataclasses.dataclass(frozen=True, repr=False)
class RandomOracle(SymmetricMoves):
    """The 2^kappa functions x -> H(k || x) from n bits to one; a code is the key k. [CHLX25] Theorem 5.3. *Simulated.*

    H is the top bit of a chain of splitmix64 mixers [Steele14]: a hash that stands for a random oracle in measurements.
    It is no cryptographic hash, and what is proved of random oracles is not proved of it; see
    `bounds.random_oracle_separation` for how far apart its members should be under the uniform law, which the theorem
    is about: an attacker that picks D plants on a star (`bounds.random_oracle_star`). On few bits two keys may be one
    function.

    Parameters
    ----------
    key_bits : int
        kappa.
    bits : int
        n.
    """

    key_bits: int
    bits: int
    code_length = 1
    code_dtype = np.int64
    samples_uniformly = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("RandomOracle.key_bits", self.key_bits, 1, 62)
        _validate.integer("RandomOracle.bits", self.bits, 1, 1000)

    @property
    def domain(self) -> Bits:
        return Bits(self.bits)

    @property
    def vc_upper_bound(self) -> int:
        """2^d labelings need 2^d members, and d points of the domain."""
        return self.key_bits if self.bits > 6 else min(self.key_bits, 2**self.bits)

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ..kernels.arguments import frozen
        from ..kernels.random_oracle import hashed

        return np.asarray(hashed(frozen(codes, np.int64), frozen(self._words(X), np.uint64)))

    def _words(self, X: Points) -> Words:
        """Points (B, m, n) packed into words (B, m, W); a row that is repeated is packed once."""
        from ..kernels.packing import pack_rows

        once = X[:1] if len(X) and X.strides[0] == 0 else X
        flat = np.ascontiguousarray(once).reshape(-1, self.bits)
        packed = pack_rows(flat).reshape(*once.shape[:2], (self.bits + 63) // 64)
        return np.asarray(np.broadcast_to(packed, (len(X), *packed.shape[1:])))

    def sample_block(self, keys: Words) -> Codes:
        return np.asarray((draws(keys, 0, 1) >> np.uint64(64 - self.key_bits)).astype(np.int64))

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """One bit of the key flipped, which leads no closer to anything."""
        return np.asarray(codes ^ (np.int64(1) << below(draws(keys, 0, 1), self.key_bits)))

    def contains(self, codes: Codes) -> Booleans:
        return whole_codes(codes, 0, 2**self.key_bits - 1)

    def enumerate(self) -> Codes:
        refuse_large(repr(self), self.count(), 2**LISTED_BITS)
        return np.arange(self.count(), dtype=np.int64)[:, None]

    def count(self) -> int:
        return int(2**self.key_bits)

    def consistent(self, X: Points, y: Labels) -> Codes:
        """The least key that fits, by trying them all: up to 2^kappa evaluations an example, at most 2^22."""
        from ..kernels.arguments import frozen
        from ..kernels.random_oracle import first_key

        refuse_large(repr(self), self.count(), 2**LISTED_BITS)
        return np.asarray(first_key(frozen(self._words(X), np.uint64), frozen(y, np.uint8), self.count()))
