"""Small circuits at random, and what they compute by brute force."""

from __future__ import annotations

import numpy as np

from backdoor_game import Circuit


def random_circuit(rng: np.random.Generator, inputs: int, gates: int, outputs: int = 1) -> Circuit:
    """Gates that read any wires before them, constants and repeated wires included."""
    pairs = [rng.integers(2 * (inputs + 1 + i), size=2) for i in range(gates)]
    ends = rng.integers(2 * (inputs + 1 + gates), size=outputs)
    return Circuit(inputs, np.array(pairs, dtype=np.int64).reshape(-1, 2), ends)


def vectors(inputs: int) -> np.ndarray:
    """All 2^n input vectors (2^n, n), the first bit least significant."""
    return (np.arange(2**inputs)[:, None] >> np.arange(inputs) & 1).astype(np.uint8)


def by_hand(circuit: Circuit, row: list[int]) -> tuple[int, ...]:
    """The outputs on one input vector, gate by gate."""
    values = [0, *row]

    def wire(literal: int) -> int:
        return values[literal >> 1] ^ (literal & 1)

    for a, b in circuit.gates.tolist():
        values.append(wire(a) & wire(b))
    return tuple(wire(literal) for literal in circuit.outputs.tolist())


def truth(circuit: Circuit) -> list[tuple[int, ...]]:
    """The outputs on every input vector."""
    return [by_hand(circuit, row) for row in vectors(circuit.inputs).tolist()]
