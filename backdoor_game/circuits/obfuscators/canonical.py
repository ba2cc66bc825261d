"""Obfuscation by a canonical form: exact, and exponential."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes
from ...functions.table import packed_rows
from ...ground import _validate
from ...ground.streams import Words
from ..classes import Circuits
from .base import Obfuscator, members

MOST = 12  # a diagram has up to 1,900 gates at 12 bits, and twice as many with each bit more
PAIRS = (0, 3, 4, 5, 6, 7, 7)  # gates of the costliest nodes over the two lowest inputs, by their number


@dataclasses.dataclass(frozen=True, repr=False)
class Canonical(Obfuscator):
    """The reduced ordered decision diagram with complement edges [Bryant86, BRB90], as a circuit of up to 12 bits.

    Circuits of one function give one code, so that nothing but the function can be told from it: indistinguishability
    obfuscation without an assumption, at a cost of 2^n. *Proved.*
    """

    def gates(self, bits: int, size: int) -> int:
        n = _validate.integer("the number of bits of Canonical()", bits, 1, MOST)
        if n == 1:
            return 0
        nodes = sum(min(2 ** (n - r), _functions(r)) for r in range(3, n + 1))
        return int(PAIRS[min(2 ** (n - 2), 6)] + 3 * nodes)

    def obfuscate_block(self, functions: Circuits, codes: Codes, keys: Words) -> Codes:
        source = Circuits(bits=functions.bits, gates=codes.shape[1] // 2)
        return self.from_tables(functions, packed_rows(source, codes))

    def from_tables(self, functions: Circuits, tables: Words) -> Codes:
        from ...kernels.circuits.robdd import diagrams

        _validate.integer("Canonical() needs gates=..., which", functions.gates, self.gates(functions.bits, 0))
        out = np.zeros((len(tables), functions.code_length), dtype=np.int64)
        diagrams(np.ascontiguousarray(tables), functions.bits, out)
        return members(functions, out)


def _functions(r: int) -> int:
    """How many functions of r bits depend on the last of them, complements counted once."""
    return int((2**2**r - 2**2 ** (r - 1)) // 2)
