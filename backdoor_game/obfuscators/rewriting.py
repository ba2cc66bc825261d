"""Obfuscation by random local rewrites."""

from __future__ import annotations

import dataclasses

import numpy as np

from .. import _validate
from ..functions import Circuits
from ..functions.base import Codes
from ..streams import Words
from .base import Obfuscator, refitted


@dataclasses.dataclass(frozen=True, repr=False)
class Rewriting(Obfuscator):
    """Tries a random rule at every gate, `rounds` times over, as far as the class has room. *Heuristic.*

    At each gate a b: with probability 1/8 each (c d) b = c (d b); not (c d) and b = b not c or b not d; a b =
    a not (a not b); a b = (a z) b or (a not z) b with any earlier wire z; else nothing. Unused gates are dropped.
    """

    rounds: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Rewriting.rounds", self.rounds, 0, 10**4)

    def gates(self, bits: int, size: int) -> int:
        return size

    def obfuscate_block(self, functions: Circuits, codes: Codes, keys: Words) -> Codes:
        from ..kernels.rewriting import rewrite

        out = refitted(functions, codes)
        rewrite(out, functions.bits, np.ascontiguousarray(keys), self.rounds)
        return out
