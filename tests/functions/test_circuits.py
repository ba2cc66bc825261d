"""Circuits as a function class: codes and circuits, bounded depth, moves, counts, and a game solved on them."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest
from scipy import stats

from backdoor_game import (
    AlwaysClean,
    Attacker,
    BackdoorGame,
    BoltzmannResampling,
    CircuitBuilder,
    Circuits,
    Explicit,
    InvalidArgument,
    NearestLegal,
    OptimalAttacker,
    OptimalDefender,
    ProductBits,
    RandomLegal,
    Uniform,
    equivalent,
    estimate,
    exact_win_rate,
    solve,
)
from tests.circuits.random_circuits import by_hand, random_circuit, vectors
from tests.functions.examples import fixed_keys
from tests.naive.classes import computed

LEVEL = 1e-4


def height(code, bits, literal):
    """The level of a wire by its definition."""
    gate = (literal >> 1) - bits - 1
    return 0 if gate < 0 else 1 + max(height(code, bits, code[2 * gate]), height(code, bits, code[2 * gate + 1]))


def is_flat(code, bits, depth):
    """Whether no gate of the code stands higher than that."""
    gates = range(len(code) // 2)
    return all(height(code, bits, 2 * (bits + 1 + gate)) <= depth for gate in gates)


def test_a_circuit_comes_back_from_its_code_and_computes_the_same():
    rng, F = np.random.default_rng(0), Circuits(bits=4, gates=9)
    for _ in range(50):
        circuit = random_circuit(rng, 4, int(rng.integers(10)), 3)
        for output in range(3):
            code = F.encode(circuit, output)
            assert F.contains(code[None])[0]
            assert F.decode(code).gates[: circuit.size].tolist() == circuit.gates.tolist()
            labels = F.function(code)(vectors(4))
            assert labels.tolist() == [by_hand(circuit, row)[output] for row in vectors(4).tolist()]


def test_a_circuit_too_large_is_trimmed_to_the_gates_that_its_output_reads():
    build = CircuitBuilder(8)
    *_, last = build.multiply(build.inputs[:4], build.inputs[4:])
    circuit = build.circuit([build.and_(*build.inputs[:2]), last])
    F = Circuits(bits=8, gates=1)
    assert F.encode(circuit).tolist() == [4, 2, 18]
    with pytest.raises(InvalidArgument, match=r"circuit must fit Circuits\(bits=8, gates=1\), got Circuit\(8 inputs"):
        F.encode(circuit, 1)
    with pytest.raises(InvalidArgument, match="circuit must fit"):
        Circuits(bits=7, gates=999).encode(circuit)
    with pytest.raises(InvalidArgument, match="circuit must fit"):
        Circuits(bits=8, gates=999, depth=3).encode(circuit, 1)
    assert equivalent(Circuits(8, 999).decode(Circuits(8, 999).encode(circuit)), build.circuit(circuit.outputs[:1]))


@pytest.mark.parametrize(("outputs", "output"), [([], 0), ([2], 1), ([2], -1)])
def test_an_output_that_a_circuit_has_not_is_refused(outputs, output):
    with pytest.raises(InvalidArgument, match=rf"output must be the place of one of the outputs .*, got {output}$"):
        Circuits(bits=2, gates=1).encode(CircuitBuilder(2).circuit(outputs), output)


@pytest.mark.parametrize(("place", "end"), [(0, 8), (1, 8), (2, 10), (3, 10), (4, 12)])
def test_a_literal_may_name_any_wire_before_its_gate_and_none_after(place, end):
    F = Circuits(bits=3, gates=2)
    codes = np.zeros((end + 4, 5), dtype=np.int64)
    codes[:, place] = np.arange(-2, end + 2)
    assert F.contains(codes).tolist() == [0 <= literal < end for literal in range(-2, end + 2)]
    far = np.array([[2**62, 0, 0, 0, 0], [0, 0, 0, 0, -(2**63)]], dtype=np.int64)
    assert not F.contains(far).any()
    assert not Circuits(bits=3, gates=2, depth=1).contains(far).any()


@pytest.mark.parametrize(("depth", "count"), [(1, 4**6 * 10), (2, 16 * (16 * 64 + 20 * 36) * 10)])
def test_members_of_bounded_depth_are_the_codes_whose_every_gate_stands_low_enough(depth, count):
    """On one bit with three gates: under depth 2 the third reads the second where that is one of 16 on level 1."""
    free, flat = Circuits(bits=1, gates=3), Circuits(bits=1, gates=3, depth=depth)
    codes = free.enumerate()
    held = flat.contains(codes)
    assert held[::97].tolist() == [is_flat(code, 1, depth) for code in codes[::97].tolist()]
    assert flat.count() == count == held.sum()
    np.testing.assert_array_equal(flat.enumerate(), codes[held])
    assert not flat.samples_uniformly


def test_a_depth_that_forbids_nothing_changes_nothing():
    free, deep = Circuits(bits=2, gates=2), Circuits(bits=2, gates=2, depth=2)
    np.testing.assert_array_equal(free.enumerate(), deep.enumerate())
    np.testing.assert_array_equal(free.sample_block(fixed_keys(9)), deep.sample_block(fixed_keys(9)))
    assert deep.samples_uniformly


def test_random_codes_keep_the_depth_and_each_literal_is_uniform_among_those_that_do():
    """Chi-squared tests at level 1e-4: the first gate reads any of 6 literals, and with depth 1 so do all others."""
    F = Circuits(bits=2, gates=4, depth=1)
    codes = F.sample_block(fixed_keys(6000))
    assert F.contains(codes).all()
    for place in range(8):
        assert stats.chisquare(np.bincount(codes[:, place], minlength=6)).pvalue > LEVEL
    assert stats.chisquare(np.bincount(codes[:, 8], minlength=14)).pvalue > LEVEL
    G = Circuits(bits=2, gates=3, depth=2)
    codes = G.sample_block(fixed_keys(6000))
    assert G.contains(codes).all()
    low = np.array([height(code, 2, 8) < 2 for code in codes.tolist()])  # gate 2 may then be read
    assert 0.1 < low.mean() < 0.9
    assert stats.chisquare(np.bincount(codes[low][:, 4], minlength=10)).pvalue > LEVEL
    assert stats.chisquare(np.bincount(codes[~low][:, 4], minlength=8)).pvalue > LEVEL


def test_a_large_code_of_bounded_depth_is_drawn_within_it():
    F = Circuits(bits=12, gates=200, depth=3)
    codes = F.sample_block(fixed_keys(60))
    assert all(is_flat(code, 12, 3) for code in codes[:5].tolist())
    assert F.contains(codes).all()
    assert Circuits(bits=12, gates=200, depth=2).contains(codes).sum() == 0


@pytest.mark.parametrize("F", [Circuits(bits=3, gates=6), Circuits(bits=3, gates=6, depth=2)], ids=str)
def test_a_move_changes_one_literal_at_most_and_keeps_the_depth(F):
    codes = F.sample_block(fixed_keys(4000))
    moved = F.move_block(codes, fixed_keys(4000, 9))
    assert F.contains(moved).all()
    changed = codes != moved
    assert (changed.sum(axis=1) <= 1).all()
    if F.depth is None:
        assert (changed.sum(axis=1) == 1).all()
    interval = stats.binomtest(int(changed[:, -1].sum()), 4000).proportion_ci(1 - LEVEL)
    assert interval.low <= 1 / 8 <= interval.high
    assert (changed[:, :-1].sum(axis=0) > 4000 / 60).all()
    rows, places = np.nonzero(changed)
    flipped = (codes[rows, places] ^ 1) == moved[rows, places]
    assert flipped.mean() > 0.5


def test_a_move_and_its_reverse_are_equally_likely():
    """All moves between the 96 codes of one gate on one bit: a binomial test for each pair, 1e-4 over all of them."""
    F = Circuits(bits=1, gates=1)
    codes = F.enumerate()
    number = {tuple(code): i for i, code in enumerate(codes.tolist())}
    counts = np.zeros((96, 96), dtype=np.int64)
    for i, code in enumerate(codes):
        moved, ratio = F.proposal_block(np.repeat(code[None], 3000, axis=0), fixed_keys(3000, i))
        assert not ratio.any()
        np.add.at(counts[i], [number[tuple(row)] for row in moved.tolist()], 1)
    pairs = [(i, j) for i, j in itertools.combinations(range(96), 2) if counts[i, j] + counts[j, i]]
    least = min(stats.binomtest(int(counts[i, j]), int(counts[i, j] + counts[j, i])).pvalue for i, j in pairs)
    assert len(pairs) == 96 * (3 + 3 + 5) / 2
    assert least > LEVEL / len(pairs)


@pytest.mark.parametrize(("bits", "gates"), [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (3, 1)])
def test_what_the_codes_compute_is_what_so_many_gates_can(bits, gates):
    F = Circuits(bits, gates)
    codes = F.enumerate()
    assert (
        len(codes)
        == F.count()
        == math.prod(end for i in range(gates) for end in [2 * (bits + 1 + i)] * 2) * 2 * (bits + gates + 1)
    )
    labels = F.evaluate(codes, np.broadcast_to(vectors(bits), (len(codes), 2**bits, bits)))
    assert set(map(tuple, labels.tolist())) == computed(bits, gates)


@pytest.mark.parametrize(("bits", "gates"), [(5, 0), (9, 3), (20, 40), (64, 1000)])
def test_the_bound_on_the_vc_dimension_is_the_logarithm_of_the_number_of_codes(bits, gates):
    wires = 2 * (bits + gates + 1)
    exact = math.prod((2 * (bits + 1 + i)) ** 2 for i in range(gates)) * wires
    bound = Circuits(bits, gates).vc_upper_bound
    assert bound == min(exact.bit_length() - 1, 2**bits)
    assert bound <= (2 * gates + 1) * math.log2(wires)


def test_a_class_too_large_to_list_has_no_count_and_says_so():
    for F in (Circuits(bits=3, gates=4), Circuits(bits=4096, gates=10**6), Circuits(bits=3, gates=50, depth=2)):
        assert F.count() is None
        with pytest.raises(InvalidArgument, match="more than 1048576 members"):
            F.enumerate()


@pytest.mark.parametrize("sizes", [(0, 1), (4097, 1), (2, -1), (2, 10**6 + 1), (2, 2, 0)])
def test_sizes_out_of_range_are_refused(sizes):
    with pytest.raises(InvalidArgument, match="must be"):
        Circuits(*sizes)


def test_a_game_on_circuits_has_the_value_of_the_same_functions_listed_once():
    table = ["".join(map(str, row)) for row in sorted(computed(2, 1))]
    for epsilon in ("1/4", "1/2"):
        listed = solve(BackdoorGame(Explicit(table), epsilon, Uniform())).value
        assert solve(BackdoorGame(Circuits(bits=2, gates=1), epsilon, Uniform())).value == pytest.approx(
            listed, abs=1e-5
        )


@dataclasses.dataclass(frozen=True)
class OneMove(Attacker):
    """Plants the first of some moves from f that is legal."""

    tries: int = 30

    def plant(self, view, rng):
        F = view.game.functions
        for key in rng.integers(2**63, size=self.tries, dtype=np.uint64):
            g = F.function(F.move_block(view.f.code[None], np.array([key]))[0])
            if view.legal(g):
                return g
        return None


def test_an_attacker_in_ten_lines_plays_on_circuits_and_its_plants_are_found_legal():
    """Against a defender that never flags, the rounds it loses are those that were planted."""
    game = BackdoorGame(Circuits(bits=4, gates=6, depth=3), "1/4", Uniform())
    found = estimate(game, OneMove(), AlwaysClean(), rounds=100, seed=3)
    assert 0 < found.forfeits < 100
    assert (found.illegal, found.undecided, found.false_alarms) == (0, 0, 0)
    assert found.detections == found.forfeits


@pytest.mark.parametrize("attacker", [NearestLegal(), RandomLegal(), OptimalAttacker()], ids=str)
@pytest.mark.parametrize("defender", [BoltzmannResampling(), OptimalDefender()], ids=str)
def test_simulated_and_enumerated_play_agree_though_codes_repeat_functions(attacker, defender):
    """At level .999 for each of six pairs."""
    game = BackdoorGame(Circuits(bits=2, gates=1), "1/4", ProductBits((0.2, 0.4)))
    found = estimate(game, attacker, defender, rounds=4096, seed=5, level=0.999)
    assert found.low <= exact_win_rate(game, attacker, defender) <= found.high
    assert found.high - found.low < 0.08
