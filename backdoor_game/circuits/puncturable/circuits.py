"""The tree on the small generator as circuits over key and input, whole and punctured."""

from __future__ import annotations

import functools

from ..graphs import Circuit, CircuitBuilder
from .generators import SmallGenerator, step_constants

TRUE = 1  # a literal
SEEDS = "seeds, x*, answer, x"  # the order of a punctured circuit's inputs


@functools.lru_cache(maxsize=32)
def prf_circuit(key_bits: int, bits: int) -> Circuit:
    """The label as a circuit over `key_bits` wires of the key, then `bits` wires of x."""
    build = CircuitBuilder(key_bits + bits)
    seed, x = build.inputs[:key_bits], build.inputs[key_bits:]
    for level in range(bits):
        seed = _child(build, seed, x, level)
    return build.circuit([seed[-1]])


@functools.lru_cache(maxsize=32)
def punctured_circuit(key_bits: int, bits: int) -> Circuit:
    """The label from a punctured key and an answer for its point.

    Inputs in the order of `SEEDS`: n seeds of `key_bits` wires, the n wires of x*, the answer at x*, the n wires of x.
    """
    build = CircuitBuilder(bits * key_bits + 2 * bits + 1)
    wires = build.inputs
    seeds = [wires[i * key_bits : (i + 1) * key_bits] for i in range(bits)]
    x_star, answer, x = wires[-2 * bits - 1 : -bits - 1], wires[-bits - 1], wires[-bits:]
    on_the_way, seed = TRUE, seeds[0]
    for level in range(bits):
        walked = seed if level == 0 else _child(build, seed, x, level)
        seed = [build.mux(on_the_way, a, b) for a, b in zip(seeds[level], walked, strict=True)]
        on_the_way = build.and_(on_the_way, build.xnor(x[level], x_star[level]))
    return build.circuit([build.mux(on_the_way, answer, seed[-1])])


def punctured_gates(key_bits: int, bits: int) -> int:
    """The most gates of a punctured circuit, or of a whole one, once the key is a constant.

    With x* fixed, comparing a bit takes no gate instead of three; with seeds and answer fixed, a choice saves one.
    """
    saved = 3 * bits + key_bits * (bits - 1) + 1
    return max(punctured_circuit(key_bits, bits).size - saved, prf_circuit(key_bits, bits).size)


def _child(build: CircuitBuilder, seed: list[int], x: list[int], level: int) -> list[int]:
    """The seed of the child for bit `level` of x; see `SmallGenerator`."""
    generator = SmallGenerator(len(seed))
    one, other, added = generator.taps
    s = list(seed)
    for t, constant in enumerate(step_constants(generator.steps, level)):
        new = build.xor(build.xor(s[0], s[added]), build.and_(s[one], s[other])) ^ constant
        s = [*s[1:], build.xor(new, x[t]) if t < level else new]
    s[-1] = build.xor(s[-1], build.and_(s[-2], x[level]))
    s[-3] = build.xor(s[-3], x[level])
    return s
