"""Slot programs, word blocks, inputs made in the block, and batches of small circuits against their naive twins."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import Circuit, Circuits
from backdoor_game.circuits.graphs import simulating
from backdoor_game.functions.table import packed_rows
from backdoor_game.ground._jit import kernel
from backdoor_game.kernels.arguments import frozen
from backdoor_game.kernels.circuits import batch as circuit_batch
from backdoor_game.kernels.circuits import inputs as circuit_inputs
from backdoor_game.kernels.circuits import programs as circuit_programs
from backdoor_game.spaces.domains import Bits
from tests.circuits.random_circuits import random_circuit
from tests.naive import circuits as naive


def row_of(packed):
    """A row of words as one whole number."""
    return sum(int(word) << (64 * w) for w, word in enumerate(packed))


def expected(circuit, inputs, bits):
    return naive.outputs(inputs, circuit.gates.tolist(), circuit.outputs.tolist(), (1 << bits) - 1)


SIZES = [(0, 0, 2), (0, 5, 2), (1, 0, 3), (1, 9, 2), (5, 30, 4), (6, 40, 3), (7, 60, 1), (9, 200, 5), (40, 300, 20)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", [0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 97, 136])
def test_words_are_those_of_the_gates_one_by_one(size, words):
    rng = np.random.default_rng(words)
    circuit = random_circuit(rng, *size)
    inputs = rng.integers(2**64, size=(size[0], words), dtype=np.uint64)
    found = circuit.words(inputs)
    assert (found.shape, found.dtype) == ((size[2], words), np.uint64)
    assert [row_of(row) for row in found] == expected(circuit, [row_of(row) for row in inputs], 64 * words)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("m", [0, 1, 63, 64, 65, 600, 2049])
def test_rows_of_bits_give_rows_of_labels(size, m):
    rng = np.random.default_rng(m)
    circuit, X = random_circuit(rng, *size), rng.integers(2, size=(m, size[0]), dtype=np.uint8)
    inputs = [sum(int(bit) << j for j, bit in enumerate(column)) for column in X.T]
    labels = circuit(X)
    assert (labels.shape, labels.dtype) == ((m, size[2]), np.uint8)
    assert [sum(int(bit) << j for j, bit in enumerate(column)) for column in labels.T] == expected(circuit, inputs, m)


@pytest.mark.parametrize("inputs", [0, 1, 4, 5, 6, 7, 8, 11, 12])
def test_a_table_lists_all_inputs_with_the_first_bit_least_significant(inputs):
    circuit = random_circuit(np.random.default_rng(inputs), inputs, 50, 3)
    table = circuit.table()
    assert table.shape == (3, max(1, 2**inputs // 64))
    assert [row_of(row) for row in table] == expected(circuit, naive.listed(inputs), 2**inputs)


def test_a_circuit_with_more_slots_than_fit_the_cache_runs_in_narrow_blocks():
    rng = np.random.default_rng(3)
    inputs = simulating.CACHED_WORDS // 32 + 10
    gates = [(2 * (1 + i), 2 * (2 + i)) for i in range(inputs - 1)]
    circuit = Circuit(inputs, np.array(gates), 2 * (1 + inputs + np.arange(inputs - 1)))
    assert simulating.width(circuit.program) == 8
    words = rng.integers(2**64, size=(inputs, 21), dtype=np.uint64)
    np.testing.assert_array_equal(circuit.words(words), words[:-1] & words[1:])


def test_threads_change_no_word(monkeypatch):
    circuit = random_circuit(np.random.default_rng(0), 30, 2000, 5)
    words = np.random.default_rng(1).integers(2**64, size=(30, 1000), dtype=np.uint64)
    monkeypatch.setattr(simulating, "RANGE", 2**15)
    answers = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(simulating, "thread_count", lambda count=threads: count)
        assert len(list(simulating.ranges(circuit.program, 1000))) > 5
        answers.append(circuit.words(words))
    np.testing.assert_array_equal(answers[0], answers[1])
    np.testing.assert_array_equal(answers[0], answers[2])
    inputs = [row_of(row) for row in words]
    assert [row_of(row) for row in answers[0]] == expected(circuit, inputs, 64_000)


def test_gates_that_no_output_reads_are_not_run_and_slots_are_used_again():
    chain = [(2, 4)] + [(2 * (2 + i), 3) for i in range(1, 500)]
    circuit = Circuit(2, np.array(chain), np.array([2 * 3 + 2 * 99]))
    program = circuit.program
    assert len(program.gates) == 100
    assert program.slots <= 4
    assert program.gates[:, 0].min() > 0, "slot 0 holds the constant"


def test_sharing_merges_equal_gates_and_folds_constants():
    gates = [(2, 4), (4, 2), (2, 2), (2, 3), (6, 8), (1, 4), (0, 4), (12, 17)]
    kept, now = circuit_programs.share(2, np.array(gates, np.int32))
    assert kept.tolist() == [[4, 2]]
    gate = 6
    assert now.tolist() == [0, 2, 4, gate, gate, 2, 0, gate, 4, 0, 0]


@pytest.mark.parametrize("seed", range(8))
def test_a_shared_circuit_computes_the_same(seed):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, 6, 80, 8)
    kept, now = circuit_programs.share(6, circuit.gates)
    shared = Circuit(6, kept, now[circuit.outputs >> 1] ^ (circuit.outputs & 1))
    assert shared.size <= circuit.size
    np.testing.assert_array_equal(shared.table(), circuit.table())


@kernel
def _drawn(keys, ends, first, last):
    out = np.empty((keys.size, last - first), np.uint64)
    for i in range(keys.size):
        for w in range(first, last):
            out[i, w - first] = circuit_inputs.biased(keys[i], w, ends[i])
    return out


def test_random_bits_compare_uniform_numbers_with_the_probability_digit_by_digit():
    keys = np.array([1, 2**63 + 5, 77, 77, 77, 3], np.uint64)
    ends = np.rint(np.array([0.5, 0.1, 0.0, 1.0, 2.0**-53, 0.75]) * 2.0**53).astype(np.uint64)
    found = _drawn(frozen(keys, np.uint64), frozen(ends, np.uint64), 3, 8)
    wanted = [[naive.biased(int(k), w, int(e)) for w in range(3, 8)] for k, e in zip(keys, ends, strict=True)]
    assert found.tolist() == wanted


@pytest.mark.parametrize(("bits", "gates"), [(1, 0), (1, 3), (4, 6), (6, 9), (8, 40), (10, 25)])
@pytest.mark.parametrize("m", [0, 1, 64, 65, 300, 700])
def test_a_batch_of_circuits_labels_each_row_by_its_own_code(bits, gates, m):
    functions, rng = Circuits(bits, gates), np.random.default_rng(m)
    codes = functions.sample_block(rng.integers(2**64, size=5, dtype=np.uint64))
    codes[1, : gates // 2 * 2] = 0
    X = rng.integers(2, size=(5, m, bits), dtype=np.uint8)
    for rows in (X, np.broadcast_to(X[0], X.shape)):
        found = functions.evaluate(codes, rows)
        assert (found.shape, found.dtype) == ((5, m), np.uint8)
        for r, code in enumerate(codes):
            np.testing.assert_array_equal(found[r], functions.decode(code)(np.ascontiguousarray(rows[r]))[:, 0])


@pytest.mark.parametrize("bits", [1, 3, 5, 6, 7, 8, 9, 12])
def test_packed_tables_of_a_batch_are_the_labels_of_every_point(bits):
    functions = Circuits(bits, 12)
    codes = functions.sample_block(np.random.default_rng(bits).integers(2**64, size=20, dtype=np.uint64))
    packed = packed_rows(functions, codes)
    for row, code in zip(packed, codes.tolist(), strict=True):
        pairs = list(zip(code[:-1:2], code[1:-1:2], strict=True))
        assert row_of(row) == naive.outputs(naive.listed(bits), pairs, code[-1:], (1 << 2**bits) - 1)[0]
    points = Bits(bits).points()
    labels = functions.evaluate(codes, np.broadcast_to(points, (20, *points.shape)))
    assert [sum(int(bit) << j for j, bit in enumerate(row)) for row in labels] == [row_of(row) for row in packed]


def test_distances_of_packed_rows_are_counts_and_sums_of_the_bits_that_differ():
    rng = np.random.default_rng(0)
    F, G = rng.integers(2**64, size=(2, 9, 3), dtype=np.uint64)
    weights = rng.integers(2**20, size=192) / 2.0**20
    bits = np.unpackbits((F ^ G).view(np.uint8), axis=1, bitorder="little")
    assert circuit_batch.counts_apart(F, G).tolist() == bits.sum(axis=1).tolist()
    assert circuit_batch.weights_apart(F, G, weights).tolist() == (bits * weights).sum(axis=1).tolist()
