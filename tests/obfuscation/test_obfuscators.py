"""Obfuscators: the same function in the room there is; a canonical form that shows nothing else."""

import itertools

import numpy as np
import pytest

from backdoor_game import Canonical, Circuits, Identity, InvalidArgument, PuncturedPRFAttacker, Rewriting
from backdoor_game.circuits.obfuscators import canonical
from backdoor_game.circuits.obfuscators.base import refitted
from backdoor_game.circuits.puncturable import prf_circuit
from backdoor_game.functions.table import packed_rows
from backdoor_game.ground import streams
from backdoor_game.kernels.circuits.specialising import specialise
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


def test_every_code_keeps_its_function_where_the_output_reads_a_gate_that_reads_zeros():
    """All codes of one gate on two bits, and drawn ones of two, padded or not: as many as end in gates (0, 0)."""
    one, two = Circuits(bits=2, gates=1), Circuits(bits=2, gates=2)
    drawn = two.sample_block(streams.role_keys(3, "codes", "fresh", 0, 3000))
    drawn[::3, 2:4] = 0
    for source, codes in ((one, one.enumerate()), (two, drawn)):
        keys = streams.role_keys(4, "rewriting", "fresh", 0, len(codes))
        for target in (source, Circuits(bits=2, gates=source.gates + 3)):
            for obfuscator in (Identity(), *(Rewriting(rounds=rounds) for rounds in (0, 1, 2, 5))):
                made = obfuscator.obfuscate_block(target, codes, keys)
                assert target.contains(made).all()
                np.testing.assert_array_equal(packed_rows(target, made), packed_rows(source, codes))


@pytest.mark.parametrize("obfuscator", [Identity(), Rewriting(rounds=0), Rewriting(rounds=3)], ids=str)
def test_a_circuit_whose_output_is_a_lost_gate_of_zeros_is_refused(obfuscator):
    read, keys = np.array([[4, 2, 0, 0, 0, 0, 11]]), np.zeros(1, np.uint64)
    assert Circuits(bits=2, gates=3).contains(read).all()
    with pytest.raises(InvalidArgument, match=r"^Circuits\(bits=2, gates=1\) has no room for a circuit of 3 gates$"):
        obfuscator.obfuscate_block(Circuits(bits=2, gates=1), read, keys)
    for wrong in ([4, 2, 0, 0, 0, 0, -1], [6, 2, 0, 0, 0, 0, 6], [-2, 2, 0, 0, 0, 0, 6]):
        with pytest.raises(InvalidArgument, match=r"^the circuit in row 0 is no member of Circuits\(bits=2, gates=4\)"):
            obfuscator.obfuscate_block(Circuits(bits=2, gates=4), np.array([wrong]), keys)


def test_what_comes_out_keeps_to_the_depth_of_its_class():
    shallow = Circuits(bits=5, gates=40, depth=3)
    codes = shallow.sample_block(KEYS)
    made = Rewriting(rounds=9).obfuscate_block(shallow, codes, KEYS)
    assert shallow.contains(made).all()
    assert (made != codes).any()
    np.testing.assert_array_equal(packed_rows(shallow, made), packed_rows(shallow, codes))
    with pytest.raises(InvalidArgument, match="is no member of"):
        Identity().obfuscate_block(Circuits(bits=5, gates=40, depth=2), codes, KEYS)
    with pytest.raises(InvalidArgument, match="is no member of"):
        Canonical().obfuscate_block(Circuits(bits=5, gates=60, depth=2), CODES, KEYS)


X0, X1, X2, G0, G1, G2 = 2, 4, 6, 10, 12, 14  # literals over four bits


@pytest.mark.parametrize(
    ("gates", "code", "chances"),
    [
        # Gate 0 is left alone with probability 15/16: only its lengthening, 1/16, needs no gate below.
        (
            60,
            [X1, X0, G0, X2, G1],
            {(X1, X0, G0, X2, G1): 15 / 16 * 13 / 16, (X2, X1, G0, X0, G1): 15 / 256, (X2, X0, G0, X1, G1): 15 / 256},
        ),
        (60, [X1, X0, G0 + 1, X2, G1], {(X2, X1 + 1, X2, X0 + 1, G1 + 1, G0 + 1, G2 + 1): 15 / 16 / 8}),
        # Both the distribution, 1/8, and the shortening, 1/16, leave x1 not x0.
        (60, [X1, X0, G0 + 1, X1, G1], {(X1, X0 + 1, G0): 15 / 16 * 3 / 16}),
        # Two of three gates in use: a rule is tried two times in three, and two lengthenings are undone.
        (3, [X1, X0, G0, X2, G1], {(X1, X0, G0, X2, G1): 23 / 24 * 7 / 8 + 1 / 576}),
    ],
)
def test_rules_are_tried_as_often_as_is_said(gates, code, chances):
    rows, functions = 20_000, Circuits(bits=4, gates=gates)
    padded = np.zeros((rows, functions.code_length), dtype=np.int64)
    padded[:, : len(code) - 1], padded[:, -1] = code[:-1], code[-1]
    made = Rewriting(rounds=1).obfuscate_block(functions, padded, streams.role_keys(5, "rules", "fresh", 0, rows))
    for result, chance in chances.items():
        wanted = np.zeros(functions.code_length, dtype=np.int64)
        wanted[: len(result) - 1], wanted[-1] = result[:-1], result[-1]
        found = (made == wanted).all(axis=1).mean()
        assert abs(found - chance) < 5 * np.sqrt(chance * (1 - chance) / rows)


def test_the_costliest_nodes_over_two_inputs_are_as_listed():
    """A node is a function that depends on the second input, complements counted once; its cost is its own gates."""
    functions = Circuits(bits=2, gates=4)
    tables = [t for t in range(0, 16, 2) if (t & 3) != t >> 2]  # f(0, 0) = 0, and the halves differ
    costs = sorted(sizes(Canonical().from_tables(functions, np.array([[t] for t in tables], np.uint64))), reverse=True)
    assert [int(sum(costs[:count])) for count in range(len(tables) + 1)] == list(canonical.PAIRS)


def test_what_is_no_obfuscator_is_refused_in_good_english():
    with pytest.raises(InvalidArgument, match=r"^PuncturedPRFAttacker\.obfuscator must be an Obfuscator, got 3$"):
        PuncturedPRFAttacker(obfuscator=3)
