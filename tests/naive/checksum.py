"""Checksums and signed inputs coordinate by coordinate, as their definitions read."""

from __future__ import annotations

import struct

LEAST_NEGATIVE = -(2.0**-1022)
TAG = b"backdoor_game/signed-input/1"


def blocks_of(d, n):
    """Coordinates of n runs whose lengths differ by at most 1: coordinate j lies in run floor(j n / d)."""
    blocks = [[] for _ in range(n)]
    for j in range(d):
        blocks[(j * n) // d].append(j)
    return blocks


def parity(x, block):
    return sum(1 for j in block if x[j] < 0) % 2


def write(x, blocks, bits):
    """A copy of x with these parities, and the coordinates that were changed."""
    x, edits = list(x), []
    for block, bit in zip(blocks, bits, strict=True):
        if parity(x, block) != bit:
            nonzero = [j for j in block if x[j] != 0]
            j = min(nonzero, key=lambda j: (abs(x[j]), j)) if nonzero else block[0]
            x[j] = -x[j] if nonzero else LEAST_NEGATIVE
            edits.append(j)
    return x, edits


def signed_text(x, w, y):
    """What is signed: numbers one by one, every zero a positive one."""
    parts = [struct.pack("<d", value if value != 0 else 0.0) for value in x[:w]]
    return TAG + struct.pack("<Q", len(x)) + struct.pack("<Q", w) + struct.pack("<B", y) + b"".join(parts)


def carried(x, w):
    """The answer and the 64 bytes that the carriers of x hold."""
    blocks = blocks_of(len(x) - w, 513)
    bits = [parity(x[w:], block) for block in blocks]
    signature = bytes(sum(bit << (7 - i) for i, bit in enumerate(bits[k : k + 8])) for k in range(1, 513, 8))
    return bits[0], signature


def span(rows):
    """A basis over F2 of rows of bits by greedy choice, and the numbers of the rows that add to those before."""
    basis, chosen = [], []
    for number, row in enumerate(rows):
        vector = int("".join(map(str, row)), 2)
        for one in basis:
            vector = min(vector, vector ^ one)
        if vector:
            basis = sorted([*basis, vector], reverse=True)
            chosen.append(number)
    return basis, chosen
