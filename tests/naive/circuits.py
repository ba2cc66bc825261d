"""Circuits on words of any length, random bits digit by digit, shares of mass: in integers and fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .gibbs import word

MASK = (1 << 64) - 1
Gates = Sequence[tuple[int, int]]


def outputs(inputs: Sequence[int], gates: Gates, ends: Sequence[int], mask: int = MASK) -> list[int]:
    """Gate by gate in the order given; an input is a whole number whose bit j belongs to input vector j."""
    values = [0, *inputs]

    def wire(literal: int) -> int:
        return values[literal >> 1] ^ (mask if literal & 1 else 0)

    for a, b in gates:
        values.append(wire(a) & wire(b))
    return [wire(end) for end in ends]


def listed(inputs: int) -> list[int]:
    """All 2^n input vectors: bit j of input i is bit i of j."""
    return [sum(1 << j for j in range(2**inputs) if j >> i & 1) for i in range(inputs)]


def biased(key: int, w: int, end: int) -> int:
    """Word w of bits that are 1 iff a uniform number of 53 binary digits is below `end`, from the definition.

    Digit t (the most significant is 0) of bit j's number is bit j of word 64 w + t of the key's stream.
    """
    digits = [word(key, 64 * w + t) for t in range(53)]
    numbers = [sum((digits[t] >> j & 1) << (52 - t) for t in range(53)) for j in range(64)]
    return sum(1 << j for j, number in enumerate(numbers) if number < end)


def share(f: Sequence[int], g: Sequence[int], p: Sequence[Fraction]) -> Fraction:
    """The mass of the input vectors on which some output differs, bit i being 1 with probability p[i]."""
    apart, total = 0, Fraction(0)
    for a, b in zip(f, g, strict=True):
        apart |= a ^ b
    for j in range(2 ** len(p)):
        if apart >> j & 1:
            mass = Fraction(1)
            for i, q in enumerate(p):
                mass *= q if j >> i & 1 else 1 - q
            total += mass
    return total
