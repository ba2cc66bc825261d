"""Damaged AIGER files: a circuit or one sentence, at once, and in memory bounded by the file's own size."""

from __future__ import annotations

import random
import re
import time
import tracemalloc

import numpy as np
import pytest

from backdoor_game import Circuit, InvalidArgument, read_aiger, write_aiger
from tests.circuits.mutations import damaged, originals

FILES = 600
SECONDS = 0.5
FACTOR, CONSTANT = 64, 2**20
PLACE = re.compile(r"(line|byte) \d+")


def outcome(path) -> Circuit | str:
    """The circuit, or the sentence that refuses it."""
    try:
        return read_aiger(path)
    except InvalidArgument as error:
        return str(error)


def memory_used(path) -> int:
    tracemalloc.start()
    try:
        outcome(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_damaged_file_gives_a_circuit_or_one_sentence_with_the_position(tmp_path):
    files, rng, path = originals(tmp_path), random.Random(1), tmp_path / "damaged"
    read = 0
    for _ in range(FILES):
        path.write_bytes(damaged(rng.choice(files), rng))
        start = time.process_time()
        found = outcome(path)
        assert time.process_time() - start < SECONDS
        if isinstance(found, Circuit):
            read += 1
            assert found(np.zeros((1, found.inputs), dtype=np.uint8)).shape == (1, len(found.outputs))
        else:
            assert "\n" not in found
            assert PLACE.search(found)
            assert len(found) < len(str(path)) + 250
    assert FILES / 50 < read < FILES / 2


def test_a_damaged_file_takes_no_more_memory_than_stated(tmp_path):
    files, rng, path = originals(tmp_path), random.Random(2), tmp_path / "damaged"
    for _ in range(FILES // 4):
        data = damaged(rng.choice(files), rng)
        path.write_bytes(data)
        assert memory_used(path) <= FACTOR * len(data) + CONSTANT


@pytest.mark.parametrize("gates", [2**13, 2**16])
def test_files_with_the_most_gates_a_byte_take_no_more_memory_than_stated(tmp_path, gates):
    """Differences of one byte each; the shortest lines, in an order that needs sorting; and what only begins well."""
    binary = b"aig %d 1 0 1 %d\n2\n" % (1 + gates, gates) + b"\x02\x00" * gates
    lines = b"".join(b"%d %d 0\n" % (2 * v, 2 * v - 2) for v in range(1 + gates, 1, -1))
    text = b"aag %d 1 0 0 %d\n2\n" % (1 + gates, gates) + lines
    symbols = b"aig 1 1 0 0 0\n" + b"i0 x\n" * gates
    outputs = b"aag 0 0 0 %d 0\n" % gates + b"0\n" * gates
    inputs = b"aag %d %d 0 0 0\n" % (gates, gates) + b"".join(b"%d\n" % (2 * (gates - i)) for i in range(gates))
    for data in (binary, text, symbols, outputs, inputs):
        for end in (b"", b"x"):
            (tmp_path / "big").write_bytes(data + end)
            assert memory_used(tmp_path / "big") <= FACTOR * len(data) + CONSTANT
            assert isinstance(outcome(tmp_path / "big"), str if end else Circuit)


def test_numbers_in_a_header_allocate_nothing(tmp_path):
    path = tmp_path / "huge"
    for header in (
        b"aig 1073741823 1048576 0 0 1072693247",
        b"aag 1073741823 1048576 0 0 0",
        b"aag 1073741823 0 0 1073741823 0",
        b"aag 9999999999 9999999999 0 9999999999 9999999999",
        b"aig 0 0 0 9999999999 0",
        b"aig 1048576 1048576 0 0 0",
    ):
        path.write_bytes(header + b"\n")
        assert memory_used(path) < 2**17
    assert read_aiger(path).inputs == 2**20


def test_two_hundred_thousand_gates_are_read_within_a_second(tmp_path):
    rng, gates = np.random.default_rng(0), 214_335
    own = np.arange(1205, 1205 + gates)
    pairs = np.stack([rng.integers(2 * own), rng.integers(2 * own)], axis=1)
    circuit = Circuit(1204, pairs, [2 * int(own[-1])])
    for ascii in (False, True):
        path = write_aiger(circuit, tmp_path / "large", ascii=ascii)
        start = time.process_time()
        again = read_aiger(path)
        assert time.process_time() - start < 1
        np.testing.assert_array_equal(np.sort(again.gates, axis=1), np.sort(circuit.gates, axis=1))
