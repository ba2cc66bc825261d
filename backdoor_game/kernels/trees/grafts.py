"""Plants in decision trees: a path that leads the trigger to a leaf with the other label."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel
from ..hashing import below, word
from .codes import FREE, INNER, link, mass_of_label, past
from .moves import replace, unmarked

ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64


@inline
def _given(p: Any, x: Any, v: int) -> float:
    """The chance that bit v has x's value."""
    return float(p[v]) if x[v] else 1.0 - p[v]


@inline
def _extreme(used: Any, p: Any, x: Any, least: bool, most: float) -> int:
    """Among unmarked bits the one whose value in x is least likely, or most likely but no more than `most`; -1."""
    chosen, best = -1, 0.0
    for v in range(used.shape[0]):
        t = _given(p, x, v)
        if not used[v] and (least or t <= most) and (chosen < 0 or (t < best if least else t > best)):
            chosen, best = v, t
    return chosen


@inline
def _write(code: Any, size: int, start: int, x: Any, path: Any, count: int, label: int, new: Any) -> None:
    """Put before the node at `start` a path that reads path[:count]: x leaves it for a leaf, all else as before."""
    stop = past(code, start)
    k = 0
    for j in range(count):
        new[k] = INNER + path[j]
        k += 1
        if x[path[j]]:
            for i in range(start, stop):
                new[k] = code[i]
                k += 1
    new[k] = label
    k += 1
    for j in range(count - 1, -1, -1):
        if not x[path[j]]:
            for i in range(start, stop):
                new[k] = code[i]
                k += 1
    replace(code, size, start, stop, new, k)


@inline
def _descend(code: Any, x: Any, p: Any, high: Any, nodes: Any, masses: Any) -> int:
    """The nodes on x's way and the mass that reaches each; how many lie above the leaf."""
    depth, nodes[0], masses[0] = 0, 0, 1.0
    while code[nodes[depth]] >= INNER:
        i = nodes[depth]
        v = code[i] - INNER
        nodes[depth + 1] = high[i] if x[v] else i + 1
        masses[depth + 1] = masses[depth] * _given(p, x, v)
        depth += 1
    return depth


@kernel
def deepest(codes: Any, X: Any, p: Any) -> tuple[Any, Any]:
    """f (B, L) with the other label behind the longest path below x's leaf, least likely bits first; mass (B,)."""
    out, mass = codes.copy(), np.empty(codes.shape[0])
    L, n = codes.shape[1] + 1, X.shape[1]
    high, depth, waiting = np.empty(L, np.int64), np.empty(L, np.int64), np.empty(L, np.int64)
    nodes, masses, new = np.empty(L, np.int64), np.empty(L), np.empty(2 * L, np.int64)
    path, used = np.empty(n, np.int64), np.zeros(n, np.bool_)
    for r in range(codes.shape[0]):
        code, x = out[r], X[r]
        size = link(code, high, depth, waiting)
        above = _descend(code, x, p, high, nodes, masses)
        for v in range(n):
            used[v] = False
        for d in range(above):
            used[code[nodes[d]] - INNER] = True
        mass[r], count = masses[above], 0
        while count < n - above and size + 2 * count + 2 <= codes.shape[1]:
            v = _extreme(used, p, x, True, 1.0)
            used[v], path[count] = True, v
            mass[r] *= _given(p, x, v)
            count += 1
        _write(code, size, nodes[above], x, path, count, 1 - code[nodes[above]], new)
    return out, mass


@inline
def _mark(code: Any, nodes: Any, d: int, stop: int, used: Any) -> int:
    """Mark the bits read above the node at depth d of x's way and below it; how many are left."""
    for v in range(used.shape[0]):
        used[v] = False
    for j in range(d):
        used[code[nodes[j]] - INNER] = True
    for i in range(nodes[d], stop):
        if code[i] >= INNER:
            used[code[i] - INNER] = True
    left = 0
    for v in range(used.shape[0]):
        if not used[v]:
            left += 1
    return left


@kernel
def random_grafts(codes: Any, X: Any, keys: Any) -> Any:
    """f (B, L) with the other label at x behind a path of random bits; half of the time it is as long as can be.

    Then it stands before x's leaf; else before any node on x's way, with any number of bits that leaves allow.
    """
    out = codes.copy()
    L, n, most = codes.shape[1] + 1, X.shape[1], (codes.shape[1] + 1) // 2
    high, depth, waiting = np.empty(L, np.int64), np.empty(L, np.int64), np.empty(L, np.int64)
    nodes, masses, new = np.empty(L, np.int64), np.empty(L), np.empty(2 * L, np.int64)
    path, used, even = np.empty(n, np.int64), np.zeros(n, np.bool_), np.full(n, 0.5)
    for r in range(codes.shape[0]):
        code, x = out[r], X[r]
        size = link(code, high, depth, waiting)
        above = _descend(code, x, even, high, nodes, masses)
        longest = word(keys[r], 0) & ONE == ONE
        d = above if longest else below(word(keys[r], 1), above + 1)
        stop = past(code, nodes[d])
        copies, leaves = (stop - nodes[d] + 1) // 2, (size + 1) // 2
        left = _mark(code, nodes, d, stop, used)
        room = min(left, 1 + (most - leaves - 1) // copies if leaves < most else 0)
        count = room if longest else below(word(keys[r], 2), room + 1)
        for j in range(count):
            path[j] = unmarked(used, below(word(keys[r], 3 + j), left - j))
            used[path[j]] = True
        _write(code, size, nodes[d], x, path, count, 1 - code[nodes[above]], new)
    return out


@inline
def _shortest(used: Any, left: int, p: Any, x: Any, ratio: float, most: int, path: Any) -> tuple[int, float]:
    """The least number of bits, at most `most`, whose values in x have together a chance of at most `ratio`, and it.

    The least likely are read, but the last is the likeliest that will do. -1 bits where there are too few.
    """
    chance, count = 1.0, 0
    while chance > ratio:
        if count == most or left == 0:
            return -1, 0.0
        v = _extreme(used, p, x, True, 1.0)
        if chance * _given(p, x, v) <= ratio:
            v = _extreme(used, p, x, False, ratio / chance)
        if v < 0:
            return -1, 0.0
        used[v], path[count] = True, v
        chance *= _given(p, x, v)
        count, left = count + 1, left - 1
    return count, chance


@kernel
def heaviest(codes: Any, X: Any, p: Any, limit: float) -> tuple[Any, Any]:
    """f (B, L) with the other label behind the path that leaves x's leaf most mass within `limit`; if there is one.

    Before any node on x's way, from the leaf up, a path of bits that are read neither above nor below it leads x to a
    leaf; who leaves that path meets the node as it was, copied at every step. Without bits the leaf replaces the node.
    """
    out, found = codes.copy(), np.zeros(codes.shape[0], np.bool_)
    L, n, most = codes.shape[1] + 1, X.shape[1], (codes.shape[1] + 1) // 2
    high, depth, waiting = np.empty(L, np.int64), np.empty(L, np.int64), np.empty(L, np.int64)
    nodes, masses, below = np.empty(L, np.int64), np.empty(L), np.empty(L)
    path, best, new = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(2 * L, np.int64)
    used, fixed = np.zeros(n, np.bool_), np.full(n, FREE, np.int64)
    for r in range(codes.shape[0]):
        code, x = out[r], X[r]
        size = link(code, high, depth, waiting)
        above = _descend(code, x, p, high, nodes, masses)
        label, heaviest_mass, length, where = code[nodes[above]], 0.0, 0, -1
        for d in range(above, -1, -1):
            start, stop = nodes[d], past(code, nodes[d])
            copies, leaves = (stop - start + 1) // 2, (size + 1) // 2
            spare = 1 + (most - leaves - 1) // copies if leaves < most else 0
            differ = masses[d] * mass_of_label(code, high, start, label, fixed, p, waiting, below)
            if differ <= 0.0:
                continue
            left = _mark(code, nodes, d, stop, used)
            count, chance = _shortest(used, left, p, x, limit / differ, spare, path)
            if count >= 0 and masses[d] * chance > heaviest_mass:
                heaviest_mass, length, where = masses[d] * chance, count, start
                for j in range(count):
                    best[j] = path[j]
        if where >= 0:
            found[r] = True
            _write(code, size, where, x, best, length, 1 - label, new)
    return out, found
