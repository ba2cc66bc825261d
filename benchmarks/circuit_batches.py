"""A thousand small circuits at once against NumPy, one bitwise operation a gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from backdoor_game import Circuits
from backdoor_game.functions.table import packed_rows

from .timing import Bar, Row, compare

CIRCUITS, GATES, BITS = 1000, 1000, 8
BAR = Bar(400.0, 700.0)


def gate_by_gate(inputs: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """One `np.bitwise_and` a gate and one `np.invert` a gate that is read complemented, straight from the codes.

    All circuits share one set of arrays made beforehand, a row for each literal, which stays in the cache.
    """
    rows = list(np.zeros((2 * (1 + BITS + GATES), inputs.shape[1]), np.uint64))
    rows[1][:] = np.uint64(2**64 - 1)
    for i, words in enumerate(inputs):
        rows[2 + 2 * i][:], rows[3 + 2 * i][:] = words, ~words
    join, flip, first = np.bitwise_and, np.invert, 2 * (1 + BITS)

    def outputs(codes: np.ndarray) -> np.ndarray:
        found = np.empty((len(codes), inputs.shape[1]), np.uint64)
        for r, code in enumerate(codes.tolist()):
            read = set(code)
            for own, a, b in zip(range(first, first + 2 * GATES, 2), code[:-1:2], code[1::2], strict=True):
                join(rows[a], rows[b], rows[own])
                if own + 1 in read:
                    flip(rows[own], rows[own + 1])
            found[r] = rows[code[-1]]
        return found

    return outputs


def rows(rounds: int) -> Iterator[Row]:
    """1,000 circuits of 1,000 gates on all 256 inputs of 8 bits; the output is the last gate, and all are evaluated."""
    functions = Circuits(BITS, GATES)
    codes = functions.sample_block(np.random.default_rng(0).integers(2**64, size=CIRCUITS, dtype=np.uint64))
    codes[:, -1] = 2 * (BITS + GATES)
    points = np.arange(2**BITS)[:, None] >> np.arange(BITS) & 1
    peer = gate_by_gate(np.packbits(points.astype(np.uint8), axis=0, bitorder="little").T.copy().view(np.uint64))
    np.testing.assert_array_equal(packed_rows(functions, codes), peer(codes))
    yield compare(
        f"circuits: {CIRCUITS} of {GATES} gates x {2**BITS} inputs at once, vs NumPy per gate",
        lambda: packed_rows(functions, codes),
        lambda: peer(codes),
        bar=BAR,
        rounds=rounds,
    )
