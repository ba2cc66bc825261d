"""One circuit with some inputs fixed, a block of rounds at a time: constants folded, equal gates shared."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel

EMPTY = -1  # no literal and no gate is negative
# odd multipliers without a pattern, the golden ratio's and one of xxHash's: neighbours land far apart
SPREAD_A, SPREAD_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
HIGH = np.uint64(32)  # products mix upwards: only their upper half is worth using


@inline
def joined(a: int, b: int) -> int:
    """The literal of a AND b where it is one of a, b, 0 and 1 already; else -1."""
    if a == 0 or b == 0 or a == b ^ 1:
        return 0
    if a == 1 or a == b:
        return b
    if b == 1:
        return a
    return EMPTY


@inline
def shared(a: int, b: int, new: Any, size: int, slots: Any) -> int:
    """The number of the gate that reads a > b: a known one, else `size`, noted in the open-addressed `slots`."""
    mask = slots.shape[0] - 1
    at = int(((np.uint64(a) * SPREAD_A) ^ (np.uint64(b) * SPREAD_B)) >> HIGH) & mask
    while slots[at] != EMPTY:
        known = slots[at]
        if new[known, 0] == a and new[known, 1] == b:
            return int(known)
        at = (at + 1) & mask
    slots[at] = size
    return size


@inline
def kept(new: Any, size: int, inputs: int, output: int, places: Any, code: Any) -> int:
    """Writes the gates that the output needs, in their order, and the output into a code; how many there are.

    -1, and nothing written, where the code (2 s + 1,) has no room for them.
    """
    places[:size] = 0
    if output >> 1 > inputs:
        places[(output >> 1) - inputs - 1] = 1
    for i in range(size - 1, -1, -1):
        if places[i]:
            for side in range(2):
                variable = new[i, side] >> 1
                if variable > inputs:
                    places[variable - inputs - 1] = 1
    count = 0
    for i in range(size):
        count += places[i]
    if 2 * count >= code.shape[0]:
        return EMPTY
    count = 0
    for i in range(size):
        if places[i]:
            for side in range(2):
                literal = new[i, side]
                if literal >> 1 > inputs:
                    literal = 2 * (inputs + places[(literal >> 1) - inputs - 1]) | (literal & 1)
                code[2 * count + side] = literal
            count += 1
            places[i] = count
    code[2 * count : code.shape[0] - 1] = 0
    if output >> 1 > inputs:
        output = 2 * (inputs + places[(output >> 1) - inputs - 1]) | (output & 1)
    code[code.shape[0] - 1] = output
    return count


@kernel
def specialise(gates: Any, output: int, wires: Any, inputs: int, codes: Any) -> Any:
    """Put literals over `inputs` other inputs on a circuit's own: codes (B, 2 s + 1), sizes int64 (B,), -1 for no room.

    `gates` (G, 2) and `output` are the circuit's; `wires` (B, I) holds what stands on each of its I inputs in a round.
    """
    B, free, G = wires.shape[0], wires.shape[1], gates.shape[0]
    sizes = np.empty(B, np.int64)
    capacity = 16
    while capacity < 2 * G + 2:
        capacity *= 2
    slots = np.empty(capacity, np.int64)
    found, new, places = np.zeros(1 + free + G, np.int64), np.empty((G + 1, 2), np.int64), np.empty(G + 1, np.int64)
    for r in range(B):
        slots[:] = EMPTY
        found[1 : 1 + free] = wires[r]
        size = 0
        for i in range(G):
            a = found[gates[i, 0] >> 1] ^ (gates[i, 0] & 1)
            b = found[gates[i, 1] >> 1] ^ (gates[i, 1] & 1)
            wire = joined(a, b)
            if wire == EMPTY:
                a, b = max(a, b), min(a, b)
                gate = shared(a, b, new, size, slots)
                if gate == size:
                    new[size, 0], new[size, 1] = a, b
                    size += 1
                wire = 2 * (inputs + 1 + gate)
            found[1 + free + i] = wire
        sizes[r] = kept(new, size, inputs, found[output >> 1] ^ (output & 1), places, codes[r])
    return sizes
