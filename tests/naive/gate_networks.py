"""Networks of hard gates from their definition, one gate and one input at a time, in exact arithmetic."""

from __future__ import annotations

import functools
import itertools
from fractions import Fraction


def fires(weights, threshold, wires):
    """[<w, x> >= t]."""
    return int(sum(Fraction(w) * Fraction(x) for w, x in zip(weights, wires, strict=True)) >= Fraction(threshold))


def answer(copies, top, x):
    """The label of x: `copies` are (hidden gates, output gate), gates (weights, threshold), `top` a gate or None."""
    answers = []
    for hidden, output in copies:
        answers.append(fires(*output, [fires(*gate, x) for gate in hidden]))
    return answers[0] if top is None else fires(*top, answers)


def read(numbers, bits, gates, copies):
    """Copies and top gate of a row of weights and thresholds as they are: one gate after another."""
    left = iter(numbers)

    def gate(wires):
        weights = [next(left) for _ in range(wires)]
        return weights, next(left)

    parts = [([gate(bits) for _ in range(gates)], gate(gates)) for _ in range(copies)]
    return parts, gate(copies) if copies > 1 else None


@functools.cache
def computed(bits, gates, weight):
    """All labelings of the 2^n inputs, first bit least significant, by networks of one copy with such weights."""
    points = [tuple(index >> place & 1 for place in range(bits)) for index in range(2**bits)]
    inner = [[fires(w, t, x) for x in points] for w, t in _gates(bits, weight)]
    outer = list(_gates(gates, weight))
    found = set()
    for hidden in itertools.product(inner, repeat=gates):
        for w, t in outer:
            found.add(tuple(fires(w, t, signals) for signals in zip(*hidden, strict=True)))
    return found


def _gates(wires, weight):
    """Every gate on so many wires: whole weights, and every half-integer threshold at which it matters, or beyond."""
    far = 2 * weight * wires + 1
    for w in itertools.product(range(-weight, weight + 1), repeat=wires):
        for doubled in range(-far, far + 1, 2):
            yield w, Fraction(doubled, 2)
