"""Random changes of a decision tree: a label, the bit that a node reads, a leaf split, two leaves merged."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel
from ..hashing import below, word
from .codes import INNER, link, past

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64
FLIP, READ, SPLIT, MERGE = 0, 1, 2, 3  # numbers in the order of `_kind`, since kernels take no names


@inline
def replace(code: Any, size: int, start: int, stop: int, new: Any, count: int) -> None:
    """Put new[:count] in place of code[start:stop] in a tree of `size` nodes, and zeros behind its new end."""
    shift = count - (stop - start)
    if shift > 0:
        for i in range(size - 1, stop - 1, -1):
            code[i + shift] = code[i]
    elif shift < 0:
        for i in range(stop, size):
            code[i + shift] = code[i]
        for i in range(size + shift, size):
            code[i] = 0
    for i in range(count):
        code[start + i] = new[i]


@inline
def mark_path(code: Any, high: Any, place: int, used: Any) -> None:
    """Mark the bits that are read above a node, and no other."""
    for v in range(used.shape[0]):
        used[v] = False
    i = 0
    while i != place:
        used[code[i] - INNER] = True
        i = high[i] if place >= high[i] else i + 1


@inline
def unmarked(used: Any, number: int) -> int:
    """The bit with this number among those that are not marked."""
    v = 0
    while True:
        if not used[v]:
            if number == 0:
                return v
            number -= 1
        v += 1


@inline
def _fits(code: Any, depth: Any, i: int, kind: int, n: int) -> bool:
    """Whether a change of this kind can be made at node i."""
    if code[i] < INNER:
        return bool(kind == FLIP or (kind == SPLIT and depth[i] < n))
    return bool(kind == READ or (kind == MERGE and code[i + 1] < INNER and code[i + 2] < INNER))


@inline
def _places(code: Any, size: int, depth: Any, kind: int, n: int) -> int:
    """At how many nodes it can be made."""
    count = 0
    for i in range(size):
        if _fits(code, depth, i, kind, n):
            count += 1
    return count


@inline
def _kinds(size: int, room: int, open_: int) -> int:
    """How many kinds there are: a flip, with an inner node two more, and a split where a leaf and a bit are left."""
    kinds = 1
    if size > 1:
        kinds += 2
    if size < room and open_ > 0:
        kinds += 1
    return kinds


@inline
def _kind(number: int, size: int, kinds: int) -> int:
    """The kind with this number among those that there are."""
    if size == 1 and number == 1:
        return SPLIT
    if size > 1 and kinds == 3 and number == 2:
        return MERGE
    return number


@inline
def _read_another(code: Any, i: int, v: int) -> None:
    """Let node i read bit v, unless it is read below."""
    stop = past(code, i)
    for j in range(i, stop):
        if code[j] == INNER + v:
            return
    code[i] = INNER + v


@inline
def _change(code: Any, key: np.uint64, n: int, high: Any, depth: Any, waiting: Any, used: Any, new: Any) -> float:
    """Make one change; q(back) / q(there)."""
    size, room = link(code, high, depth, waiting), code.shape[0]
    open_ = _places(code, size, depth, SPLIT, n)
    kinds = _kinds(size, room, open_)
    kind = _kind(below(word(key, 0), kinds), size, kinds)
    places = _places(code, size, depth, kind, n)
    left, i = below(word(key, 1), places), 0
    while left > 0 or not _fits(code, depth, i, kind, n):
        if _fits(code, depth, i, kind, n):
            left -= 1
        i += 1
    if kind == FLIP:
        code[i] = 1 - code[i]
        return 1.0
    free, random = n - depth[i], word(key, 2)
    if kind == MERGE:
        new[0] = np.int64(random & ONE)
        replace(code, size, i, i + 3, new, 1)
    else:
        mark_path(code, high, i, used)
        if kind == READ:
            used[code[i] - INNER] = True
            if free > 1:
                _read_another(code, i, unmarked(used, below(word(key, 3), free - 1)))
            return 1.0
        new[0] = INNER + unmarked(used, below(word(key, 3), free))
        new[1], new[2] = np.int64(random & ONE), np.int64((random >> ONE) & ONE)
        replace(code, size, i, i + 1, new, 3)
    size = link(code, high, depth, waiting)
    open_ = _places(code, size, depth, SPLIT, n)
    if kind == MERGE:
        return float(2 * kinds * places) / float(4 * _kinds(size, room, open_) * open_ * free)
    cherries = _places(code, size, depth, MERGE, n)
    return float(4 * kinds * places * free) / float(2 * _kinds(size, room, open_) * cherries)


@kernel
def changed(codes: Any, keys: Any, n: int) -> tuple[Any, Any]:
    """One random change of each tree (B, L) over n bits, and q(back) / q(there) (B,).

    Every kind of change that can be made is as likely as every other, so is every node at which it can, and so are
    the bit, among those not read above, and the labels. A node that would read a bit that is read below it stays.
    """
    out, odds = codes.copy(), np.empty(codes.shape[0])
    L = codes.shape[1] + 1
    high, depth, waiting = np.empty(L, np.int64), np.empty(L, np.int64), np.empty(L, np.int64)
    used, new = np.zeros(n, np.bool_), np.empty(3, np.int64)
    for r in range(codes.shape[0]):
        odds[r] = _change(out[r], keys[r], n, high, depth, waiting, used, new)
    return out, odds
