"""Functions whose answer is flipped where secret parities of signs come out as a secret says."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Booleans, Codes, FunctionClass, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...spaces.domains import Points
from ..keys.carriers import parities, public_blocks
from .wrapped import Wrapped


@dataclasses.dataclass(frozen=True, repr=False)
class Checksummed(Wrapped):
    """The inner label, flipped where all n parities of negative signs equal v [GKVZ22].

    A code is (inner, partition, v): it tells the secret. The partition names the block 0..n-1 of each coordinate;
    blocks are nearly equal. A fresh x ~ N(0, I) fires with probability 2^-n. The VC dimension is not known in closed
    form.

    Parameters
    ----------
    inner : FunctionClass
        On `Reals(d)`, with float64 codes.
    blocks : int
        n, at most d.
    """

    inner: FunctionClass
    blocks: int
    secret = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_blocks("Checksummed.blocks", self.blocks, self.dimension)

    @property
    def extra(self) -> int:
        return self.dimension + self.blocks

    def unpack(self, code: Codes) -> tuple[Codes, Codes, Codes]:
        """The inner code, the partition (d,) of int64 and v (n,) of uint8, of a code (L,)."""
        inner, rest = self.split(code)
        return inner, rest[: self.dimension].astype(np.int64), rest[self.dimension :].astype(np.uint8)

    def sample(self, rng: np.random.Generator) -> Codes:
        partition = rng.permutation(public_blocks(self.dimension, self.blocks))
        return self.joined(self.inner.sample(rng), partition, rng.integers(2, size=self.blocks))

    def follows(self, rest: Codes) -> Booleans:
        partition, v = rest[:, : self.dimension], rest[:, self.dimension :]
        even = (np.sort(partition, axis=1) == public_blocks(self.dimension, self.blocks)).all(axis=1)
        return np.asarray(even & ((v == 0) | (v == 1)).all(axis=1))

    def fires(self, code: Codes, X: Points) -> Booleans:
        _, partition, v = self.unpack(code)
        return np.asarray((parities(X, partition) == v).all(axis=1))

    def overruling(self, inner: Labels, X: Points) -> Labels:
        return np.asarray(1 - inner, dtype=np.uint8)


def check_blocks(name: str, blocks: int, dimension: int) -> None:
    """Refuse a number of blocks that would leave some empty."""
    _validate.integer(name, blocks, 1)
    if blocks > dimension:
        raise InvalidArgument(f"{name} must be at most the dimension {dimension}, a coordinate for each, got {blocks}")
