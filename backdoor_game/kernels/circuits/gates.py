"""One AND gate on a block of words, as vector operations, and whole programs made of them."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground._jit import emitted, inline

# words a slot: wide ones spread a gate's overhead, narrow ones fit the cache or a short rest; 4 for batches
WIDE, MIDDLE, NARROW, SMALL = 64, 32, 8, 4
# words of a 512-bit vector; a literal's multiple, with room for its flag; slots to ask for ahead, 1 KiB
LANES, STRIDE, AHEAD = 8, 64, 32
NONE, ALL = np.uint64(0), np.uint64(2**64 - 1)  # uint64: beside a plain 1 numba goes on in signed int64
Words = npt.NDArray[np.uint64]


def _vectors(builder: Any, start: Any, width: int, lanes: int = LANES) -> list[Any]:
    """Addresses of `width` words from `start` on, as vectors; a processor with shorter ones takes several for each."""
    from llvmlite import ir

    word = ir.IntType(64)
    vector = ir.VectorType(word, lanes).as_pointer()
    places = [builder.gep(start, [word(k)]) for k in range(0, width, lanes)]
    return [builder.bitcast(place, vector) for place in places]


def _mask(builder: Any, literal: Any) -> Any:
    """A vector of ones for a complement, of zeros otherwise."""
    from llvmlite import ir

    word = ir.IntType(64)
    nothing = ir.Constant(ir.VectorType(word, LANES), ir.Undefined)
    flip = builder.sub(word(0), builder.and_(literal, word(1)))
    first = builder.insert_element(nothing, flip, ir.IntType(32)(0))
    everywhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, nothing, everywhere)


def _emit_join(builder: Any, values: Any, out: Any, a: Any, b: Any, width: int) -> None:
    """LLVM leaves the plain loop alone, since slots may overlap; so all loads stand before the first store."""

    from llvmlite import ir

    octets = builder.bitcast(values, ir.IntType(8).as_pointer())

    def slot(place: Any) -> Any:
        start = builder.gep(octets, [builder.mul(place, place.type(8 * width // STRIDE))])
        return _vectors(builder, builder.bitcast(start, values.type), width)

    sides = [(slot(builder.and_(side, side.type(2**64 - STRIDE))), _mask(builder, side)) for side in (a, b)]
    joined = []
    for k in range(width // LANES):
        x, y = (builder.xor(builder.load(parts[k], align=8), flip) for parts, flip in sides)
        joined.append(builder.and_(x, y))
    for words, place in zip(joined, slot(out), strict=True):
        builder.store(words, place, align=8)


def _emit_both(builder: Any, values: Any, out: Any, a: Any, b: Any) -> None:
    """The line that a later gate will write is asked for in time: a code's literals do not all fit the first cache."""
    from llvmlite import ir

    def place(literal: Any, k: int) -> Any:
        return _vectors(builder, builder.gep(values, [builder.mul(literal, literal.type(SMALL))]), 2 * SMALL, SMALL)[k]

    joined = builder.and_(*(builder.load(place(side, 0), align=8) for side in (a, b)))
    builder.store(joined, place(out, 0), align=8)
    builder.store(builder.xor(joined, ir.Constant(joined.type, [2**64 - 1] * SMALL)), place(out, 1), align=8)
    later = builder.bitcast(place(builder.add(out, out.type(AHEAD)), 0), ir.IntType(8).as_pointer())
    flags = [ir.IntType(32)(flag) for flag in (1, 3, 1)]  # to write, to keep, data
    kind = ir.FunctionType(ir.VoidType(), [later.type, *(flag.type for flag in flags)])
    builder.call(builder.module.declare_intrinsic("llvm.prefetch", (later.type,), kind), [later, *flags])


def _emit_move(builder: Any, target: Any, source: Any, at: Any, literal: Any, width: int) -> None:
    parts = _vectors(builder, builder.gep(source, [builder.lshr(literal, literal.type(1))]), width)
    flip = _mask(builder, literal)
    moved = [builder.xor(builder.load(part, align=8), flip) for part in parts]
    for words, place in zip(moved, _vectors(builder, builder.gep(target, [at]), width), strict=True):
        builder.store(words, place, align=8)


def _join(values: Words, out: int, a: int, b: int, width: int) -> None:
    """What the three gates below do, in NumPy."""
    slots = values.reshape(-1, width)
    x, y = (slots[int(side) // STRIDE] ^ np.uint64((2**64 - 1) * (int(side) & 1)) for side in (a, b))
    slots[int(out) // STRIDE] = x & y


@emitted(functools.partial(_emit_join, width=WIDE))
def join_wide(values: Words, out: int, a: int, b: int) -> None:
    """A slot becomes the AND of two, each given as 64 slot (+ 1 for the complement of what is read); 64 words each.

    So an address is one AND and one addition away, whatever the width.
    """
    _join(values, out, a, b, WIDE)


@emitted(functools.partial(_emit_join, width=MIDDLE))
def join_middle(values: Words, out: int, a: int, b: int) -> None:
    """The same with slots of 32 words."""
    _join(values, out, a, b, MIDDLE)


@emitted(functools.partial(_emit_join, width=NARROW))
def join_narrow(values: Words, out: int, a: int, b: int) -> None:
    """The same with slots of 8 words."""
    _join(values, out, a, b, NARROW)


@emitted(_emit_both)
def join_both(values: Words, out: int, a: int, b: int) -> None:
    """Slots out and out + 1, of 4 words, become the AND of slots a and b and its complement: no masks to make."""
    slots = values.reshape(-1, SMALL)
    slots[int(out)] = slots[int(a)] & slots[int(b)]
    slots[int(out) + 1] = ~slots[int(out)]


@emitted(functools.partial(_emit_move, width=MIDDLE))
def move_middle(target: Words, source: Words, at: int, literal: int) -> None:
    """32 words from place literal >> 1 of the source to place `at` of the target, complemented if literal is odd."""
    start, flip = int(literal) >> 1, np.uint64((2**64 - 1) * (int(literal) & 1))
    target.reshape(-1)[at : at + MIDDLE] = source.reshape(-1)[start : start + MIDDLE] ^ flip


@inline
def move(target: Words, source: Words, at: int, literal: int, count: int) -> None:
    """The same with `count` words, of flat arrays."""
    whole = count // MIDDLE * MIDDLE
    for k in range(0, whole, MIDDLE):
        move_middle(target, source, at + k, literal + 2 * k)
    flip = ALL if literal & 1 else NONE
    for k in range(whole, count):
        target[at + k] = source[(literal >> 1) + k] ^ flip


@inline
def run(gates: npt.NDArray[np.int32], values: Words, width: int) -> None:
    """Every row of a program (G, 3) in turn, on slots of 64, 32 or 8 words."""
    values[:width] = 0
    if width == WIDE:
        for g in range(gates.shape[0]):
            join_wide(values, gates[g, 0], gates[g, 1], gates[g, 2])
    elif width == MIDDLE:
        for g in range(gates.shape[0]):
            join_middle(values, gates[g, 0], gates[g, 1], gates[g, 2])
    else:
        for g in range(gates.shape[0]):
            join_narrow(values, gates[g, 0], gates[g, 1], gates[g, 2])


@inline
def run_code(code: npt.NDArray[np.int64], gates: int, first: int, values: Words) -> None:
    """The first gates of a code (literal, literal, ...), gate i into literals first + 2 i and first + 2 i + 1."""
    for i in range(gates):
        join_both(values, first + 2 * i, code[2 * i], code[2 * i + 1])


def scratch(slots: int, width: int) -> Words:
    """Room for the slots, on a boundary of 64 bytes: a vector across two cache lines costs twice."""
    raw = np.empty(slots * width + 8, np.uint64)
    start = (-raw.ctypes.data // 8) % 8
    return raw[start : start + slots * width]
