"""Vectors in LLVM's operations, as wide as the processor's: addresses, loads, functions, one number everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import vector_bits

BITS = vector_bits()


def lanes(dtype: Any) -> int:
    """Numbers of this type in a vector."""
    return BITS // (8 * int(np.dtype(dtype).itemsize))


def bits_of(kind: Any) -> int:
    """64 for double, 32 for float."""
    from llvmlite import ir

    return 64 if isinstance(kind, ir.DoubleType) else 32


def _place(builder: Any, start: Any, at: Any) -> tuple[Any, int]:
    """The address of the `at`-th vector after `start`, and its alignment."""
    from llvmlite import ir

    kind, count = start.type.pointee, BITS // bits_of(start.type.pointee)
    where = builder.gep(start, [builder.mul(at, at.type(count))])
    return builder.bitcast(where, ir.VectorType(kind, count).as_pointer()), BITS // 8


def load(builder: Any, start: Any, at: Any) -> Any:
    """The `at`-th vector after `start`."""
    where, alignment = _place(builder, start, at)
    return builder.load(where, align=alignment)


def store(builder: Any, value: Any, start: Any, at: Any) -> None:
    """Put a vector in the `at`-th place after `start`."""
    where, alignment = _place(builder, start, at)
    builder.store(value, where, align=alignment)


def call(builder: Any, name: str, *values: Any) -> Any:
    """LLVM's own function of that name, on vectors."""
    from llvmlite import ir

    kind = values[0].type
    full = f"llvm.{name}.v{kind.count}f{bits_of(kind.element)}"
    known = builder.module.globals.get(full)
    return builder.call(known or ir.Function(builder.module, ir.FunctionType(kind, [kind] * len(values)), full), values)


def everywhere(builder: Any, value: Any, count: int) -> Any:
    """A vector of one number."""
    from llvmlite import ir

    whole = ir.IntType(32)
    nothing = ir.Constant(ir.VectorType(value.type, count), ir.Undefined)
    first = builder.insert_element(nothing, value, whole(0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(whole, count), [0] * count))


def octets(builder: Any, start: Any, at: Any) -> Any:
    """The address so many bytes after `start`."""
    from llvmlite import ir

    return builder.gep(builder.bitcast(start, ir.IntType(8).as_pointer()), [at])


def ask_for(builder: Any, where: Any) -> None:
    """Have a line brought to the second cache; the address may lie outside."""
    from llvmlite import ir

    flags = [ir.IntType(32)(flag) for flag in (0, 2, 1)]  # to read, second level, data
    kind = ir.FunctionType(ir.VoidType(), [where.type, *(flag.type for flag in flags)])
    builder.call(builder.module.declare_intrinsic("llvm.prefetch", (where.type,), kind), [where, *flags])
