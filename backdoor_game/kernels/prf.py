"""Labels of every key of the small keyed generator at every point, 64 keys to a word."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ground._jit import inline, kernel

ZERO, ONE, ALL = np.uint64(0), np.uint64(1), ~np.uint64(0)  # uint64: beside a plain 1 numba goes on in signed int64


@inline
def _grow(state: Any, level: int, node: int, constants: Any, taps: Any, child: Any) -> None:
    """The child of a node (path: `level` bits of `node`) for bit 0, 64 states at once; `state` (kappa,)."""
    kappa = state.shape[0]
    ring = state.copy()
    for t in range(constants.shape[1]):
        # the register as a ring: s[i] of step t stands at (t + i) mod kappa, and nothing is shifted
        at = t % kappa
        new = ring[at] ^ (ring[(at + taps[0]) % kappa] & ring[(at + taps[1]) % kappa]) ^ ring[(at + taps[2]) % kappa]
        if constants[level, t] != 0:
            new = ~new
        if t < level and (node >> t) & 1:
            new = ~new
        ring[at] = new
    for i in range(kappa):
        child[i] = ring[(constants.shape[1] + i) % kappa]


@inline
def _split(states: Any, level: int, constants: Any, taps: Any) -> None:
    """Both children of each of the first 2^level nodes, in place; a child for bit 1 stands 2^level places on."""
    kappa = states.shape[1]
    width = 1 << level
    for node in range(width):
        _grow(states[node].copy(), level, node, constants, taps, states[node])
        states[width + node] = states[node]
        states[width + node, kappa - 1] ^= states[node, kappa - 2]
        states[width + node, kappa - 3] = ~states[node, kappa - 3]


@kernel
def all_tables(kappa: int, n: int, constants: Any, taps: Any) -> Any:
    """The labels of all 2^kappa keys on all 2^n points, packed: uint64 (2^kappa, max(1, 2^n / 64)).

    A round's new bit is s[0] + s[taps[0]] s[taps[1]] + s[taps[2]] + constants[level, t] (n, T) + bit t of the path.
    """
    out = np.zeros((1 << kappa, max(1, (1 << n) // 64)), np.uint64)
    states = np.empty((1 << n, kappa), np.uint64)
    for first in range(0, 1 << kappa, 64):
        keys = min(64, (1 << kappa) - first)
        for i in range(kappa):
            word = ZERO
            for j in range(keys):
                word |= np.uint64(((first + j) >> i) & 1) << np.uint64(j)
            states[0, i] = word
        for level in range(n):
            _split(states, level, constants, taps)
        for x in range(1 << n):
            word = states[x, kappa - 1]
            for j in range(keys):
                out[first + j, x >> 6] |= ((word >> np.uint64(j)) & ONE) << np.uint64(x & 63)
    return out


@kernel
def sibling_seeds(keys: Any, X: Any, kappa: int, constants: Any, taps: Any) -> Any:
    """The seeds of a key (B,) punctured at X (B, n): int64 (B, n), of the siblings along the way, root first."""
    out = np.empty(X.shape, np.int64)
    for r in range(X.shape[0]):
        seed = keys[r]
        for level in range(X.shape[1]):
            for t in range(constants.shape[1]):
                new = seed ^ ((seed >> taps[0]) & (seed >> taps[1])) ^ (seed >> taps[2]) ^ constants[level, t]
                if t < level:
                    new ^= X[r, t]
                seed = (seed >> 1) | ((new & 1) << (kappa - 1))
            other = seed ^ (1 << (kappa - 3)) ^ (((seed >> (kappa - 2)) & 1) << (kappa - 1))
            if X[r, level]:
                seed, other = other, seed
            out[r, level] = other
    return out
