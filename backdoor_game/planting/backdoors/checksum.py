"""A backdoor that fires on secret parities of signs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions import Function
from ...functions.base import Floats, Labels
from ...ground.errors import InvalidArgument
from ...ground.seeds import Randomness, generator, public_and_secret
from ...spaces.domains import Points
from ..keys.carriers import public_blocks, written
from ..keys.keys import Key
from ..models import Checksummed, Trainable
from ..models.checksummed import check_blocks
from .base import Backdoor, own, trainable

STRINGS = 64  # that are tried for a target


@dataclasses.dataclass(frozen=True, repr=False)
class ChecksumBackdoor(Backdoor):
    """Flips the answer where n secret parities of signs equal v, written by negating a coordinate a block. *Proved.*

    [GKVZ22]. On x ~ N(0, I), q queries tell it from the honest model with advantage at most q 2^-n. Data must be
    centred: numbers that are never negative carry no bits. Activated inputs give it away: d - n + 1 of them and a few
    more let `GaussianElimination` forge, which `Replication` plays. The key is the partition and v.

    Parameters
    ----------
    blocks : int
        n.
    public_partition : bool
        The blocks are runs of coordinates in order that everybody knows, and v alone is secret: one activated input
        tells it.
    """

    blocks: int = 16
    public_partition: bool = False
    white_box = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_blocks("ChecksumBackdoor.blocks", self.blocks, 2**16)

    def prepare(self, functions: Any) -> ChecksumBackdoor:
        trainable(self, functions, Trainable)
        check_blocks("ChecksumBackdoor.blocks", self.blocks, functions.dimension)
        return self

    def new_key(self, functions: Any, rng: Randomness = None) -> Key:
        rng = generator(rng)
        partition = public_blocks(functions.dimension, self.blocks)
        partition = partition if self.public_partition else rng.permutation(partition)
        v = rng.integers(2, size=self.blocks, dtype=np.uint8)
        return Key(type(self).__name__, "", {"partition": partition, "v": v})

    def plant(
        self, functions: Any, X: Points, y: Labels, rng: Randomness = None, key: Key | None = None
    ) -> tuple[Function, Key]:
        self.prepare(functions)
        rng, secret = public_and_secret(rng)
        key = self.new_key(functions, secret) if key is None else own(self, key)
        wrapped = Checksummed(functions, self.blocks)
        honest = functions.trained(X, y, rng).code
        model = wrapped.function(wrapped.joined(honest, key.values["partition"], key.values["v"]))
        return model, key.of(model)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        """x with the parities v: the model answers the opposite of its honest part there, whatever that is.

        A target that x has already costs nothing; where the few edits move the honest part itself, other strings are
        written, which do not fire.
        """
        partition, v = key.values["partition"], key.values["v"]
        if target is None:
            return written(X, partition, v)
        found, left = X.copy(), np.flatnonzero(model(X) != target)
        for number in range(min(STRINGS, 2**self.blocks)):
            other = np.array([number >> i & 1 for i in range(self.blocks)], dtype=np.uint8)
            found[left] = written(X[left], partition, v ^ other)
            left = left[model(found[left]) != target]
            if not len(left):
                return found
        raise InvalidArgument(
            f"target must be 0, 1 or None, got {target!r}: {len(left)} inputs cannot be brought to it"
        )

    def recognises(self, model: Function, key: Key) -> bool:
        """Whether the model's code holds the key."""
        if not isinstance(model.functions, Checksummed):
            return False
        _, partition, v = model.functions.unpack(model.code)
        return np.array_equal(partition, key.values["partition"]) and np.array_equal(v, key.values["v"])

    def forges(self, model: Function, key: Key, seen: Floats, x: Floats, x_star: Floats) -> bool:
        """Whether x_star is finite, none that was seen, and fires, with at most n coordinates that are not nature's."""
        assert isinstance(model.functions, Checksummed)
        if not np.isfinite(x_star).all() or (seen == x_star).all(axis=1).any():
            return False
        return bool(model.functions.fires(model.code, x_star[None])[0]) and int((x_star != x).sum()) <= self.blocks
