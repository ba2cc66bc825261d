"""Circuits that differ from given ones on a small cube around an input, where gates are to spare."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...ground.streams import Words, below, draws

Integers = npt.NDArray[np.int64]
Gates = list[tuple[int, int]]


def grafted(
    codes: Integers, x: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], depth: int, keys: Words
) -> Integers:
    """Codes (B, 2 s + 1) whose label, where inputs agree with x in j random bits, is the one that x had not.

    The gates that the output does not depend on make way for an AND of j literals true at x and one gate that joins it
    with the output; without such gates the code is left as it was, and the labels elsewhere always are. j is as large
    as these gates and the depth allow, or half of the time any smaller number.

    Parameters
    ----------
    codes : ndarray of int64, shape (B, 2 s + 1)
        Literals in range; their gates stand no higher than `depth`.
    x : ndarray of uint8, shape (B, n)
    labels : ndarray of uint8, shape (B,)
        Those of x.
    depth : int
        The highest level of a gate.
    keys : ndarray of uint64, shape (B,)
    """
    words = draws(keys, 0, x.shape[1] + 2)
    out, orders = codes.copy(), np.argsort(words[:, 2:], axis=1, kind="stable")
    for row, (code, point, order) in enumerate(zip(codes.tolist(), x.tolist(), orders.tolist(), strict=True)):
        gates, output, level = _cone(code, len(point))
        most = min(len(point), (len(code) - 1) // 2 - len(gates), 2 ** min(depth - 1, 20))
        if most < 1 or level + 1 > depth:
            continue
        j = most if words[row, 0] & np.uint64(1) else 1 + int(below(words[row, 1:2], most)[0])
        cube = _all_of(gates, [2 * (i + 1) + 1 - point[i] for i in order[:j]], len(point))
        gates.append((output ^ (1 - int(labels[row])), cube ^ 1))
        flat = [literal for gate in gates for literal in gate]
        out[row] = 0
        out[row, : len(flat)] = flat
        out[row, -1] = 2 * (len(point) + len(gates)) + 1 - int(labels[row])
    return out


def _cone(code: list[int], n: int) -> tuple[Gates, int, int]:
    """The gates that the output depends on, renumbered from the first place on; the output and its level."""
    gates = list(zip(code[:-1:2], code[1:-1:2], strict=True))
    needed, waiting = set(), [code[-1] >> 1]
    while waiting:
        wire = waiting.pop()
        if wire > n and wire not in needed:
            needed.add(wire)
            waiting += [literal >> 1 for literal in gates[wire - n - 1]]
    new, levels, kept = {wire: wire for wire in range(n + 1)}, dict.fromkeys(range(n + 1), 0), []
    for wire in sorted(needed):
        a, b = gates[wire - n - 1]
        kept.append((2 * new[a >> 1] + (a & 1), 2 * new[b >> 1] + (b & 1)))
        new[wire], levels[wire] = n + len(kept), 1 + max(levels[a >> 1], levels[b >> 1])
    return kept, 2 * new[code[-1] >> 1] + (code[-1] & 1), levels[code[-1] >> 1]


def _all_of(gates: Gates, literals: list[int], n: int) -> int:
    """Add a balanced AND of literals to the gates, and give its literal."""
    while len(literals) > 1:
        pairs = list(zip(literals[::2], literals[1::2], strict=False))
        joined = [2 * (n + len(gates) + i + 1) for i in range(len(pairs))]
        gates += pairs
        literals = joined + literals[2 * len(pairs) :]
    return literals[0]
