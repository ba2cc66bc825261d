"""Circuits before they run: equal gates merged, dead ones dropped, values laid into slots that are used again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...ground._jit import kernel
from ...ground.errors import InvalidArgument
from ..arguments import frozen
from ..hashing import mix64
from .gates import STRIDE

SHIFT = np.uint64(32)  # two int32 literals make one word to hash
MOST_SLOTS = 2**25 - 1  # 64 times as many fit into int32
Literals = npt.NDArray[np.int32]
Integers = npt.NDArray[np.int64]


class Program(NamedTuple):
    """A circuit as rows over slots; slot 0 holds the constant 0.

    gates (G, 3) int32: the slot written and the two read, each times 64, + 1 where what is read is complemented;
    places (n,) int32: the slot of each input, -1 where no output depends on it; outputs (O,) int32: 2 slot, + 1 for a
    complement; slots: how many there are.
    """

    gates: Literals
    places: Literals
    outputs: Literals
    slots: int


@kernel
def _last_reads(inputs: int, gates: Literals, outputs: Literals) -> Integers:
    """The last gate that reads each variable (G for an output), -1 where no output depends on it."""
    last = np.full(1 + inputs + gates.shape[0], -1, np.int64)
    for o in range(outputs.size):
        last[outputs[o] >> 1] = gates.shape[0]
    for g in range(gates.shape[0] - 1, -1, -1):
        if last[1 + inputs + g] >= 0:
            for side in range(2):
                v = gates[g, side] >> 1
                last[v] = max(last[v], g)
    last[0] = gates.shape[0]
    return last


@kernel
def _lay(inputs: int, gates: Literals, last: Integers) -> tuple[Literals, Literals, int]:
    """Rows of the program, the slot of each variable, the number of slots: what was freed last is taken first."""
    rows, slot = np.empty((gates.shape[0], 3), np.int32), np.full(last.size, -1, np.int32)
    free, unused = np.empty(last.size, np.int32), 0
    slot[0], top, count = 0, 1, 0
    for i in range(inputs):
        if last[1 + i] >= 0:
            slot[1 + i] = top
            top += 1
    for g in range(gates.shape[0]):
        v = 1 + inputs + g
        if last[v] < 0:
            continue
        a, b = gates[g, 0], gates[g, 1]
        rows[count, 1], rows[count, 2] = STRIDE * slot[a >> 1] + (a & 1), STRIDE * slot[b >> 1] + (b & 1)
        if last[a >> 1] == g:
            free[unused] = slot[a >> 1]
            unused += 1
        if last[b >> 1] == g and a >> 1 != b >> 1:
            free[unused] = slot[b >> 1]
            unused += 1
        if unused > 0:
            unused -= 1
            slot[v] = free[unused]
        else:
            slot[v] = top
            top += 1
        rows[count, 0] = STRIDE * slot[v]
        count += 1
    return rows[:count].copy(), slot, top


def lay(inputs: int, gates: Literals, outputs: Literals) -> Program:
    """The program of a circuit whose literals have been checked: kernels write where it says, without looking."""
    reads, ends = frozen(gates, np.int32), frozen(outputs, np.int32)
    rows, slot, slots = _lay(inputs, reads, _last_reads(inputs, reads, ends))
    if slots > MOST_SLOTS:
        raise InvalidArgument(f"a circuit may hold at most {MOST_SLOTS} values at once, got {slots}")
    literals = 2 * slot[ends >> 1] + (ends & 1)
    gates_laid, places, ends = (frozen(part, np.int32) for part in (rows, slot[1 : 1 + inputs], literals))
    return Program(gates_laid, places, ends, int(slots))


@kernel
def _share(inputs: int, gates: Literals, table: Integers) -> tuple[Literals, Integers]:
    kept, count = np.empty((gates.shape[0], 2), np.int32), 0
    now = 2 * np.arange(1 + inputs + gates.shape[0])
    for g in range(gates.shape[0]):
        a = now[gates[g, 0] >> 1] ^ (gates[g, 0] & 1)
        b = now[gates[g, 1] >> 1] ^ (gates[g, 1] & 1)
        a, b = max(a, b), min(a, b)
        if b == 0 or a == b ^ 1:
            now[1 + inputs + g] = 0
        elif b == 1 or a == b:
            now[1 + inputs + g] = a
        else:
            place = np.int64(mix64((np.uint64(a) << SHIFT) | np.uint64(b)) & np.uint64(table.size - 1))
            while table[place] >= 0 and (kept[table[place], 0] != a or kept[table[place], 1] != b):
                place = (place + 1) & (table.size - 1)
            if table[place] < 0:
                table[place] = count
                kept[count, 0], kept[count, 1] = a, b
                count += 1
            now[1 + inputs + g] = 2 * (1 + inputs + table[place])
    return kept[:count].copy(), now


def share(inputs: int, gates: Literals) -> tuple[Literals, Integers]:
    """Merge equal gates and fold constants and repeated wires away.

    Parameters
    ----------
    inputs : int
    gates : ndarray of int32, shape (G, 2)
        Literals in topological order, as `circuits.Circuit` has checked them.

    Returns
    -------
    kept : ndarray of int32, shape (K, 2)
        The gates that remain, numbered anew.
    literals : ndarray of int64, shape (1 + inputs + G,)
        What each old variable is now.
    """
    table = np.full(1 << (2 * max(len(gates), 1)).bit_length(), -1, np.int64)
    return _share(inputs, frozen(gates, np.int32), table)
