"""AIGER files and random damage to them."""

from __future__ import annotations

import random

from backdoor_game import CircuitBuilder, read_aiger, write_aiger
from tests.circuits.places import REAL

NUMBERS = (0, 1, 2, -1, 7, 10**6, 2**20, 2**30, 2**31, 2**32, 2**63, 10**30)
SMALL = 4000


def originals(folder) -> list[bytes]:
    """A multiplier built here, with symbols and a comment and without, and small real circuits; both formats."""
    build = CircuitBuilder(6)
    circuits = [build.circuit(build.multiply(build.inputs[:3], build.inputs[3:]))]
    circuits += [read_aiger(path) for path in REAL if path.stat().st_size < SMALL]
    files = []
    for i, circuit in enumerate(circuits):
        for ascii in (False, True):
            with open(write_aiger(circuit, folder / f"{i}{ascii}", ascii=ascii), "rb") as file:
                files.append(file.read())
    return [*files, *[data + b"i0 first\no1 sum\nc\nmade by hand\n" for data in files[:2] * 2]]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """One change, or a few."""
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        data = rng.choice(CHANGES)(data or b"a", rng)
    return data


def _byte_changed(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data))
    return data[:i] + bytes([rng.randrange(256)]) + data[i + 1 :]


def _bit_flipped(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data))
    return data[:i] + bytes([data[i] ^ 1 << rng.randrange(8)]) + data[i + 1 :]


def _cut_off(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _inserted(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data) + 1)
    return data[:i] + rng.randbytes(rng.randrange(1, 9)) + data[i:]


def _number_inserted(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data) + 1)
    return data[:i] + str(rng.choice(NUMBERS)).encode() + b" " + data[i:]


def _part_deleted(data: bytes, rng: random.Random) -> bytes:
    i = rng.randrange(len(data))
    return data[:i] + data[i + rng.randrange(1, 40) :]


def _header_changed(data: bytes, rng: random.Random) -> bytes:
    header, _, rest = data.partition(b"\n")
    words = header.split(b" ")
    words[rng.randrange(len(words))] = str(rng.choice((*NUMBERS, rng.randrange(5000)))).encode()
    return b" ".join(words) + b"\n" + rest


def _line_deleted(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def _lines_swapped(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


CHANGES = (
    _byte_changed,
    _bit_flipped,
    _cut_off,
    _inserted,
    _number_inserted,
    _part_deleted,
    _header_changed,
    _line_deleted,
    _lines_swapped,
)
