"""Inputs of circuits, 64 to a word: packed from rows of bits, counted upwards, or drawn from a counter hash."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...ground._jit import inline, kernel
from ..hashing import word
from .gates import move

# uint64: beside a plain 1 numba goes on in signed int64
ONE, NONE, ALL = np.uint64(1), np.uint64(0), np.uint64(2**64 - 1)
# input i < 6 changes within a word: bit j is bit i of j
LOW = np.array([sum(1 << j for j in range(64) if j >> i & 1) for i in range(6)], np.uint64)
HALF, WHOLE, TOP = np.uint64(2**52), np.uint64(2**53), np.uint64(52)  # chances 1/2 and 1 in units of 2^-53
BITS = 64  # words of a stream kept for one word of a biased input, which reads one for each of 53 digits
Words = npt.NDArray[np.uint64]
Labels = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int32]


@inline
def given(values: Words, places: Places, words: Words, total: int, start: int, count: int, width: int) -> None:
    """Words start .. start + count - 1 of each input, a flat (n, total), into its slot."""
    for i in range(places.size):
        if places[i] >= 0:
            move(values, words, places[i] * width, 2 * (i * total + start), count)


@inline
def counted(values: Words, places: Places, start: int, width: int) -> None:
    """All inputs in the order of their index: six bits lie inside a word, the others count words."""
    for i in range(places.size):
        if places[i] >= 0:
            base = places[i] * width
            for k in range(width):
                if i < 6:
                    values[base + k] = LOW[i]
                else:
                    values[base + k] = ALL if ((start + k) >> (i - 6)) & 1 else NONE


@inline
def biased(key: np.uint64, w: int, end: np.uint64) -> np.uint64:
    """Word w of bits that are 1 with probability end / 2^53 exactly.

    Each bit compares a uniform number with `end`, most significant digit first, one word of the stream for the
    next digit of all 64; it stops where all are decided, or where only zeros are left of `end`.
    """
    if end >= WHOLE:
        return ALL
    less, open_bits, left, step = NONE, ALL, end << np.uint64(11), 0
    while open_bits != NONE and left != NONE:
        digits = word(key, w * BITS + step)
        if left >> np.uint64(63) == ONE:
            less |= open_bits & ~digits
            open_bits &= digits
        else:
            open_bits &= ~digits
        left <<= ONE
        step += 1
    return less


@inline
def drawn(values: Words, places: Places, keys: Words, ends: Words, start: int, width: int) -> None:
    """Random inputs: input i is 1 with probability ends[i] / 2^53; its word w depends on keys[i] and w alone."""
    for i in range(places.size):
        if places[i] >= 0:
            base = places[i] * width
            if ends[i] == HALF:
                for k in range(width):
                    values[base + k] = ~word(keys[i], (start + k) * BITS)
            else:
                for k in range(width):
                    values[base + k] = biased(keys[i], start + k, ends[i])


@kernel
def pack_columns(X: Labels) -> Words:
    """Bits (m, n) by column: bit j of word w of row i is X[64 w + j, i]; shape (n, ceil(m / 64)), last bits 0."""
    m, n = X.shape
    out, held, octet = np.empty((n, (m + 63) // 64), np.uint64), np.empty(n, np.uint64), np.empty(n, np.uint8)
    for w in range(out.shape[1]):
        held[:] = NONE
        for low in range(64 * w, min(64 * w + 64, m), 8):
            octet[:] = 0
            for r in range(min(low + 8, m) - 1, low - 1, -1):
                for i in range(n):
                    octet[i] = octet[i] + octet[i] + X[r, i]
            for i in range(n):
                held[i] |= np.uint64(octet[i]) << np.uint64(low & 63)
        for i in range(n):
            out[i, w] = held[i]
    return out


@kernel
def unpack_columns(words: Words, m: int) -> Labels:
    """The bits (m, n) of which `pack_columns` made the words (n, W)."""
    n = words.shape[0]
    out, held = np.empty((m, n), np.uint8), np.empty(n, np.uint64)
    for w in range((m + 63) // 64):
        for i in range(n):
            held[i] = words[i, w]
        for r in range(64 * w, min(64 * w + 64, m)):
            for i in range(n):
                out[r, i] = held[i] & ONE
                held[i] >>= ONE
    return out
