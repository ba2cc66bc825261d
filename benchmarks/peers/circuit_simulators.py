"""Other ways to evaluate an and-inverter graph on many inputs: NumPy gate by gate, aigverse, berkeley-abc."""

from __future__ import annotations

import itertools
import pathlib
import re
import shutil
import subprocess
from typing import Any

import numpy as np

from backdoor_game import Circuit


class NumpyGates:
    """One `np.bitwise_and` a gate and one `np.invert` a wire that is read complemented, into arrays made beforehand.

    Called on packed words (inputs, W) it gives the packed outputs (O, W).
    """

    def __init__(self, circuit: Circuit, words: int) -> None:
        first, literals = 1 + circuit.inputs, np.concatenate([circuit.gates.ravel(), circuit.outputs])
        self._plain = np.zeros((first + circuit.size, words), np.uint64)
        inverted = {int(v): np.zeros(words, np.uint64) for v in np.unique(literals[literals & 1 == 1] >> 1)}
        rows = list(self._plain)

        def wire(literal: int) -> np.ndarray:
            return inverted[literal >> 1] if literal & 1 else rows[literal >> 1]

        self._inputs = self._plain[1:first]
        self._flips = [(rows[v], row) for v, row in inverted.items() if v < first]
        gates = enumerate(circuit.gates.tolist(), first)
        self._gates = [(wire(a), wire(b), rows[v], inverted.get(v)) for v, (a, b) in gates]
        self._outputs = [wire(end) for end in circuit.outputs.tolist()]

    def __call__(self, words: np.ndarray) -> np.ndarray:
        join, flip = np.bitwise_and, np.invert
        self._inputs[:] = words
        for row, inverse in self._flips:
            flip(row, inverse)
        for a, b, row, inverse in self._gates:
            join(a, b, row)
            if inverse is not None:
                flip(row, inverse)
        return np.stack(self._outputs)


def aigverse_on(path: pathlib.Path, bits: int, folder: pathlib.Path) -> tuple[Any, pathlib.Path]:
    """The circuit in a file with its inputs tied to `bits` new ones, and the file of that network.

    `simulate` lists all inputs of a network and keeps a truth table for every node, so that more than some 16 are out
    of its reach. Each old input is one of the new ones, complemented on every second round through them.
    """
    from aigverse.io import read_aiger_into_aig, write_aiger
    from aigverse.networks import Aig

    network, tied = read_aiger_into_aig(str(path)), Aig()
    wires = [tied.create_pi() for _ in range(bits)]
    both = itertools.cycle([*wires, *(tied.create_not(wire) for wire in wires)])
    found = {network.get_node(network.get_constant(False)): tied.get_constant(False)}
    found |= dict(zip(network.pis(), both, strict=False))

    def wire_of(signal: Any) -> Any:
        own = found[network.get_node(signal)]
        return tied.create_not(own) if network.is_complemented(signal) else own

    for gate in network.gates():
        found[gate] = tied.create_and(*map(wire_of, network.fanins(gate)))
    for output in network.pos():
        tied.create_po(wire_of(output))
    clean, written = Aig(tied), folder / f"{path.stem}-{bits}.aig"
    write_aiger(clean, str(written))
    return read_aiger_into_aig(str(written)), written


def abc() -> str | None:
    """Where berkeley-abc is, if it is."""
    return shutil.which("berkeley-abc") or shutil.which("abc")


def abc_seconds(path: pathlib.Path, frames: int, words: int) -> float:
    """The processor time that abc itself counts for `sim -n -m` on frames x words x 32 random inputs.

    Its `time` counts from the last `time`, so that start-up and reading are not in it.
    """
    script = f"read {path}; strash; time; sim -n -m -F {frames} -W {words}; time"
    done = subprocess.run([str(abc()), "-c", script], capture_output=True, text=True, check=True)
    return float(re.findall(r"elapse: ([0-9.]+) seconds", done.stdout)[-1])
