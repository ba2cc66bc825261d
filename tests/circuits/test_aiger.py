"""AIGER files, ascii and binary: read as the format's report has them, written and read again, refused with a place."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

from backdoor_game import Circuit, InvalidArgument, read_aiger, write_aiger
from tests.circuits.random_circuits import random_circuit, truth

# The examples of the format's report (A. Biere, The AIGER And-Inverter Graph format, version 20071012, section 2).
HALF_ADDER = """aag 7 2 0 2 3
2
4
6
12
6 13 15
12 2 4
14 3 5
i0 x
i1 y
o0 s
o1 c
c
half adder
"""
AND_BINARY = b"aig 3 2 0 1 1\n6\n\x02\x02"
EXAMPLES = {
    "aag 0 0 0 0 0\n": [()],
    "aag 0 0 0 1 0\n0\n": [(0,)],
    "aag 0 0 0 1 0\n1\n": [(1,)],
    "aag 1 1 0 1 0\n2\n2\n": [(0,), (1,)],
    "aag 1 1 0 1 0\n2\n3\n": [(1,), (0,)],
    "aag 3 2 0 1 1\n2\n4\n6\n6 2 4\n": [(0,), (0,), (0,), (1,)],
    "aag 3 2 0 1 1\n2\n4\n7\n6 3 5\n": [(0,), (1,), (1,), (1,)],
    HALF_ADDER: [(0, 0), (1, 0), (1, 0), (0, 1)],
}


def put(tmp_path, content):
    path = tmp_path / "circuit"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_report_s_examples_compute_what_it_says(tmp_path, text):
    assert truth(read_aiger(put(tmp_path, text))) == EXAMPLES[text]


def test_the_report_s_binary_example_is_the_and_gate_and_is_written_as_it_stands_there(tmp_path):
    circuit = read_aiger(put(tmp_path, AND_BINARY))
    assert truth(circuit) == [(0,), (0,), (0,), (1,)]
    write_aiger(circuit, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == AND_BINARY


def test_a_difference_of_more_than_seven_bits_is_read_low_bits_first(tmp_path):
    """Gate 402 reads 402 - 1 - 2 * 128 = 145 and 145 - 127 = 18: 257 is 0x81 0x02, 127 is 0x7f."""
    content = b"aig 201 200 0 1 1\n402\n\x81\x02\x7f"
    circuit = read_aiger(put(tmp_path, content))
    assert circuit.gates.tolist() == [[145, 18]]
    write_aiger(circuit, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == content


def test_variables_of_an_ascii_file_may_have_any_numbers_and_its_gates_any_order(tmp_path):
    """(a and b) and not c, the variables 9, 5, 7 being the inputs; 40 is read before it is defined."""
    text = "aag 30 3 0 2 2\n18\n10\n14\n50\n41\n50 40 15\n40 10 18\n"
    rows = truth(read_aiger(put(tmp_path, text)))
    bits = [(i & 1, i >> 1 & 1, i >> 2 & 1) for i in range(8)]
    assert rows == [(a & b & (1 - c), 1 - (a & b)) for a, b, c in bits]


@pytest.mark.parametrize("tail", ["", "i0 a\no0 b\n", "c\n", "c\nanything at all", "o0 b\nc"])
def test_symbols_and_comments_are_skipped_also_one_that_only_begins(tmp_path, tail):
    circuit = read_aiger(put(tmp_path, "aag 1 1 0 1 0\n2\n3\n" + tail))
    assert (circuit.size, circuit.outputs.tolist()) == (0, [3])


@pytest.mark.parametrize("ascii", [False, True])
def test_a_circuit_written_and_read_again_has_the_same_gates_and_outputs(tmp_path, ascii):
    rng = np.random.default_rng(3)
    for _ in range(60):
        circuit = random_circuit(rng, *rng.integers((0, 0, 0), (200, 300, 9)))
        name = write_aiger(circuit, tmp_path / "folder" / "c", ascii=ascii)
        again = read_aiger(name)
        assert again.inputs == circuit.inputs
        np.testing.assert_array_equal(again.gates, -np.sort(-circuit.gates, axis=1))
        np.testing.assert_array_equal(again.outputs, circuit.outputs)
        first = pathlib.Path(name).read_bytes()
        write_aiger(again, name, ascii=ascii)
        assert pathlib.Path(name).read_bytes() == first


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1 must read"),
        ("aag 1 1 0 1\n2\n2\n", "line 1 must read"),
        ("aag 1 1 0 -1 0\n2\n", "line 1 must read"),
        ("aag  1 1 0 1 0\n2\n2\n", "line 1 must read"),
        ("agg 1 1 0 1 0\n2\n2\n", "line 1 must read"),
        ("aag 1 1 0 1 0", "line 1 must read"),
        ("aag 99999999999 1 0 1 0\n2\n2\n", "line 1 must read"),
        ("aag 2 1 1 1 0\n2\n4 2\n2\n", "line 1 must name no latches, got 1: unroll them first$"),
        ("aag 1 1 0 0 0 1\n2\n2\n", "line 1 must name no bad-state properties, got 1: make them outputs$"),
        ("aag 1 1 0 0 0 0 1\n2\n2\n", "line 1 must name no invariant constraints, got 1: join them to"),
        ("aag 1 1 0 0 0 0 0 1\n2\n1\n2\n", "no justice properties, got 1: they speak of infinite runs"),
        ("aag 1 1 0 0 0 0 0 0 1\n2\n2\n", "no fairness constraints, got 1: they speak of infinite runs"),
        ("aag 1 1 0 1 1\n2\n2\n4 2 2\n", r"line 1 must name at least I \+ A = 2 variables, got 1"),
        ("aig 3 1 0 1 1\n2\n\x02\x00", r"line 1 must name exactly I \+ A = 2 variables, got 3"),
        ("aig 2000000 2000000 0 0 0\n", "1048576 inputs, got 2000000 and 2000000"),
        ("aag 900000 1 0 0 800000\n2\n4 2 2\n", "line 1 must be followed by at least 4800002 bytes, but the file is"),
        ("aag 1 1 0 1 0\n2\n2", "line 1 must be followed by at least 4 bytes, but the file is truncated after 3"),
        ("aag 2 1 0 1 1\n2\n4\n4 2", "line 1 must be followed by at least 10 bytes, but the file is truncated after 7"),
        ("aag 12 1 0 1 1\n2\n24\n24 2 2", "line 4 must hold the three literals of a gate.* truncated"),
        ("aag 1 1 0 1 0\n2\nx\n", "line 3 must hold the literal of an output, got 'x'"),
        ("aag 2 1 0 1 1\n2\n4\n4  2 2\n", "line 4 must hold the three literals of a gate.* got '4  2 2'"),
        ("aag 2 1 0 1 1\n2\n4\n4 -2 2\n", "line 4 must hold the three literals"),
        ("aag 2 1 0 1 1\n2\n4\n4 2 6\n", "line 4 must hold literals up to 5, got 6"),
        ("aag 2 1 0 1 0\n2\n7\n", "line 3 must hold literals up to 5, got 7"),
        ("aag 2 1 0 1 0\n2\n4\n", "line 3 must read literals that are defined, got 4"),
        ("aag 4 1 0 1 1\n2\n8\n8 2 7\n", "line 4 must read literals that are defined, got 7"),
        ("aag 2 2 0 0 0\n2\n2\n", "line 3 must define a new literal, but 2 is defined before"),
        ("aag 2 1 0 0 1\n2\n2 2 2\n", "line 3 must define a new literal, but 2 is defined before"),
        ("aag 3 1 0 0 2\n2\n4 2 2\n4 2 3\n", "line 4 must define a new literal"),
        ("aag 1 1 0 0 0\n3\n", "line 2 must define an even literal from 2 on, got 3"),
        ("aag 1 1 0 0 0\n0\n", "line 2 must define an even literal from 2 on, got 0"),
        ("aag 2 1 0 0 1\n2\n5 2 2\n", "line 3 must define an even literal from 2 on, got 5"),
        ("aag 2 1 0 1 1\n2\n4\n4 2 4\n", "line 4 must not define a gate that reads its own value"),
        ("aag 5 1 0 1 4\n2\n4\n4 6 2\n6 8 2\n8 7 2\n10 2 2\n", "line [56] must not define a gate that reads its own"),
        ("aag 1 1 0 0 0\n2\nrubbish\n", "line 3 must begin a symbol, a comment or nothing, got 'rubbish'"),
        ("aag 1 1 0 0 0\n2\ni1 x\n", "line 3 must be the symbol of one of 1, got 'i1 x'"),
        ("aag 1 1 0 0 0\n2\ni0 x", "line 3 must begin a symbol, a comment or nothing"),
        ("aag 1 1 0 0 0\n2\ncomment", "line 3 must begin a symbol, a comment or nothing"),
        (b"aig 2 1 0 1 1\n9\n\x02\x00", "line 2 must be a literal up to 5, got 9"),
        (b"aig 2 1 0 1 1\n4\n\x02", "line 1 must be followed by at least 4 bytes, but the file is truncated after 3"),
        (b"aig 12 11 0 1 1\n4\n\x82\x80", "byte 18 must begin difference 1 of 2, which is cut off"),
        (b"aig 12 11 0 1 1\n4\n\x02\x82", "byte 19 must begin difference 2 of 2, which is cut off"),
        (b"aig 2 1 0 1 1\n4\n\x82\x00\x00", "byte 16 must begin a difference in its shortest form"),
        (b"aig 2 1 0 1 1\n4\n\xff\xff\xff\xff\xff\x01\x00", "byte 16 must begin a difference in its shortest form"),
        (b"aig 2 1 0 1 1\n4\n" + b"\xff" * 12, "byte 16 must begin difference 1 of 2, which is too long"),
        (b"aig 2 1 0 1 1\n4\n\x00\x00", r"byte 16 \(gate 4\) must step down to literals in \[0, 3\], got 4 and 4"),
        (b"aig 2 1 0 1 1\n4\n\x05\x00", r"byte 16 \(gate 4\) must step down to literals in \[0, 3\], got -1 and -1"),
        (b"aig 2 1 0 1 1\n4\n\x02\x03", r"byte 16 \(gate 4\) must step down to literals in \[0, 3\], got 2 and -1"),
        (b"aig 2 1 0 1 1\n4\n\x02\x00more", "byte 18 must begin a symbol, a comment or nothing, got 'more'"),
    ],
)
def test_what_is_no_circuit_is_refused_in_one_sentence_with_the_position(tmp_path, content, message):
    path = put(tmp_path, content)
    with pytest.raises(InvalidArgument, match=message) as caught:
        read_aiger(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_path_that_cannot_be_read_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing", "\0"):
        with pytest.raises(InvalidArgument, match=r"path .* cannot be read: |path must be the path of a local file"):
            read_aiger(path)


def test_what_names_no_file_is_refused_in_one_sentence():
    circuit = Circuit(1, np.zeros((0, 2), dtype=int), [2])
    for path in ("/", "", "."):
        with pytest.raises(InvalidArgument, match="path must be "):
            write_aiger(circuit, path)
    for ask in (read_aiger, lambda path: write_aiger(circuit, path)):
        with pytest.raises(InvalidArgument, match="path must be a path as text, got 3"):
            ask(3)


def test_a_refused_place_leaves_the_old_file_as_it_was(tmp_path):
    circuit = Circuit(1, np.zeros((0, 2), dtype=int), [2])
    (tmp_path / "file").write_text("old")
    with pytest.raises(InvalidArgument, match="path must be a place where files can be written"):
        write_aiger(circuit, tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "old"
