"""The lines of an ascii AIGER file: variables in any numbering, gates in any order, brought into ours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .aiger_source import Header, Source
from .circuit import Circuit

_NUMBER = rb"[0-9]{1,10}"  # ten digits hold every literal that int32 does; longer numbers are refused unread
Integers = npt.NDArray[np.int64]


def read_ascii(source: Source, header: Header) -> Circuit:
    """The circuit of a source whose header says ascii."""
    (inputs, outputs, gates), end = _columns(source, header)
    source.check_tail(end, header)
    lines = 2 + np.arange(len(inputs) + len(outputs) + len(gates))
    ins, outs, rest = np.split(lines, [len(inputs), len(inputs) + len(outputs)])
    _check_range(source, header, np.concatenate([inputs[:, 0], outputs[:, 0], gates.max(axis=1, initial=0)]), lines)
    defined = np.concatenate([inputs[:, 0], gates[:, 0]])
    _check_defined(source, defined, np.concatenate([ins, rest]))
    read = np.concatenate([outputs[:, 0], gates[:, 1], gates[:, 2]])
    found = _ours(source, read, np.concatenate([outs, rest, rest]), defined)
    own, wires = found[: len(outputs)], found[len(outputs) :].reshape(2, -1).T
    order = _sorted(source, header.inputs, wires, rest)
    if order is None:
        return Circuit(header.inputs, wires, own)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    rename = np.concatenate([np.arange(1 + header.inputs), 1 + header.inputs + rank])
    renamed = 2 * rename[wires[order] >> 1] + (wires[order] & 1)
    return Circuit(header.inputs, renamed, 2 * rename[own >> 1] + (own & 1))


def _columns(source: Source, header: Header) -> tuple[list[Integers], int]:
    """The literals of inputs (I, 1), outputs (O, 1) and gates (A, 3), and the byte after them."""
    offset, columns = header.body, []
    for count, width, what in ((header.inputs, 1, "input"), (header.outputs, 1, "output"), (header.gates, 3, "gate")):
        wanted = f"the literal of an {what}" if width == 1 else "the three literals of a gate, parted by single spaces"
        text = source.numbers(offset, count, rb" ".join([_NUMBER] * width), wanted)
        columns.append(np.fromstring(text.decode(), dtype=np.int64, sep=" ").reshape(count, width))
        offset += len(text)
    return columns, offset


def _check_range(source: Source, header: Header, literals: Integers, lines: Integers) -> None:
    wrong = np.flatnonzero(literals > 2 * header.variables + 1)
    if len(wrong):
        reason = f"must hold literals up to {2 * header.variables + 1}, got {literals[wrong[0]]}"
        source.refuse(f"line {lines[wrong[0]]}", reason)


def _check_defined(source: Source, defined: Integers, lines: Integers) -> None:
    """What is defined is an even literal above 1, once."""
    wrong = np.flatnonzero((defined % 2 == 1) | (defined < 2))
    if len(wrong):
        reason = f"must define an even literal from 2 on, got {defined[wrong[0]]}"
        source.refuse(f"line {lines[wrong[0]]}", reason)
    order = np.argsort(defined, kind="stable")
    twice = np.flatnonzero(np.diff(defined[order]) == 0)
    if len(twice):
        i = order[twice + 1].min()
        source.refuse(f"line {lines[i]}", f"must define a new literal, but {defined[i]} is defined before")


def _ours(source: Source, read: Integers, lines: Integers, defined: Integers) -> Integers:
    """Literals in our numbering: the constant, inputs in the file's order, then gates in the file's order."""
    known = np.concatenate([np.zeros(1, dtype=np.int64), defined])
    variables = np.argsort(known, kind="stable")
    ordered, wanted = known[variables], read & ~np.int64(1)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    wrong = np.flatnonzero(ordered[at] != wanted)
    if len(wrong):
        first = wrong[np.argmin(lines[wrong])]
        source.refuse(f"line {lines[first]}", f"must read literals that are defined, got {read[first]}")
    return np.asarray(2 * variables[at] + (read & 1))


def _sorted(source: Source, inputs: int, wires: Integers, lines: Integers) -> Integers | None:
    """An order in which each gate follows those that it reads; None where the file's own will do."""
    count = len(wires)
    reads = (wires >> 1) - inputs - 1
    if (reads < np.arange(count)[:, None]).all():
        return None
    readers = np.argsort(reads.ravel(), kind="stable")
    begins = np.searchsorted(reads.ravel()[readers], np.arange(count + 1)).tolist()
    waiting = (reads >= 0).sum(axis=1).tolist()
    ready = [i for i in range(count) if not waiting[i]]
    after = (readers // 2).tolist()
    for i in ready:  # grows while it is walked
        for reader in after[begins[i] : begins[i + 1]]:
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    if len(ready) < count:
        _refuse_circle(source, reads, waiting, lines)
    return np.array(ready, dtype=np.int64)


def _refuse_circle(source: Source, reads: Integers, waiting: list[int], lines: Integers) -> None:
    """Walk back from a gate that never got ready until one comes up again: it lies on a circle."""
    i, seen = next(i for i, missing in enumerate(waiting) if missing), set()
    while i not in seen:
        seen.add(i)
        i = next(j for j in reads[i].tolist() if j >= 0 and waiting[j])
    source.refuse(f"line {lines[i]}", "must not define a gate that reads its own value, directly or through others")


def write_ascii(circuit: Circuit) -> bytes:
    """The file's text: each gate's larger literal first."""
    last = circuit.inputs + circuit.size
    head = f"aag {last} {circuit.inputs} 0 {len(circuit.outputs)} {circuit.size}\n"
    names = "".join(f"{2 * (i + 1)}\n" for i in range(circuit.inputs))
    ends = "".join(f"{literal}\n" for literal in circuit.outputs.tolist())
    first = 2 * (circuit.inputs + 1)
    pairs = enumerate(circuit.gates.tolist())
    return (head + names + ends + "".join(f"{first + 2 * i} {max(a, b)} {min(a, b)}\n" for i, (a, b) in pairs)).encode()
