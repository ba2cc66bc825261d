"""Circuits written in Python compute what arithmetic and logic say, and equal gates are built once."""

from __future__ import annotations

import doctest
import itertools

import numpy as np
import pytest

from backdoor_game import CircuitBuilder, InvalidArgument
from backdoor_game.circuits.graphs import builder
from tests.circuits.random_circuits import random_circuit, truth, vectors


def number(bits) -> int:
    return sum(int(bit) << i for i, bit in enumerate(bits))


def test_the_documented_example_is_right():
    found = doctest.testmod(builder)
    assert found.attempted == 6
    assert found.failed == 0


@pytest.mark.parametrize(
    ("name", "wires", "meaning"),
    [
        ("not_", 1, lambda a: 1 - a),
        ("and_", 2, lambda a, b: a & b),
        ("or_", 2, lambda a, b: a | b),
        ("xor", 2, lambda a, b: a ^ b),
        ("xnor", 2, lambda a, b: int(a == b)),
        ("mux", 3, lambda choose, one, zero: one if choose else zero),
    ],
)
def test_an_operator_on_any_inputs_complements_and_constants_is_its_definition(name, wires, meaning):
    build = CircuitBuilder(2)
    literals = range(6)  # constants, both inputs, their complements
    chosen = list(itertools.product(literals, repeat=wires))
    circuit = build.circuit([getattr(build, name)(*choice) for choice in chosen])
    for x, row in zip(vectors(2).tolist(), truth(circuit), strict=True):
        values = [0, 1, x[0], 1 - x[0], x[1], 1 - x[1]]
        assert row == tuple(meaning(*(values[literal] for literal in choice)) for choice in chosen)


@pytest.mark.parametrize("count", range(8))
def test_and_or_and_parity_of_many_wires_are_all_any_and_the_sum_in_little_depth(count):
    build = CircuitBuilder(count)
    joins = (build.all_, build.any_, build.parity)
    circuits = [build.circuit([join(build.inputs)]) for join in joins]
    for circuit, meaning in zip(circuits, (all, any, lambda row: sum(row) % 2), strict=True):
        assert [row[0] for row in truth(circuit)] == [int(meaning(row)) for row in vectors(count).tolist()]
    assert circuits[0].depth == max(0, count - 1).bit_length()


@pytest.mark.parametrize(("left", "right"), [(0, 0), (0, 2), (1, 1), (3, 3), (4, 2), (2, 4)])
def test_arithmetic_on_words_is_arithmetic_on_numbers(left, right):
    build = CircuitBuilder(left + right)
    x, y = build.inputs[:left], build.inputs[left:]
    words = [build.add(x, y), build.subtract(x, y), build.multiply(x, y), [build.equal(x, y)], [build.less(x, y)]]
    words += [build.add(x, y, 1), build.choose(build.less(x, y), x, y)]
    width, ends = max(left, right), np.cumsum([len(word) for word in words])
    circuit = build.circuit(itertools.chain(*words))
    for bits, row in zip(vectors(left + right).tolist(), truth(circuit), strict=True):
        a, b = number(bits[:left]), number(bits[left:])
        found = [number(part) for part in np.split(np.array(row, dtype=int), ends[:-1])]
        difference = (a - b) % 2**width + (2**width if a < b else 0)
        assert found == [a + b, difference, a * b, int(a == b), int(a < b), a + b + 1, min(a, b)]
    assert [len(word) for word in words[:3]] == [width + 1, width + 1, left + right]


@pytest.mark.parametrize("value", range(8))
def test_a_constant_is_its_binary_digits(value):
    assert number(CircuitBuilder(0).constant(value, 3)) == value


@pytest.mark.parametrize("wires", range(6))
def test_a_lookup_says_what_the_table_says_of_the_number_on_its_wires(wires):
    rng = np.random.default_rng(wires)
    tables = rng.integers(2, size=(3, 2**wires))
    build = CircuitBuilder(wires)
    circuit = build.circuit(build.lookup(build.inputs, tables))
    assert truth(circuit) == list(map(tuple, tables.T.tolist()))


def test_a_lookup_on_derived_wires_reads_their_values():
    build = CircuitBuilder(4)
    total = build.add(build.inputs[:2], build.inputs[2:])
    circuit = build.circuit(build.lookup(total, [int(k in (2, 3, 5)) for k in range(8)]))
    expected = [int(number(x[:2]) + number(x[2:]) in (2, 3, 5)) for x in vectors(4).tolist()]
    assert [row[0] for row in truth(circuit)] == expected


def test_an_included_circuit_computes_the_same_on_the_wires_it_is_put_onto():
    rng = np.random.default_rng(1)
    for _ in range(30):
        inner = random_circuit(rng, 3, 6, 2)
        build = CircuitBuilder(3)
        a, b, c = build.inputs
        circuit = build.circuit(build.include(inner, [build.xor(a, b), c ^ 1, 1]))
        rows = dict(zip(map(tuple, vectors(3).tolist()), truth(inner), strict=True))
        assert truth(circuit) == [rows[x[0] ^ x[1], 1 - x[2], 1] for x in vectors(3).tolist()]


def test_the_same_gate_is_built_once_whatever_the_order_of_its_wires():
    build = CircuitBuilder(3)
    a, b, c = build.inputs
    first = build.and_(build.and_(a, b), c ^ 1)
    assert build.and_(c ^ 1, build.and_(b, a)) == first
    assert build.xor(a, b) == build.xor(b, a) == build.xor(a ^ 1, b ^ 1) == build.xor(a ^ 1, b) ^ 1
    assert build.mux(a ^ 1, b, c) == build.mux(a, c, b)
    assert build.mux(a, b ^ 1, c ^ 1) == build.mux(a, b, c) ^ 1
    # ab, its and with not c; neither, the exclusive or; ac, b alone, their or; c without a, the or with ab
    assert build.circuit([first]).size == 2 + 2 + 3 + 2


def test_constants_and_repeated_wires_need_no_gate():
    build = CircuitBuilder(1)
    (a,) = build.inputs
    found = [build.and_(a, a), build.and_(a, a ^ 1), build.and_(a, 1), build.and_(0, a), build.xor(a, a)]
    found += [build.or_(a, 1), build.mux(a, 1, 0), build.mux(1, a, 0), build.mux(a, 0, 1), build.xor(a, 1)]
    assert found == [a, 0, a, 0, 0, 1, a, a, a ^ 1, a ^ 1]
    assert build.circuit(found).size == 0


def test_a_full_adder_takes_no_more_gates_than_two_exclusive_ors_and_three_more():
    build = CircuitBuilder(16)
    assert build.circuit(build.add(build.inputs[:8], build.inputs[8:])).size <= 8 * (2 * 3 + 3)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda build: CircuitBuilder(-1),
        lambda build: CircuitBuilder(1.5),
        lambda build: build.constant(4, 2),
        lambda build: build.lookup(build.inputs, [0, 1]),
        lambda build: build.lookup(build.inputs, [0, 1, 2, 0]),
        lambda build: build.include(CircuitBuilder(3).circuit([0]), build.inputs),
        lambda build: build.circuit([99]),
        lambda build: build.circuit([-1]),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(wrong):
    with pytest.raises(InvalidArgument, match="must") as caught:
        wrong(CircuitBuilder(2))
    assert "\n" not in str(caught.value)
