"""Random features of many rows, panel by panel of features and block by block of rows: n x m is never stored."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground._jit import inline, kernel
from .tiles import ROWS, SHARE, TILES, VECTORS, add_cosines, add_positives, cosines, multiply, multiply_more, positives
from .vectors import BITS, lanes

# coordinates at a time, 48 KiB of a panel; bytes of turned rows, a second-level cache; rows cast at a time
DEPTH, ROOM, AT_ONCE = 256, 2**21, 4096
Real = npt.NDArray[Any]
Room = tuple[Real, Real, Real]


def _aligned(shape: tuple[int, ...], dtype: Any) -> Real:
    """Zeros on a boundary of 64 bytes: a vector across two cache lines costs twice."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.zeros(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    held: Real = raw[start : start + size].view(dtype).reshape(shape)
    return held


def panels(G: Real, b: Real | None) -> Real:
    """G (m, d) and b (m,) as (P, 1 + d, F): F features side by side, b in row 0, zeros after the last feature."""
    m, d = G.shape
    width = VECTORS * lanes(G.dtype)
    packed = _aligned((-(-m // width), 1 + d, width), G.dtype)
    for p, panel in enumerate(packed):
        part = G[p * width : (p + 1) * width]
        panel[1:, : len(part)] = part.T
        if b is not None:
            panel[0, : len(part)] = b[p * width : (p + 1) * width]
    return packed


def weighted(packed: Real, cosine: bool, X: Real, w: Real, threads: int) -> npt.NDArray[np.float64]:
    """sum_j w_j phi_j(x) of every row of X (n, d), for m weights in w."""
    weights, found = _aligned((len(packed), packed.shape[2]), packed.dtype), np.empty(len(X))
    weights.reshape(-1)[: len(w)] = w
    nothing = np.empty((0, 0), packed.dtype)

    def fill(start: int, rows: Real, room: Room) -> None:
        _evaluate(rows, packed, cosine, weights, *room, found[start : start + len(rows)], nothing)

    _in_parts(fill, packed, X, threads)
    return found


def matrix(packed: Real, cosine: bool, X: Real, features: int, threads: int) -> Real:
    """phi_j(x_i) as an array (n, m)."""
    found, nothing = np.empty((len(X), features), packed.dtype), np.empty(0)
    weights = np.empty((0, packed.shape[2]), packed.dtype)

    def fill(start: int, rows: Real, room: Room) -> None:
        _evaluate(rows, packed, cosine, weights, *room, nothing, found[start : start + len(rows)])

    _in_parts(fill, packed, X, threads)
    return found


def _in_parts(fill: Callable[[int, Real, Room], None], packed: Real, X: Real, threads: int) -> None:
    """Contiguous rows to each thread, cast to the features' type some thousands at a time."""
    d, width = packed.shape[1] - 1, packed.shape[2]
    tiles = max(1, min(TILES, ROOM // (d * ROWS * packed.itemsize)))

    def part(low: int, high: int) -> None:
        rows, products = (_aligned(shape, packed.dtype) for shape in ((tiles, d, ROWS), (tiles, ROWS, width)))
        room = rows, products, _aligned((tiles, ROWS, BITS // 64), np.float64)
        for start in range(low, high, AT_ONCE):
            some = X[start : min(high, start + AT_ONCE)]
            fill(start, np.require(some, packed.dtype, ["C", "W"]), room)  # one type for numba, read-only or not

    ends = np.linspace(0, len(X), min(threads, max(1, len(X) // ROWS)) + 1).astype(int).tolist()
    if len(ends) == 2:
        return part(*ends)
    with ThreadPoolExecutor(len(ends) - 1) as pool:
        list(pool.map(part, ends[:-1], ends[1:]))
    return None


@inline
def _turn(rows: Real, X: Real, start: int) -> int:
    """Rows of X from `start` on as tiles (d, ROWS), zeros after the last; how many tiles there are."""
    n, d = X.shape
    used: int = min(rows.shape[0], (n - start + ROWS - 1) // ROWS)
    for t in range(used):
        for r in range(ROWS):
            i = start + t * ROWS + r
            if i < n:
                for k in range(d):
                    rows[t, k, r] = X[i, k]
            else:
                rows[t, :, r] = 0
    return used


@inline
def _copy(tiles: Real, used: int, out: Real, start: int, j: int) -> None:
    """The tiles' features to rows of `out` from `start` and columns from j on, as far as there are any."""
    for i in range(start, min(out.shape[0], start + used * ROWS)):
        for k in range(min(tiles.shape[2], out.shape[1] - j)):
            out[i, j + k] = tiles[(i - start) // ROWS, (i - start) % ROWS, k]


@inline
def _total(sums: Real, used: int, out: Real, start: int) -> None:
    """Each row's lanes, added in order."""
    for i in range(start, min(out.shape[0], start + used * ROWS)):
        total = 0.0
        for lane in range(sums.shape[2]):
            total += sums[(i - start) // ROWS, (i - start) % ROWS, lane]
        out[i] = total


@inline
def _panel(
    panels: Real, p: int, weights: Real, cosine: bool, rows: Real, tiles: Real, sums: Real, used: int, size: int
) -> None:
    """One panel of features on all tiles: their weighted sums, or without weights the features in the tiles."""
    d, width = rows.size // (ROWS * (tiles.size // size)), size // ROWS
    for k in range(0, d, DEPTH):
        panel, count = (p * (1 + d) + k) * width, min(DEPTH, d - k)
        for t in range(used):
            tile, row = t * size, (t * d + k) * ROWS
            ahead = (panel + count * width) * panels.itemsize + t * count * SHARE
            if k == 0:
                multiply(tiles, rows, panels, tile, row, panel, count, ahead)
            else:
                # later stretches of coordinates add to the sums that stand in the tiles
                multiply_more(tiles, rows, panels, tile, row, panel, count, ahead)
            if k + DEPTH < d:
                continue
            if weights.size and cosine:
                add_cosines(sums, tiles, weights, t * ROWS * (BITS // 64), tile, p * width)
            elif weights.size:
                add_positives(sums, tiles, weights, t * ROWS * (BITS // 64), tile, p * width)
            elif cosine:
                cosines(tiles, tile)
            else:
                positives(tiles, tile)


@kernel
def _evaluate(
    X: Real, packed: Real, cosine: bool, weights: Real, rows: Real, tiles: Real, sums: Real, found: Real, out: Real
) -> None:
    """Weighted sums into `found`, or without weights the features themselves into `out`."""
    P, width = packed.shape[0], packed.shape[2]
    flat, panels, products, factors, totals = rows.ravel(), packed.ravel(), tiles.ravel(), weights.ravel(), sums.ravel()
    for start in range(0, X.shape[0], rows.shape[0] * ROWS):
        used = _turn(rows, X, start)
        sums[:] = 0
        for p in range(P):
            _panel(panels, p, factors, cosine, flat, products, totals, used, ROWS * width)
            if not factors.size:
                _copy(tiles, used, out, start, p * width)
        _total(sums, used, found, start)
