"""The forger that carries the bits of activated inputs over to another."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ..keys.carriers import parities, public_blocks, written
from ..keys.signing import BLOCKS
from ..views import ForgerView
from .base import Forger


@dataclasses.dataclass(frozen=True, repr=False)
class Splice(Forger):
    """Writes into the fresh input what seen ones carry in public blocks, whole or in pieces. *Heuristic.*

    Whether it is all of one, halves of two or a mixture bit by bit is a toss, and so is each piece's source. One
    example forges a checksum with a public partition. A signature is of another message.

    Parameters
    ----------
    message : int
        w, the first coordinates, which carry nothing and stay nature's.
    blocks : int
        Into how many blocks the others fall: 513 for a signature.
    """

    message: int = 1
    blocks: int = BLOCKS

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Splice.message", self.message, 0)
        _validate.integer("Splice.blocks", self.blocks, 1)

    def prepare(self, game: Any) -> Splice:
        d = game.functions.dimension
        if self.message >= d:
            raise InvalidArgument(f"Splice.message must be under the dimension {d}, got {self.message}")
        carriers = d - self.message
        if carriers < self.blocks:
            raise InvalidArgument(
                f"Splice.blocks must be at most {carriers}, the coordinates that can carry, got {self.blocks}"
            )
        return self

    def forge(self, view: ForgerView, rng: np.random.Generator) -> Floats:
        seen, w = view.seen.X, self.message
        assert view.x is not None
        if not len(seen):
            return view.x
        blocks = public_blocks(seen.shape[1] - w, self.blocks)
        pieces = min(self.blocks, (1, 2, self.blocks)[rng.integers(3)])
        source = rng.integers(len(seen), size=pieces)[public_blocks(self.blocks, pieces)]
        used, place = np.unique(source, return_inverse=True)
        bits = parities(seen[used, w:], blocks)[place, np.arange(self.blocks)]
        return np.concatenate([view.x[:w], written(view.x[None, w:], blocks, bits)[0]])
