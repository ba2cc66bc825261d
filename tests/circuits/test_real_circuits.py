"""Circuits of a public benchmark suite: evaluated as others evaluate them, and the same after writing and reading."""

from __future__ import annotations

import itertools
import shutil
import subprocess

import numpy as np
import pytest

from backdoor_game import CircuitBuilder, equivalent, read_aiger, write_aiger
from tests.circuits.places import every_real_circuit
from tests.naive import aiger

PATTERNS = 2**12


@every_real_circuit
def test_every_output_is_that_of_another_simulator_on_4096_inputs(path):
    """aigverse reads the file itself; each input is a random affine function of 12 bits, and it lists all 2^12.

    So each of the 4,096 input vectors is uniform, and any two of them are independent.
    """
    io, simulate = pytest.importorskip("aigverse.io"), pytest.importorskip("aigverse.algorithms").simulate
    theirs, rng = io.read_aiger_into_aig(str(path)), np.random.default_rng(1)
    ours = read_aiger(path)
    assert (theirs.num_pis, theirs.num_pos) == (ours.inputs, len(ours.outputs))
    slopes, shifts = rng.integers(2, size=(ours.inputs, 12)), rng.integers(2, size=ours.inputs)
    tables = simulate(_spread(theirs, slopes, shifts))
    expected = np.array([[table.get_bit(t) for t in range(PATTERNS)] for table in tables], dtype=np.uint8)
    bits = np.arange(PATTERNS)[:, None] >> np.arange(12) & 1
    X = ((bits @ slopes.T + shifts) & 1).astype(np.uint8)
    np.testing.assert_array_equal(ours(X).T, expected)


def _spread(network, slopes, shifts):
    """The network on 12 inputs, each of its own inputs an affine function of them."""
    from aigverse.networks import Aig

    spread = Aig()
    coordinates = [spread.create_pi() for _ in range(12)]
    found = {network.get_node(network.get_constant(False)): spread.get_constant(False)}
    for node, slope, shift in zip(network.pis(), slopes, shifts, strict=True):
        wire = spread.get_constant(bool(shift))
        for coordinate in itertools.compress(coordinates, slope):
            wire = spread.create_xor(wire, coordinate)
        found[node] = wire

    def wire_of(signal):
        own = found[network.get_node(signal)]
        return spread.create_not(own) if network.is_complemented(signal) else own

    for gate in network.gates():
        found[gate] = spread.create_and(*map(wire_of, network.fanins(gate)))
    for output in network.pos():
        spread.create_po(wire_of(output))
    return spread


@every_real_circuit
def test_every_output_is_that_of_a_byte_by_byte_reader_on_4096_independent_inputs(path):
    circuit, rng = read_aiger(path), np.random.default_rng(2)
    X = rng.integers(2, size=(PATTERNS, circuit.inputs), dtype=np.uint8)
    words = [int("".join(map(str, column[::-1])), 2) for column in X.T.tolist()]
    found = circuit(X)
    assert found.shape == (PATTERNS, len(circuit.outputs))
    packed = [int("".join(map(str, column[::-1])), 2) for column in found.T.tolist()]
    assert packed == aiger.outputs(path.read_bytes(), words, PATTERNS)


@every_real_circuit
@pytest.mark.parametrize("ascii", [False, True])
def test_what_is_written_and_read_again_is_equivalent_by_sat(path, tmp_path, ascii):
    circuit = read_aiger(path)
    again = read_aiger(write_aiger(circuit, tmp_path / "again", ascii=ascii))
    assert equivalent(circuit, again)
    assert not equivalent(circuit, _with_one_output_flipped(again))


def _with_one_output_flipped(circuit):
    """Wrong on one input vector: the last output where all inputs are 1."""
    build = CircuitBuilder(circuit.inputs)
    *others, last = build.include(circuit, build.inputs)
    return build.circuit([*others, build.xor(last, build.all_(build.inputs))])


@every_real_circuit
@pytest.mark.parametrize("ascii", [False, True])
def test_another_tool_finds_what_is_written_equivalent(path, tmp_path, ascii):
    """berkeley-abc reads binary files alone: an ascii one goes there through our reader."""
    abc = shutil.which("berkeley-abc") or shutil.which("abc")
    if abc is None:
        pytest.skip("berkeley-abc is not installed")
    written = write_aiger(read_aiger(path), tmp_path / "again.aig", ascii=ascii)
    if ascii:
        written = write_aiger(read_aiger(written), tmp_path / "binary.aig")
    done = subprocess.run(
        [abc, "-c", f"cec -n {path} {written}"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "Networks are equivalent" in done.stdout
