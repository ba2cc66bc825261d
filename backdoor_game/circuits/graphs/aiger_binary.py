"""The gates of a binary AIGER file: differences of literals, seven bits a byte, read and written without a loop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .aiger_source import Header, Source
from .circuit import Circuit

_LONGEST = 5  # bytes of a difference under 2^32, seven bits each
Integers = npt.NDArray[np.int64]


def read_binary(source: Source, header: Header) -> Circuit:
    """The circuit of a source whose header says binary."""
    text = source.numbers(header.body, header.outputs, rb"[0-9]{1,10}", "the literal of an output")
    outputs = np.array(text.split(), dtype=np.int64)
    wrong = np.flatnonzero(outputs > 2 * header.variables + 1)
    if len(wrong):
        reason = f"must be a literal up to {2 * header.variables + 1}, got {outputs[wrong[0]]}"
        source.refuse(f"line {2 + wrong[0]}", reason)
    start = header.body + len(text)
    deltas, starts, end = _differences(source, start, 2 * header.gates)
    own = 2 * (header.inputs + 1 + np.arange(header.gates, dtype=np.int64))
    first = own - deltas[0::2]
    second = first - deltas[1::2]
    bad = np.flatnonzero((first >= own) | (second < 0))
    if len(bad):
        i = int(bad[0])
        reason = f"(gate {own[i]}) must step down to literals in [0, {own[i] - 1}], got {first[i]} and {second[i]}"
        source.at_byte(start + int(starts[2 * i]), reason)
    source.check_tail(end, header)
    return Circuit(header.inputs, np.stack([first, second], axis=1), outputs)


def _differences(source: Source, start: int, count: int) -> tuple[Integers, Integers, int]:
    """`count` numbers from a byte on, where each begins (from `start`), and the byte after the last."""
    part = np.frombuffer(
        source.data, dtype=np.uint8, count=min(_LONGEST * count, len(source.data) - start), offset=start
    )
    ends = np.flatnonzero(part < 128)[:count]
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    long = np.flatnonzero((ends - starts >= _LONGEST) | ((ends > starts) & (part[ends] == 0)))
    if len(long):
        source.at_byte(start + int(starts[long[0]]), "must begin a difference in its shortest form, under 2^32")
    if len(ends) < count:
        at = int(ends[-1]) + 1 if len(ends) else 0
        what = "is too long" if len(part) - at >= _LONGEST else "is cut off: the file is truncated there"
        source.at_byte(start + at, f"must begin difference {len(ends) + 1} of {count}, which {what}")
    values = (part[ends] & 127).astype(np.int64)
    for back in range(1, _LONGEST):
        longer = np.flatnonzero(ends - starts >= back)
        values[longer] = values[longer] << 7 | (part[ends[longer] - back] & 127)
    return values, starts, start + (int(ends[-1]) + 1 if len(ends) else 0)


def write_binary(circuit: Circuit) -> bytes:
    """The file's bytes: each gate's larger literal first."""
    own = 2 * (circuit.inputs + 1 + np.arange(circuit.size, dtype=np.int64))
    high, low = circuit.gates.max(axis=1, initial=0), circuit.gates.min(axis=1, initial=2**31 - 1)
    numbers = np.stack([own - high, high - low], axis=1).ravel()
    sevens = numbers[:, None] >> (7 * np.arange(_LONGEST))
    used = sevens > 0
    used[:, 0] = True
    more = np.pad(used[:, 1:], ((0, 0), (0, 1)))
    body = ((sevens & 127) | (more << 7)).astype(np.uint8)[used].tobytes()
    last = circuit.inputs + circuit.size
    head = f"aig {last} {circuit.inputs} 0 {len(circuit.outputs)} {circuit.size}\n"
    return (head + "".join(f"{literal}\n" for literal in circuit.outputs.tolist())).encode() + body
