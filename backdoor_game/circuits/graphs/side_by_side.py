"""Two circuits side by side on the same inputs: one wire that says where they differ, as gates and as clauses."""

from __future__ import annotations

import importlib
from types import ModuleType

from ...ground.errors import InvalidArgument, MissingCapability
from .builder import CircuitBuilder
from .circuit import Circuit
from .conversion import trimmed


def miter(f: Circuit, g: Circuit) -> Circuit:
    """A circuit with one output, 1 where some output of f and g differs; gates that they share stand there once.

    Raises
    ------
    InvalidArgument
        Where their numbers of inputs or outputs differ.
    """
    if f.inputs != g.inputs or len(f.outputs) != len(g.outputs):
        raise InvalidArgument(f"g must have as many inputs and outputs as f, {f!r}, got {g!r}")
    build = CircuitBuilder(f.inputs)
    pairs = zip(build.include(f, build.inputs), build.include(g, build.inputs), strict=True)
    return trimmed(build.circuit([build.any_(build.xor(a, b) for a, b in pairs)]))


def clauses(circuit: Circuit) -> list[list[int]]:
    """Clauses that hold iff the circuit's first output is 1, in DIMACS literals [Tseitin68].

    Proposition v is variable v of the circuit, the inputs first; the constant 0 is the proposition after the last.
    Each input vector that puts 1 out satisfies them in exactly one way, the others in none.
    """
    constant = 1 + circuit.inputs + circuit.size

    def literal(wire: int) -> int:
        name = wire >> 1 or constant
        return -name if wire & 1 else name

    found = [[-constant], [literal(int(circuit.outputs[0]))]]
    for i, (a, b) in enumerate(circuit.gates.tolist()):
        own, left, right = 1 + circuit.inputs + i, literal(a), literal(b)
        found += [[-own, left], [-own, right], [own, -left, -right]]
    return found


def library(name: str, package: str, purpose: str) -> ModuleType:
    """A module of the `logic` extra.

    Raises
    ------
    MissingCapability
        Where it is not installed, with the command that installs it.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingCapability(f"{purpose} needs {package}: run pip install 'backdoor-game[logic]'") from None
