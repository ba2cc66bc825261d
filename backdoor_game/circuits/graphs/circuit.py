"""A combinational circuit: an and-inverter graph."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.errors import InvalidArgument

if TYPE_CHECKING:
    from ...kernels.circuits.programs import Program

Literals = npt.NDArray[Any]  # int32 once checked; until then whole numbers of any type
Labels = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]

# Literals must fit into int32; inputs of a binary AIGER file take no bytes, so that their number needs a limit.
MOST_VARIABLES = 2**30 - 1
MOST_LITERAL = 2 * MOST_VARIABLES + 1  # the complement of the last variable
MOST_INPUTS = 2**20  # a header of a few bytes must not make arrays of gigabytes


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
        Where an array has another shape, a gate reads itself or a later one, or an output reads nothing that exists;
        for more than 2^20 inputs or 2^30 - 1 variables.
    """

    inputs: int
    gates: Literals
    outputs: Literals

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", _validate.integer("inputs", self.inputs, 0, MOST_INPUTS))
        gates = _literals("gates", self.gates, (-1, 2))
        outputs = _literals("outputs", self.outputs, (-1,))
        _validate.integer("inputs + gates", self.inputs + len(gates), 0, MOST_VARIABLES)
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

    @property
    def depth(self) -> int:
        """Most gates on a way from an input to an output; inverters are free."""
        levels = [0] * (1 + self.inputs)
        for a, b in (self.gates >> 1).tolist():
            levels.append(1 + max(levels[a], levels[b]))
        return max((levels[v] for v in (self.outputs >> 1).tolist()), default=0)

    def __repr__(self) -> str:
        return f"Circuit({self.inputs} inputs, {self.size} gates, {len(self.outputs)} outputs)"

    def __call__(self, X: npt.ArrayLike) -> Labels:
        """Outputs (m, O), uint8, on rows X (m, inputs) of bits."""
        from .simulating import labelled

        rows = np.asarray(X)
        if rows.ndim != 2 or rows.shape[1] != self.inputs or rows.dtype.kind not in "uib":
            raise InvalidArgument(f"X must be bits of shape (m, {self.inputs}), got {rows.dtype} of {rows.shape}")
        if rows.size and not 0 <= int(rows.min()) <= int(rows.max()) <= 1:
            raise InvalidArgument(f"X must hold 0 and 1 alone, got numbers from {rows.min()} to {rows.max()}")
        return labelled(self.program, rows.astype(np.uint8, copy=False))

    def words(self, words: Words) -> Words:
        """Outputs (O, W) on packed inputs (inputs, W), both uint64: bit j of word w is input vector 64 w + j."""
        from .simulating import evaluated

        given = np.asarray(words)
        if given.ndim != 2 or len(given) != self.inputs or given.dtype != np.uint64:
            wanted = f"uint64 of shape ({self.inputs}, W)"
            raise InvalidArgument(f"words must be {wanted}, got {given.dtype} of {given.shape}")
        return evaluated(self.program, given)

    def table(self) -> Words:
        """Outputs on all 2^inputs inputs, packed: uint64 (O, max(1, 2^inputs / 64)), first input least significant.

        Raises
        ------
        InvalidArgument
            For a table of more than 8 GiB.
        """
        from .simulating import tabulated

        return tabulated(self.program)

    @functools.cached_property
    def program(self) -> Program:
        """The circuit as kernels run it, laid out once."""
        from ...kernels.circuits.programs import lay

        return lay(self.inputs, self.gates, self.outputs)


def _literals(name: str, values: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Whole numbers as int64 in the given shape, a copy; an empty array may have any."""
    wanted = f"whole numbers of shape {'(G, 2)' if len(shape) == 2 else '(O,)'}"
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "iu":
            array = np.asarray(values, dtype=object)  # as given: NumPy makes floats of whole numbers from 2^63 on
    except ValueError:
        raise InvalidArgument(f"{name} must be {wanted}, got rows of different lengths") from None
    if array.size:
        whole = array.dtype != object or all(type(number) is int for number in array.flat)
        if not whole or array.ndim != len(shape) or array.shape[1:] != shape[1:]:
            raise InvalidArgument(f"{name} must be {wanted}, got {np.asarray(values).dtype} of {array.shape}")
        far = next((end for end in (int(array.max()), int(array.min())) if not -(2**63) <= end <= MOST_LITERAL), None)
        if far is not None:
            raise InvalidArgument(f"{name} must hold literals in [0, {MOST_LITERAL}], got {far}")
    return array.astype(np.int64).reshape(shape)
