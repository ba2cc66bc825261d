"""Circuits from truth tables, and circuits without what no output reads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...ground.errors import InvalidArgument
from .builder import CircuitBuilder
from .circuit import Circuit


def from_truth_table(labels: npt.ArrayLike) -> Circuit:
    """A circuit with the given truth table, the shape of its reduced ordered decision diagram [Bryant86].

    Parameters
    ----------
    labels : array of 0 and 1, shape (2^n,) or (O, 2^n)
        The label of input vector i, whose first bit is the least significant of i; a row for each output.

    Returns
    -------
    Circuit
        With n inputs and at most three gates for each node of the diagram. Equal tables give equal circuits.

    Raises
    ------
    InvalidArgument
        Where a row's length is no power of 2 or a label is neither 0 nor 1.
    """
    try:
        tables = np.atleast_2d(np.asarray(labels))
    except ValueError:
        raise InvalidArgument(f"labels must have rows of one length, got {str(labels)[:100]}") from None
    length = tables.shape[-1]
    if tables.ndim != 2 or length == 0 or length & (length - 1):
        raise InvalidArgument(f"labels must have shape (2^n,) or (O, 2^n), got {np.shape(labels)}")
    build = CircuitBuilder(length.bit_length() - 1)
    return trimmed(build.circuit(build.lookup(build.inputs, tables)))


def trimmed(circuit: Circuit) -> Circuit:
    """The same function, structurally hashed and then without the gates that no output reads."""
    build = CircuitBuilder(circuit.inputs)
    hashed = build.circuit(build.include(circuit, build.inputs))
    first = 1 + circuit.inputs
    read = np.zeros(first + hashed.size, dtype=bool)
    read[:first] = True
    read[hashed.outputs >> 1] = True
    for i, (a, b) in reversed(list(enumerate((hashed.gates >> 1).tolist()))):
        if read[first + i]:
            read[a] = read[b] = True
    rename = np.cumsum(read) - 1
    gates, outputs = hashed.gates[read[first:]], hashed.outputs
    return Circuit(circuit.inputs, 2 * rename[gates >> 1] + (gates & 1), 2 * rename[outputs >> 1] + (outputs & 1))
