"""Obfuscators: the same function in the room there is; a canonical form that shows nothing else."""

import itertools

import numpy as np
import pytest

from backdoor_game import Canonical, Circuits, Identity, InvalidArgument, Rewriting, streams
from backdoor_game.functions.table import packed_rows
from backdoor_game.kernels.specialising import specialise
from backdoor_game.obfuscators.base import refitted
from backdoor_game.puncturable import prf_circuit
from tests.naive.obfuscation import diagram_size, labels_of, packed, specialised

KEYS = streams.role_keys(2, "obfuscators", "fresh", 0, 64)
SOURCE = Circuits(bits=5, gates=40)
CODES = SOURCE.sample_block(KEYS)
OBFUSCATORS = [Identity(), Rewriting(rounds=1), Rewriting(rounds=7), Canonical()]


def sizes(codes):
    """The number of gates of each code, none of which may follow padding."""
    used = (codes[:, :-1].reshape(len(codes), -1, 2) != 0).any(axis=2)
    assert (used[:, :-1] >= used[:, 1:]).all()
    return used.sum(axis=1)


@pytest.mark.parametrize("obfuscator", OBFUSCATORS, ids=str)
def test_an_obfuscated_circuit_is_a_member_that_computes_the_same_function(obfuscator):
    target = Circuits(bits=5, gates=max(60, obfuscator.gates(5, 40)))
    made = obfuscator.obfuscate_block(target, CODES, KEYS)
    assert target.contains(made).all()
    np.testing.assert_array_equal(packed_rows(target, made), packed_rows(SOURCE, CODES))


@pytest.mark.parametrize("obfuscator", OBFUSCATORS, ids=str)
def test_a_row_depends_on_its_own_circuit_and_coins_alone_and_nothing_given_is_changed(obfuscator):
    target = Circuits(bits=5, gates=80)
    before = CODES.copy()
    whole = obfuscator.obfuscate_block(target, CODES, KEYS)
    np.testing.assert_array_equal(CODES, before)
    for rows in (slice(None, None, -1), slice(3, 4), slice(10, 30)):
        np.testing.assert_array_equal(obfuscator.obfuscate_block(target, CODES[rows], KEYS[rows]), whole[rows])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_canonical_form_of_every_small_function_is_its_own_and_as_small_as_its_diagram(n):
    tables = np.array([packed(labels) for labels in itertools.product((0, 1), repeat=2**n)])
    functions = Circuits(bits=n, gates=Canonical().gates(n, 0))
    codes = Canonical().from_tables(functions, tables)
    np.testing.assert_array_equal(packed_rows(functions, codes), tables)
    assert len(np.unique(codes, axis=0)) == 2**2**n
    nodes = np.array([diagram_size(labels_of(table, 2**n)) for table in tables])
    gates = sizes(codes)
    assert (gates <= 3 * nodes).all()
    assert gates.max() == functions.gates


@pytest.mark.parametrize("n", [4, 6, 7])
def test_the_canonical_form_keeps_within_the_room_that_it_asks_for(n):
    rng = np.random.default_rng(n)
    words = rng.integers(2**64, size=(300, max(1, 2**n // 64)), dtype=np.uint64)
    tables = words & np.uint64(2 ** min(64, 2**n) - 1)
    functions = Circuits(bits=n, gates=Canonical().gates(n, 0))
    codes = Canonical().from_tables(functions, tables)
    np.testing.assert_array_equal(packed_rows(functions, codes), tables)
    for code, table in zip(codes[:20], tables[:20], strict=True):
        assert sizes(code[None])[0] <= 3 * diagram_size(labels_of(table, 2**n))


def test_two_circuits_of_one_function_have_one_canonical_code():
    target = Circuits(bits=5, gates=Canonical().gates(5, 0))
    roomy = Circuits(bits=5, gates=90)
    rewritten = Rewriting(rounds=5).obfuscate_block(roomy, CODES, KEYS)
    assert (rewritten[:, :80] != CODES[:, :80]).any(axis=1).mean() > 0.5
    canonical = [Canonical().obfuscate_block(target, codes, KEYS) for codes in (CODES, rewritten)]
    np.testing.assert_array_equal(*canonical)
    np.testing.assert_array_equal(Canonical().from_tables(target, packed_rows(SOURCE, CODES)), canonical[0])


def test_rewriting_fills_the_room_but_never_leaves_it_and_zero_rounds_change_nothing():
    for gates in (40, 48, 200):
        target = Circuits(bits=5, gates=gates)
        made = Rewriting(rounds=12).obfuscate_block(target, CODES, KEYS)
        np.testing.assert_array_equal(packed_rows(target, made), packed_rows(SOURCE, CODES))
    assert sizes(made).mean() > 2 * sizes(Rewriting(rounds=1).obfuscate_block(target, CODES, KEYS)).mean()
    np.testing.assert_array_equal(Rewriting(rounds=0).obfuscate_block(SOURCE, CODES, KEYS), CODES)


def test_a_specialised_circuit_computes_the_same_with_no_more_gates_than_the_builder_needs():
    circuit, rng = prf_circuit(5, 4), np.random.default_rng(3)
    wires = np.concatenate([rng.integers(2, size=(30, 5)), np.tile(2 * np.arange(1, 5), (30, 1))], axis=1)
    codes = np.zeros((30, 2 * circuit.size + 1), dtype=np.int64)
    made = specialise(circuit.gates.astype(np.int64), int(circuit.outputs[0]), wires, 4, codes)
    rows = np.array(list(itertools.product((0, 1), repeat=4)), dtype=np.uint8)
    np.testing.assert_array_equal(sizes(codes), made)
    for code, row in zip(codes, wires, strict=True):
        expected = specialised(circuit, row.tolist(), 4)
        small = Circuits(bits=4, gates=circuit.size).decode(code)
        np.testing.assert_array_equal(small(rows), expected(rows))
        assert sizes(code[None])[0] <= expected.size
    short = np.zeros((30, 2 * int(made.max()) - 1), dtype=np.int64)
    found = specialise(circuit.gates.astype(np.int64), int(circuit.outputs[0]), wires, 4, short)
    np.testing.assert_array_equal(found == -1, made == made.max())


def test_a_circuit_that_does_not_fit_is_refused():
    with pytest.raises(InvalidArgument, match=r"Circuits\(bits=5, gates=39\) has no room for a circuit of 40 gates"):
        refitted(Circuits(bits=5, gates=39), np.where(CODES == 0, 2, CODES))
    with pytest.raises(InvalidArgument, match=r"gates=.*must be at least 28"):
        Canonical().obfuscate_block(Circuits(bits=5, gates=27), CODES, KEYS)
    with pytest.raises(InvalidArgument, match="must be between 1 and 12, got 13"):
        Canonical().gates(13, 5)
