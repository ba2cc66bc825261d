"""Decision trees in prefix order: which codes are trees, what they answer, how heavy a leaf is, how far two differ.

A token of at least 2 is an inner node that reads bit token - 2; its 0-subtree follows, then its 1-subtree. 0 and 1 are
leaves with that label.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel

INNER = 2  # tokens 0 and 1 are labels
FREE = 2  # beside the bits 0 and 1


@inline
def link(code: Any, high: Any, depth: Any, waiting: Any) -> int:
    """Fill high[i], where the 1-subtree of the inner node at i begins, and the depth of every node; the tree's size."""
    count, i = 0, 0
    depth[0] = 0
    while True:
        if code[i] >= INNER:
            waiting[count] = i
            count += 1
            depth[i + 1] = depth[i] + 1
        elif count == 0:
            return i + 1
        else:
            count -= 1
            high[waiting[count]] = i + 1
            depth[i + 1] = depth[waiting[count]] + 1
        i += 1


@inline
def past(code: Any, i: int) -> int:
    """Where the subtree that begins at i ends: the place after its last node."""
    missing = 1
    while missing > 0:
        missing += 1 if code[i] >= INNER else -1
        i += 1
    return i


@inline
def _is_tree(code: Any, n: int, used: Any, path: Any, high: Any) -> bool:
    """Whether a row of any numbers is one tree over n bits, none read twice on a path, and zeros after it."""
    depth, i = 0, 0
    while i < code.shape[0]:
        token = code[i]
        i += 1
        if token < 0 or token >= n + INNER:
            return False
        if token >= INNER:
            if used[token - INNER]:
                return False
            used[token - INNER], path[depth], high[depth] = True, token - INNER, False
            depth += 1
            continue
        while depth > 0 and high[depth - 1]:
            depth -= 1
            used[path[depth]] = False
        if depth == 0:
            while i < code.shape[0]:
                if code[i] != 0:
                    return False
                i += 1
            return True
        high[depth - 1] = True
    return False


@kernel
def are_trees(codes: Any, n: int) -> Any:
    """Which rows of int64 codes (B, L), whatever they hold, are trees over n bits; bool (B,)."""
    out = np.empty(codes.shape[0], np.bool_)
    path, high = np.empty(codes.shape[1], np.int64), np.empty(codes.shape[1], np.bool_)
    used = np.zeros(n, np.bool_)
    for r in range(codes.shape[0]):
        for v in range(n):
            used[v] = False
        out[r] = _is_tree(codes[r], n, used, path, high)
    return out


@kernel
def labels(codes: Any, X: Any) -> Any:
    """The label of each point X (B, m, n) under its row's tree; uint8 (B, m)."""
    out = np.empty(X.shape[:2], np.uint8)
    L = codes.shape[1] + 1
    high, depth, waiting = np.empty(L, np.int64), np.empty(L, np.int64), np.empty(L, np.int64)
    for r in range(X.shape[0]):
        code = codes[r]
        link(code, high, depth, waiting)
        for j in range(X.shape[1]):
            i = 0
            while code[i] >= INNER:
                i = high[i] if X[r, j, code[i] - INNER] else i + 1
            out[r, j] = code[i]
    return out


@kernel
def leaf_masses(codes: Any, X: Any, p: Any) -> Any:
    """Mass of the leaf that each x (B, n) reaches in its row's tree where bit v is 1 with probability p[v]; (B,)."""
    out = np.empty(codes.shape[0])
    for r in range(codes.shape[0]):
        mass, i = 1.0, 0
        while codes[r, i] >= INNER:
            v = codes[r, i] - INNER
            if X[r, v]:
                mass *= p[v]
                i = past(codes[r], i + 1)
            else:
                mass *= 1.0 - p[v]
                i += 1
        out[r] = mass
    return out


@inline
def mass_of_label(code: Any, high: Any, start: int, label: int, fixed: Any, p: Any, waiting: Any, masses: Any) -> float:
    """Mass of the leaves with a label below `start`, given the bits that are fixed (those not FREE)."""
    total, mass, count, i = 0.0, 1.0, 0, start
    while True:
        token = code[i]
        if token < INNER:
            if token == label:
                total += mass
            if count == 0:
                return total
            count -= 1
            i, mass = high[waiting[count]], masses[count] * p[code[waiting[count]] - INNER]
        elif fixed[token - INNER] == FREE:
            waiting[count], masses[count] = i, mass
            count += 1
            mass *= 1.0 - p[token - INNER]
            i += 1
        else:
            i = high[i] if fixed[token - INNER] == 1 else i + 1


@inline
def _distance(f: Any, g: Any, high: Any, p: Any, fixed: Any, path: Any, above: Any, waiting: Any, masses: Any) -> float:
    """The mass on which two trees differ: below each leaf of f, that of the leaves of g with the other label."""
    total, mass, depth, i = 0.0, 1.0, 0, 0
    while True:
        token = f[i]
        i += 1
        if token >= INNER:
            v = token - INNER
            path[depth], above[depth], fixed[v] = v, mass, 0
            depth += 1
            mass *= 1.0 - p[v]
            continue
        if mass > 0.0:
            total += mass * mass_of_label(g, high, 0, 1 - token, fixed, p, waiting, masses)
        while depth > 0 and fixed[path[depth - 1]] == 1:
            depth -= 1
            fixed[path[depth]] = FREE
        if depth == 0:
            return total
        v = path[depth - 1]
        fixed[v] = 1
        mass = above[depth - 1] * p[v]


@kernel
def distances(F: Any, G: Any, p: Any) -> Any:
    """The mass on which trees F and G (B, L) differ where bit v is 1 with probability p[v], independently; (B,)."""
    out = np.empty(F.shape[0])
    L = F.shape[1] + 1
    high, depth, waiting = np.empty(L, np.int64), np.empty(L, np.int64), np.empty(L, np.int64)
    path, above, masses = np.empty(L, np.int64), np.empty(L), np.empty(L)
    fixed = np.full(p.shape[0], FREE, np.int64)
    for r in range(F.shape[0]):
        link(G[r], high, depth, waiting)
        out[r] = _distance(F[r], G[r], high, p, fixed, path, above, waiting, masses)
    return out
