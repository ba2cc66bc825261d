"""AIGER files byte by byte, and circuits gate by gate on integers whose bit j is input vector j."""

from __future__ import annotations

import io


def read(data: bytes) -> tuple[int, list[tuple[int, int]], list[int]]:
    """Inputs, gates in order and outputs of a well-formed combinational file whose variables are numbered in order."""
    file = io.BytesIO(data)
    kind, _, inputs, latches, outputs, gates = file.readline().split()[:6]
    assert int(latches) == 0
    if kind == b"aag":
        assert [int(file.readline()) for _ in range(int(inputs))] == [2 * (i + 1) for i in range(int(inputs))]
    ends = [int(file.readline()) for _ in range(int(outputs))]
    pairs = []
    for own in range(2 * (int(inputs) + 1), 2 * (int(inputs) + 1 + int(gates)), 2):
        if kind == b"aag":
            lhs, a, b = map(int, file.readline().split())
            assert lhs == own
        else:
            a = own - _number(file)
            b = a - _number(file)
        pairs.append((a, b))
    return int(inputs), pairs, ends


def _number(file: io.BytesIO) -> int:
    """Seven bits a byte, the low ones first; the top bit says that more follow."""
    value = shift = 0
    while True:
        byte = file.read(1)[0]
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value


def outputs(data: bytes, words: list[int], count: int) -> list[int]:
    """Every output on `count` input vectors; bit j of words[i] is input i of vector j."""
    inputs, pairs, ends = read(data)
    assert len(words) == inputs
    ones = (1 << count) - 1
    values = [0, *words]

    def wire(literal: int) -> int:
        return values[literal >> 1] ^ (ones if literal & 1 else 0)

    for a, b in pairs:
        values.append(wire(a) & wire(b))
    return [wire(literal) for literal in ends]
