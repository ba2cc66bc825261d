"""The keyed hash from its definition: Python integers cut to 64 bits, one point at a time."""

from __future__ import annotations

from collections.abc import Sequence

WORD = 2**64


def mix64(z: int) -> int:
    """The splitmix64 finaliser [Steele14]."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
    return z ^ (z >> 31)


def label(key: int, point: Sequence[int]) -> int:
    """The top bit of the chain over the key and the point's words, the first bit least significant."""
    number = sum(int(bit) << i for i, bit in enumerate(point))
    state = mix64((key + 0x9E3779B97F4A7C15) % WORD)
    for w in range(-(-len(point) // 64)):
        word = number >> (64 * w) & (WORD - 1)
        state = mix64(((state ^ word) + (w + 1) * 0x9E3779B97F4A7C15) % WORD)
    return state >> 63
