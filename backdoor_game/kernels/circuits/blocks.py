"""Circuits on blocks of words: outputs for given or for all inputs, and the inputs on which two parts differ."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...ground._jit import inline, kernel
from ..packing import popcount
from .gates import MIDDLE, NARROW, WIDE, move, run
from .inputs import ALL, NONE, ONE, counted, drawn, given

BYTE = np.uint64(255)  # uint64: beside a plain 1 numba goes on in signed int64
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]


@inline
def step(left: int, width: int) -> int:
    """Words of the next block: a short rest does not pay for a wide one."""
    if left <= NARROW:
        return NARROW
    return min(MIDDLE, width) if left <= MIDDLE else width


@inline
def _read(values: Words, outputs: Rows, out: Words, total: int, start: int, count: int, width: int) -> None:
    for o in range(outputs.size):
        literal = (outputs[o] >> 1) * 2 * width + (outputs[o] & 1)
        move(out, values, o * total + start, literal, count)


@kernel
def evaluate(
    gates: Rows,
    places: Rows,
    outputs: Rows,
    values: Words,
    words: Words,
    out: Words,
    total: int,
    first: int,
    last: int,
    most: int,
) -> None:
    """Outputs (O, total) on words first .. last - 1 of given inputs (n, total), both flat; `most` words are a block."""
    start = first
    while start < last:
        width = step(last - start, most)
        count = min(width, last - start)
        given(values, places, words, total, start, count, width)
        run(gates, values, width)
        _read(values, outputs, out, total, start, count, width)
        start += width


@kernel
def enumerate_words(
    gates: Rows, places: Rows, outputs: Rows, values: Words, out: Words, total: int, first: int, last: int, most: int
) -> None:
    """The same on all inputs in order."""
    start = first
    while start < last:
        width = step(last - start, most)
        counted(values, places, start, width)
        run(gates, values, width)
        _read(values, outputs, out, total, start, min(width, last - start), width)
        start += width


@inline
def _differ(values: Words, outputs: Rows, out: Words, width: int) -> None:
    """Where any of the first half of the outputs differs from its partner in the second half."""
    half = outputs.size // 2
    out[:width] = NONE
    for o in range(half):
        a, b = outputs[o], outputs[half + o]
        x, y = (a >> 1) * width, (b >> 1) * width
        flip = ALL if (a ^ b) & 1 else NONE
        for k in range(width):
            out[k] |= values[x + k] ^ values[y + k] ^ flip


@inline
def _within(word: np.uint64, bits: int) -> np.uint64:
    """The word without what lies past the last of the inputs, `bits` of which are left."""
    if bits >= 64:
        return word
    return word & ((ONE << np.uint64(bits)) - ONE) if bits > 0 else NONE


@kernel
def count_differences(
    gates: Rows,
    places: Rows,
    outputs: Rows,
    values: Words,
    keys: Words,
    ends: Words,
    first: int,
    last: int,
    inputs: int,
    most: int,
) -> int:
    """On how many inputs of words first .. last - 1 some pair of outputs differs, of `inputs` inputs in all.

    Inputs are drawn from keys (n,) with probabilities ends (n,) / 2^53; without keys they are counted through.
    """
    total, start, apart = 0, first, np.empty(WIDE, np.uint64)
    while start < last:
        width = step(last - start, most)
        if keys.size > 0:
            drawn(values, places, keys, ends, start, width)
        else:
            counted(values, places, start, width)
        run(gates, values, width)
        _differ(values, outputs, apart, width)
        for k in range(min(width, last - start)):
            total += popcount(_within(apart[k], inputs - 64 * (start + k)))
        start += width
    return total


@kernel
def weigh_differences(
    gates: Rows,
    places: Rows,
    outputs: Rows,
    values: Words,
    octets: Floats,
    low: Floats,
    high: Floats,
    first: int,
    last: int,
    most: int,
) -> float:
    """The mass of the inputs of words first .. last - 1 on which some pair of outputs differs.

    octets (8, 256): weight of the bits of each byte of a word; a word's own weight is low[its lower 12 bits] times
    high[the rest].
    """
    total, start, apart = 0.0, first, np.empty(WIDE, np.uint64)
    while start < last:
        width = step(last - start, most)
        counted(values, places, start, width)
        run(gates, values, width)
        _differ(values, outputs, apart, width)
        for k in range(min(width, last - start)):
            if apart[k] != NONE:
                mass = 0.0
                for j in range(8):
                    mass += octets[j, np.int64((apart[k] >> np.uint64(8 * j)) & BYTE)]
                # 12 bits each: two tables of 32 KiB stand for 2^24 masses
                total += mass * (low[(start + k) & 4095] * high[(start + k) >> 12])
        start += width
    return total
