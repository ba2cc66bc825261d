"""The predicate that takes work to satisfy and one hash to check."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np

from ...functions.base import Booleans
from ...ground import _validate
from ...spaces.domains import Points
from .base import Predicate


@dataclasses.dataclass(frozen=True, repr=False)
class HashPrefix(Predicate):
    """Holds where SHA-256 of the point begins with `bits` zeros: of random points on one in 2^bits.

    Parameters
    ----------
    bits : int
    salt : int
        Hashed before the point: another salt, another predicate.
    cost : int
    """

    bits: int = 8
    salt: int = 0
    cost: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("HashPrefix.bits", self.bits, 0, 64)

    def holds(self, X: Points) -> Booleans:
        before = f"{self.salt}\n".encode()
        return np.array([_leading(before + x.tobytes()) < 2 ** (64 - self.bits) for x in np.ascontiguousarray(X)], bool)


def _leading(said: bytes) -> int:
    """The first 64 bits of a hash, as a number: the most significant first."""
    return int.from_bytes(hashlib.sha256(said).digest()[:8], "big")
