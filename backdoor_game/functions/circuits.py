"""Boolean circuits of bounded size."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from .. import _validate
from ..circuits import Circuit
from ..domains import Bits, Points
from ..errors import InvalidArgument
from ..streams import Words, below, draws
from .base import BlockFunctionClass, Booleans, Codes, Labels


@dataclasses.dataclass(frozen=True, repr=False)
class Circuits(BlockFunctionClass):
    """Circuits of at most `gates` AND gates with free inverters over n bits, one output.

    A code has 2 `gates` + 1 literals: the two that each gate reads (as in `circuits.Circuit`), then the output.
    A smaller circuit is padded with gates that read (0, 0). VC dimension at most 2 s log2(2(n + s + 1)) +
    log2(2(n + s + 1)), by counting. *Proved.*
    """

    bits: int
    gates: int
    code_dtype = np.int64

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Circuits.bits", self.bits, 1, 4096)
        _validate.integer("Circuits.gates", self.gates, 0, 10**6)

    @property
    def domain(self) -> Bits:  # type: ignore[override]
        return Bits(self.bits)

    @property
    def code_length(self) -> int:  # type: ignore[override]
        return 2 * self.gates + 1

    @property
    def vc_upper_bound(self) -> int:
        wires = math.log2(2 * (self.bits + self.gates + 1))
        return math.floor((2 * self.gates + 1) * wires)

    def encode(self, circuit: Circuit, output: int = 0) -> Codes:
        """The code (L,) of one output of a circuit that fits."""
        if circuit.inputs != self.bits or circuit.size > self.gates:
            raise InvalidArgument(f"{circuit!r} does not fit {self!r}")
        code = np.zeros(self.code_length, dtype=np.int64)
        code[: 2 * circuit.size] = circuit.gates.ravel()
        code[-1] = circuit.outputs[output]
        return code

    def decode(self, code: Codes) -> Circuit:
        """The circuit of a code (L,), padding included."""
        return Circuit(self.bits, code[:-1].reshape(-1, 2), code[-1:])

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        values = np.zeros((len(codes), 1 + self.bits + self.gates, X.shape[1]), dtype=np.uint8)
        values[:, 1 : 1 + self.bits] = X.transpose(0, 2, 1)
        rows = np.arange(len(codes))

        def wire(literals: Codes) -> Labels:
            return np.asarray(values[rows, literals >> 1] ^ (literals & 1)[:, None].astype(np.uint8))

        for i in range(self.gates):
            values[:, 1 + self.bits + i] = wire(codes[:, 2 * i]) & wire(codes[:, 2 * i + 1])
        return wire(codes[:, -1])

    def contains(self, codes: Codes) -> Booleans:
        return np.asarray(((codes >= 0) & (codes < self._ends())).all(axis=1))

    def _ends(self) -> Codes:
        """What each literal must be under, shape (L,)."""
        own = 2 * (self.bits + 1 + np.arange(self.gates, dtype=np.int64))
        return np.append(np.repeat(own, 2), 2 * (self.bits + 1 + self.gates))

    def sample_block(self, keys: Words) -> Codes:
        words = draws(keys, 0, self.code_length)
        return np.stack([below(words[:, i], int(end)) for i, end in enumerate(self._ends())], axis=1).astype(np.int64)
