"""Random local rewrites of circuits that leave their functions as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ground._jit import inline, kernel
from ..hashing import fraction, word
from .specialising import EMPTY, joined, kept, shared

# four bits of a coin; words a round may use, above the most gates of a code; the longest plan
KINDS, ROUND, MOST_NEW = 16, 2**20, 3
ASSOCIATE, DISTRIBUTE, LENGTHEN, SHORTEN = 4, 8, 9, 11  # kinds below each; the others change nothing
FIRST, SECOND = -2, -4  # the result of a step; its complement has the lowest bit set
ONE = np.uint64(1)  # uint64: beside a plain 1 numba goes on in signed int64


@inline
def _step(plan: Any, i: int, a: int, b: int) -> None:
    plan[i, 0], plan[i, 1] = a, b


@inline
def _planned(kind: int, a: int, b: int, new: Any, inner: int, plan: Any) -> int:
    """Plans a AND b, `inner` the gate of a; how many steps, negative where the last result is to be complemented."""
    if kind < ASSOCIATE and inner >= 0 and a & 1 == 0:  # (c d) b = c (d b)
        _step(plan, 0, new[inner, 1 - (kind & 1)], b)
        _step(plan, 1, new[inner, kind & 1], FIRST)
        return 2
    if ASSOCIATE <= kind < DISTRIBUTE and inner >= 0 and a & 1 == 1:  # not (c d) and b = b not c or b not d
        _step(plan, 0, b, new[inner, 0] ^ 1)
        _step(plan, 1, b, new[inner, 1] ^ 1)
        _step(plan, 2, FIRST ^ 1, SECOND ^ 1)
        return -3
    if DISTRIBUTE <= kind < LENGTHEN:  # a b = a not (a not b)
        _step(plan, 0, a, b ^ 1)
        _step(plan, 1, a, FIRST ^ 1)
        return 2
    if LENGTHEN <= kind < SHORTEN and inner >= 0 and a & 1 == 1:
        for i in range(2):
            if new[inner, i] == b:  # not (b c) and b = b not c
                a = new[inner, 1 - i] ^ 1
                break
    _step(plan, 0, a, b)
    return 1


@inline
def _built(steps: int, plan: Any, new: Any, size: int, n: int, slots: Any) -> tuple[int, int]:
    """Carries out a plan, equal gates shared and constants folded; the literal and how many gates then."""
    wire = 0
    for i in range(abs(steps)):
        for side in range(2):
            operand = plan[i, side]
            if operand < 0:
                plan[i, side] = plan[-(operand >> 1) - 1, 0] ^ (operand & 1)
        a, b = max(plan[i, 0], plan[i, 1]), min(plan[i, 0], plan[i, 1])
        wire = joined(a, b)
        if wire == EMPTY:
            gate = shared(a, b, new, size, slots)
            if gate == size:
                new[size, 0], new[size, 1] = a, b
                size += 1
            wire = 2 * (n + 1 + gate)
        plan[i, 0] = wire
    return wire ^ int(steps < 0), size


@inline
def _round(code: Any, n: int, key: np.uint64, start: int, gates: int, new: Any, wires: Any, slots: Any) -> int:
    """One rule at each of the first gates of a code, into `new`; how many gates there are then."""
    size, s, plan = 0, code.shape[0] // 2, np.empty((MOST_NEW, 2), np.int64)
    slots[:] = EMPTY
    room = min(1.0, 2.0 * (s - gates) / max(1, s))
    for i in range(gates):
        a, b = code[2 * i], code[2 * i + 1]
        a, b = wires[a >> 1] ^ (a & 1), wires[b >> 1] ^ (b & 1)
        coins = word(key, start + i)
        if coins & ONE:
            a, b = b, a
        kind = int(np.int64((coins >> ONE) & np.uint64(KINDS - 1)))
        if size + MOST_NEW + gates - i > new.shape[0] or (kind < LENGTHEN and fraction(coins) >= room):
            kind = KINDS - 1
        steps = _planned(kind, a, b, new, (a >> 1) - n - 1, plan)
        wires[1 + n + i], size = _built(steps, plan, new, size, n, slots)
    return size


@kernel
def rewrite(codes: Any, n: int, keys: Any, rounds: int) -> None:
    """Rewrites circuits over n inputs in place, their codes (B, 2 s + 1), a random rule at each gate in each round.

    Gates that the output no longer needs go after each round; a round that leaves more than s is undone. Rules that
    add gates are tried the less often the less room there is.
    """
    s, capacity = codes.shape[1] // 2, 16
    while capacity < 4 * s + 2:
        capacity *= 2
    new, places = np.empty((2 * s + MOST_NEW, 2), np.int64), np.empty(2 * s + MOST_NEW, np.int64)
    slots, wires = np.empty(capacity, np.int64), np.empty(1 + n + s, np.int64)
    for v in range(1 + n):
        wires[v] = 2 * v
    for r in range(codes.shape[0]):
        gates, used = s, (codes[r, 2 * s] >> 1) - n  # the output may read a gate that reads (0, 0)
        while gates > max(used, 0) and codes[r, 2 * gates - 2] == 0 and codes[r, 2 * gates - 1] == 0:
            gates -= 1
        for t in range(rounds):
            size = _round(codes[r], n, keys[r], ROUND * t, gates, new, wires, slots)
            output = codes[r, 2 * s]
            left = kept(new, size, n, wires[output >> 1] ^ (output & 1), places, codes[r])
            gates = left if left >= 0 else gates
