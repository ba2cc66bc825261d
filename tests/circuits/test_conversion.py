"""Truth tables become circuits, and circuits lose what no output reads."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backdoor_game import Circuit, CircuitBuilder, InvalidArgument, from_truth_table, trimmed
from tests.circuits.random_circuits import by_hand, random_circuit, truth


@pytest.mark.parametrize("n", range(4))
def test_every_truth_table_of_few_inputs_comes_back(n):
    for labels in itertools.islice(itertools.product((0, 1), repeat=2**n), 0, None, 1 + 2**n // 8 * 2):
        circuit = from_truth_table(labels)
        assert circuit.inputs == n
        assert [row[0] for row in truth(circuit)] == list(labels)


@pytest.mark.parametrize("dtype", [np.uint8, bool, np.int64])
def test_several_tables_share_one_circuit(dtype):
    labels = np.random.default_rng(0).integers(2, size=(4, 64)).astype(dtype)
    circuit = from_truth_table(labels)
    assert truth(circuit) == list(map(tuple, labels.T.astype(int).tolist()))
    assert circuit.size < sum(from_truth_table(row).size for row in labels)
    assert from_truth_table(labels[[0, 0]]).size == from_truth_table(labels[0]).size


def test_a_parity_of_many_inputs_takes_three_gates_an_input():
    places = np.arange(2**14)
    labels = np.bitwise_count(places) % 2
    circuit = from_truth_table(labels)
    assert circuit.size == 3 * 13
    np.testing.assert_array_equal(circuit((places[:, None] >> np.arange(14) & 1).astype(np.uint8))[:, 0], labels)


def test_what_depends_on_few_inputs_reads_only_those():
    labels = np.tile([0, 0, 0, 1], 64)
    circuit = from_truth_table(labels)
    assert circuit.inputs == 8
    assert circuit.gates.tolist() == [[4, 2]]


@pytest.mark.parametrize("labels", [[], [0, 1, 1], [0, 2], [[[0, 1]]], [0.5, 1], np.zeros((2, 0))])
def test_what_is_no_truth_table_is_refused(labels):
    with pytest.raises(InvalidArgument, match="labels must"):
        from_truth_table(labels)


def test_trimming_keeps_the_function_and_every_gate_left_is_read():
    rng = np.random.default_rng(2)
    for _ in range(200):
        circuit = random_circuit(rng, int(rng.integers(5)), int(rng.integers(12)), 2)
        less = trimmed(circuit)
        assert truth(less) == truth(circuit)
        assert less.size <= circuit.size
        read = set((np.concatenate([less.gates.ravel(), less.outputs]) >> 1).tolist())
        assert set(range(1 + less.inputs, 1 + less.inputs + less.size)) <= read
        assert len({tuple(sorted(pair)) for pair in less.gates.tolist()}) == less.size


@pytest.mark.parametrize("seed", range(20))
def test_depth_is_the_longest_way_and_changes_stop_there(seed):
    rng = np.random.default_rng(seed)
    circuit = random_circuit(rng, 3, 8, 2)

    def height(variable):
        if variable <= circuit.inputs:
            return 0
        a, b = circuit.gates[variable - circuit.inputs - 1] >> 1
        return 1 + max(height(int(a)), height(int(b)))

    assert circuit.depth == max(height(int(output) >> 1) for output in circuit.outputs)


def test_a_circuit_of_nothing_has_depth_zero_and_is_evaluated():
    circuit = Circuit(0, [], [1, 0])
    assert (circuit.depth, circuit.size) == (0, 0)
    assert by_hand(circuit, []) == (1, 0)
    assert circuit(np.zeros((3, 0), dtype=np.uint8)).tolist() == [[1, 0]] * 3
    assert CircuitBuilder(2).circuit([]).depth == 0


@pytest.mark.parametrize(
    ("inputs", "gates", "outputs", "message"),
    [
        (1, [[2, 4]], [2], r"gates\[0\] must read literals in \[0, 3\], got \[2, 4\]"),
        (1, [[2, -1]], [2], r"gates\[0\] must read"),
        (1, [[2, 3], [4, 6]], [2], r"gates\[1\] must read literals in \[0, 5\]"),
        (1, [], [4], r"outputs\[0\] must be a literal in \[0, 3\], got 4"),
        (1, [[2, 3, 2]], [2], "gates must be whole numbers of shape"),
        (9, [[2, 4, 6], [8, 10, 12]], [20], r"gates must be whole numbers of shape \(G, 2\), got int64 of \(2, 3\)"),
        (1, [], [[2, 2], [2, 2]], r"outputs must be whole numbers of shape \(O,\), got int64 of \(2, 2\)"),
        (1, [[2, 2**63]], [2], r"gates must hold literals in \[0, 2147483647\], got 9223372036854775808$"),
        (1, [[2, 3]], [2**64], r"outputs must hold literals in \[0, 2147483647\], got 18446744073709551616$"),
        (1, [[2, 3]], [-(2**64)], r"outputs must hold literals in \[0, 2147483647\], got -18446744073709551616$"),
        (1, [[2, 3], [2]], [2], r"gates must be whole numbers of shape \(G, 2\), got rows of different lengths"),
        (1, [[True, False]], [2], "gates must be whole numbers"),
        (1, [[0.5, 1.0]], [2], "gates must be whole numbers"),
        (-1, [], [0], "inputs must be between 0 and 1048576, got -1"),
        (2**20 + 1, [], [0], "inputs must be between"),
        (1.5, [], [0], "inputs must be a whole number"),
    ],
)
def test_a_circuit_that_reads_what_is_not_there_is_refused(inputs, gates, outputs, message):
    with pytest.raises(InvalidArgument, match=message):
        Circuit(inputs, gates, outputs)


def test_a_literal_too_large_is_named_also_in_an_array_of_unsigned_numbers():
    with pytest.raises(InvalidArgument, match=r"got 9223372036854775808$"):
        Circuit(1, np.zeros((0, 2), dtype=int), np.array([2**63], dtype=np.uint64))


def test_rows_of_a_truth_table_must_have_one_length():
    with pytest.raises(InvalidArgument, match=r"labels must have rows of one length, got \[\[0, 1\], \[1\]\]"):
        from_truth_table([[0, 1], [1]])
