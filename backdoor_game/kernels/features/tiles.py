"""A register tile of random features: products of 8 rows with 3 vectors of features, their cosine, their sum.

Written in LLVM's operations, since the loop compiler keeps no tile in registers and takes half the vector's width.
Each row of a tile is computed in the same way, so that a row's bits do not depend on its neighbours.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground._jit import emitted
from .vectors import BITS, ask_for, bits_of, call, everywhere, lanes, load, octets, store

# 24 sums, 3 vectors of features and one of rows in 32 registers; processors of 256 bits have 16 registers.
ROWS, VECTORS = (8 if BITS == 512 else 4), 3
# The features that come next are asked for while these are used, each of 32 tiles in turn a part of every vector's.
TILES = 32
SHARE = VECTORS * BITS // 8 // TILES
Real = npt.NDArray[Any]

# cos 2 pi t = -u P(u^2) with u = |t - rint(t)| - 1/4: P interpolates sin(2 pi sqrt v) / sqrt v at the Chebyshev points
# of [0, 1/16]. Before rounding -u P(u^2) is off by 4e-19 and 3e-11 at most; tests/features derives the digits anew.
COSINE = {
    64: (6.283185307179586, -41.341702240399755, 81.60524927607362, -76.70585975282492, 42.058693925428685,
         -15.0946416761179, 3.8199280942271643, -0.7177337921413454, 0.10089695501646812),
    32: (6.2831854820251465, -41.34170150756836, 81.605224609375, -76.70427703857422, 42.00978088378906,
         -14.393966674804688),
}  # fmt: skip


def _cells(word: Any) -> list[Any]:
    """The places of a tile's vectors, row by row."""
    return [word(cell) for cell in range(ROWS * VECTORS)]


def _emit_multiply(
    builder: Any, tiles: Any, rows: Any, panels: Any, t: Any, r: Any, p: Any, count: Any, ahead: Any, first: bool
) -> None:
    word = count.type
    later_features = octets(builder, panels, ahead)
    tile, rows, panel = (builder.gep(start, [at]) for start, at in ((tiles, t), (rows, r), (panels, p)))
    phases = [load(builder, panel, word(v)) for v in range(VECTORS)] if first else []
    start = phases * ROWS or [load(builder, tile, cell) for cell in _cells(word)]
    before, loop, after = builder.block, *(builder.append_basic_block(name) for name in ("each", "done"))
    builder.branch(loop)
    builder.position_at_end(loop)
    k, sums = builder.phi(word), [builder.phi(value.type) for value in start]
    following = builder.add(k, word(1))
    features = [
        load(builder, panel, builder.add(builder.mul(following, word(VECTORS)), word(v))) for v in range(VECTORS)
    ]
    ask_for(builder, octets(builder, later_features, builder.mul(k, word(SHARE))))
    later = []
    for row in range(ROWS):
        number = builder.load(builder.gep(rows, [builder.add(builder.mul(k, word(ROWS)), word(row))]))
        x = everywhere(builder, number, features[0].type.count)
        parts = zip(features, sums[row * VECTORS : (row + 1) * VECTORS], strict=True)
        later += [call(builder, "fmuladd", x, g, total) for g, total in parts]
    for phi, initial, value in zip([k, *sums], [word(0), *start], [following, *later], strict=True):
        phi.add_incoming(initial, before)
        phi.add_incoming(value, loop)
    builder.cbranch(builder.icmp_signed("<", following, count), loop, after)
    builder.position_at_end(after)
    for cell, value in zip(_cells(word), later, strict=True):
        store(builder, value, tile, cell)


def _cosine(builder: Any, t: Any) -> Any:
    def constant(value: float) -> Any:
        return t.type([value] * t.type.count)

    r = builder.fsub(t, call(builder, "rint", t))
    u = builder.fsub(call(builder, "fabs", r), constant(0.25))
    square, coefficients = builder.fmul(u, u), COSINE[bits_of(t.type.element)]
    total = constant(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = call(builder, "fmuladd", total, square, constant(coefficient))
    return builder.fmul(builder.fneg(u), total)


def _positive(builder: Any, t: Any) -> Any:
    zero = t.type([0.0] * t.type.count)
    return builder.select(builder.fcmp_unordered(">", t, zero), t, zero)


def _emit_each(builder: Any, tiles: Any, t: Any, of: Any) -> None:
    tile = builder.gep(tiles, [t])
    for cell in _cells(t.type):
        store(builder, of(builder, load(builder, tile, cell)), tile, cell)


def _emit_add(builder: Any, sums: Any, tiles: Any, weights: Any, s: Any, t: Any, w: Any, of: Any) -> None:
    """The features stay in registers. Three products in the features' own type, then on in float64."""
    from llvmlite import ir

    word, wide = t.type, BITS // 64
    sums, tile, weights = (builder.gep(start, [at]) for start, at in ((sums, s), (tiles, t), (weights, w)))
    factors = [load(builder, weights, word(v)) for v in range(VECTORS)]
    for r in range(ROWS):
        y = [of(builder, load(builder, tile, word(r * VECTORS + v))) for v in range(VECTORS)]
        total = builder.fmul(factors[0], y[0])
        for v in range(1, VECTORS):
            total = call(builder, "fmuladd", factors[v], y[v], total)
        halves = []
        for start in range(0, total.type.count, wide):
            taken = ir.Constant(ir.VectorType(ir.IntType(32), wide), list(range(start, start + wide)))
            halves.append(builder.shuffle_vector(total, total, taken))
        if len(halves) == 2:
            low, high = (builder.fpext(half, ir.VectorType(ir.DoubleType(), wide)) for half in halves)
            total = builder.fadd(low, high)
        store(builder, builder.fadd(load(builder, sums, word(r)), total), sums, word(r))


# Arrays are flat, and t, r, p, s, w are places in them: views of a part would be counted, at a tenth of the time.


def _tile(tiles: Real, t: int) -> Real:
    width = VECTORS * lanes(tiles.dtype)
    return tiles[t : t + ROWS * width].reshape(ROWS, width)


@emitted(functools.partial(_emit_multiply, first=True))
def multiply(tiles: Real, rows: Real, panels: Real, t: int, r: int, p: int, count: int, ahead: int) -> None:
    """The tile (ROWS, F) = panel[0] + sum over k < count of rows[k] (ROWS,) times panel[1 + k] (F,); count >= 1.

    Meanwhile count * SHARE bytes from byte `ahead` of the panels on are brought nearer.
    """
    tile = _tile(tiles, t)
    tile[:] = panels[p : p + tile.shape[1]]
    multiply_more(tiles, rows, panels, t, r, p, count, ahead)


@emitted(functools.partial(_emit_multiply, first=False))
def multiply_more(tiles: Real, rows: Real, panels: Real, t: int, r: int, p: int, count: int, ahead: int) -> None:
    """The same sum added to what the tile holds; panel[0] is not read."""
    tile = _tile(tiles, t)
    for k in range(count):
        start = p + (1 + k) * tile.shape[1]
        tile += rows[r + k * ROWS : r + (k + 1) * ROWS, None] * panels[start : start + tile.shape[1]]


@emitted(functools.partial(_emit_each, of=_cosine))
def cosines(tiles: Real, t: int) -> None:
    """Each number z of the tile becomes cos 2 pi z."""
    tile = _tile(tiles, t)
    u = np.abs(tile - np.rint(tile)) - tile.dtype.type(0.25)
    tile[:] = -u * np.polynomial.Polynomial(np.array(COSINE[8 * tile.itemsize], tile.dtype))(u * u)


@emitted(functools.partial(_emit_each, of=_positive))
def positives(tiles: Real, t: int) -> None:
    """Each number z of the tile becomes max(0, z)."""
    tile = _tile(tiles, t)
    tile[:] = np.maximum(tile, 0)


@emitted(functools.partial(_emit_add, of=_cosine))
def add_cosines(sums: Real, tiles: Real, weights: Real, s: int, t: int, w: int) -> None:
    """Onto float64 sums (ROWS, BITS / 64), cos 2 pi z times the weights (F,), each lane by itself."""
    cosines(tiles, t)
    _add(sums, _tile(tiles, t), weights, s, w)


@emitted(functools.partial(_emit_add, of=_positive))
def add_positives(sums: Real, tiles: Real, weights: Real, s: int, t: int, w: int) -> None:
    """The same with max(0, z)."""
    positives(tiles, t)
    _add(sums, _tile(tiles, t), weights, s, w)


def _add(sums: Real, tile: Real, weights: Real, s: int, w: int) -> None:
    wide = BITS // 64
    products = tile * weights[w : w + tile.shape[1]]
    parts = products.reshape(ROWS, -1, wide).sum(axis=1, dtype=np.float64)
    sums[s : s + ROWS * wide] += parts.ravel()
