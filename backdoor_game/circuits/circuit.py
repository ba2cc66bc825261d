"""A combinational circuit: an and-inverter graph."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgument

Literals = npt.NDArray[np.int32]
Labels = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Circuit:
    """AND gates over inputs, with inverters on wires.

    Wires are literals as in the AIGER format: 2 v for variable v and 2 v + 1 for its complement. Variable 0 is the
    constant 0, variables 1 .. inputs are the inputs, and gate i is variable inputs + 1 + i.

    Parameters
    ----------
    inputs : int
    gates : array of int, shape (G, 2)
        The two literals that gate i joins, both of variables before its own.
    outputs : array of int, shape (O,)
        A literal for each output.

    Raises
    ------
    InvalidArgument
        Where a gate reads itself or a later one, or an output reads nothing that exists.
    """

    inputs: int
    gates: Literals
    outputs: Literals

    def __post_init__(self) -> None:
        gates = np.array(self.gates, dtype=np.int64).reshape(-1, 2)
        outputs = np.array(self.outputs, dtype=np.int64).reshape(-1)
        own = 2 * (self.inputs + 1 + np.arange(len(gates), dtype=np.int64))
        bad = np.flatnonzero((gates < 0).any(axis=1) | (gates >= own[:, None]).any(axis=1))
        if len(bad):
            i = int(bad[0])
            reads = gates[i].tolist()
            raise InvalidArgument(f"gates[{i}] must read literals in [0, {own[i] - 1}], got {reads}")
        end = 2 * (self.inputs + 1 + len(gates))
        wrong = np.flatnonzero((outputs < 0) | (outputs >= end))
        if len(wrong):
            i = int(wrong[0])
            raise InvalidArgument(f"outputs[{i}] must be a literal in [0, {end - 1}], got {outputs[i]}")
        for name, array in (("gates", gates), ("outputs", outputs)):
            narrow = array.astype(np.int32)
            narrow.setflags(write=False)
            object.__setattr__(self, name, narrow)

    @property
    def size(self) -> int:
        """Number of AND gates."""
        return len(self.gates)

    def __repr__(self) -> str:
        return f"Circuit({self.inputs} inputs, {self.size} gates, {len(self.outputs)} outputs)"

    def __call__(self, X: Labels) -> Labels:
        """Outputs (m, O) on rows of bits X (m, inputs), both uint8."""
        values = np.zeros((1 + self.inputs + self.size, len(X)), dtype=np.uint8)
        values[1 : 1 + self.inputs] = np.asarray(X, dtype=np.uint8).T
        for i, (a, b) in enumerate(self.gates):
            values[1 + self.inputs + i] = (values[a >> 1] ^ (a & 1)) & (values[b >> 1] ^ (b & 1))
        return np.ascontiguousarray((values[self.outputs >> 1] ^ (self.outputs & 1)[:, None].astype(np.uint8)).T)
