"""Obfuscation by random local rewrites."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes
from ...ground import _validate
from ...ground.streams import Words
from ..classes import Circuits
from .base import Obfuscator, refitted


@dataclasses.dataclass(frozen=True, repr=False)
class Rewriting(Obfuscator):
    """Tries a random rule at every gate, `rounds` times over, as far as the class has room. *Heuristic.*

    A fair coin names the wires of each gate a and b. Then, with probability 1/4 each, (c d) b = c (d b), where a is a
    gate and another coin names its wires, and not (c d) and b = b not c or b not d, where a is a complemented gate;
    1/16, a b = a not (a not b); 1/8, not (b c) and b = b not c, where a is such a complement; else nothing. With u of s
    gates in use the rules but the last are passed over with probability 1 - min(1, 2 (s - u)/s). Equal gates are shared
    and those that the output does not need dropped; a round that leaves more than s is undone, and a circuit that comes
    out deeper than its class allows stays as it was.

    Parameters
    ----------
    rounds : int
        How often every gate is gone over.
    """

    rounds: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Rewriting.rounds", self.rounds, 0, 10**4)

    def gates(self, bits: int, size: int) -> int:
        return size

    def obfuscate_block(self, functions: Circuits, codes: Codes, keys: Words) -> Codes:
        from ...kernels.circuits.rewriting import rewrite

        out = refitted(functions, codes)
        made = out.copy()
        rewrite(made, functions.bits, np.ascontiguousarray(keys), self.rounds)
        return np.where(functions.contains(made)[:, None], made, out)
