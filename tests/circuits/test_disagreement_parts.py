"""Shares of mass put together from many parts: weights of 22 bits, draws block by block, ranges of words."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from backdoor_game import Atoms, CircuitBuilder, InvalidArgument, ProductBits, disagreement
from backdoor_game.circuits.graphs import differing, simulating

EIGHT = [[int(bit) for bit in f"{i:03b}"] for i in range(8)]
CORNERS = Atoms(EIGHT, (0.5, 0.0625, 0.0625, 0.125, 0.0625, 0.0625, 0.0625, 0.0625))


def literals(seed):
    """22 inputs or complements, and the chance of each to be 1, in thousandths as floats are."""
    rng = np.random.default_rng(seed)
    p = (rng.integers(50, 950, size=22) / 1000).tolist()
    flips = rng.integers(2, size=22).tolist()
    return p, flips, [1 - Fraction(q) if flip else Fraction(q) for q, flip in zip(p, flips, strict=True)]


@pytest.mark.parametrize("seed", range(8))
def test_all_of_22_literals_are_1_with_the_product_of_their_chances(seed):
    p, flips, chances = literals(seed)
    build = CircuitBuilder(22)
    f = build.circuit([build.all_(wire ^ flip for wire, flip in zip(build.inputs, flips, strict=True))])
    found = disagreement(f, build.circuit([0]), ProductBits(tuple(p)), seed=0)
    assert found.exact
    assert found.value == pytest.approx(float(math.prod(chances)), rel=1e-13, abs=0)


def test_some_of_22_literals_are_1_but_for_the_product_of_the_others_chances():
    p, flips, chances = literals(9)
    build = CircuitBuilder(22)
    f = build.circuit([build.any_(wire ^ flip for wire, flip in zip(build.inputs, flips, strict=True))])
    found = disagreement(f, build.circuit([0]), ProductBits(tuple(p)), seed=0)
    assert found.value == pytest.approx(float(1 - math.prod(1 - chance for chance in chances)), rel=1e-13, abs=0)


def ones_and_zero():
    build = CircuitBuilder(3)
    return build.circuit([build.all_(build.inputs)]), build.circuit([0])


def test_draws_block_by_block_are_the_draws_of_one_block_and_another_seed_s_are_others(monkeypatch):
    """Blocks of 33 of 1000 draws of which one in 16 counts: the same 33 again and again would give another number."""
    one = [disagreement(*ones_and_zero(), CORNERS, draws=1000, seed=seed) for seed in range(6)]
    told = []
    monkeypatch.setattr(differing, "BYTES_AT_ONCE", 100)
    parts = [
        disagreement(*ones_and_zero(), CORNERS, draws=1000, seed=seed, progress=lambda done, total: told.append(done))
        for seed in range(6)
    ]
    assert parts == one
    assert told[:3] == [33, 66, 99]
    assert len({found.value for found in one}) > 2


def test_ranges_of_very_many_words_are_cut_one_at_a_time():
    program = ones_and_zero()[0].program
    parts = simulating.ranges(program, 2**46)
    first, second = next(parts), next(parts)
    assert (first.start, second.start) == (0, first.stop)
    assert len(first) == len(second) == simulating.range_size(program, 2**46)


@pytest.mark.parametrize("threads", [1, 3])
def test_work_begins_before_all_ranges_are_cut(monkeypatch, threads):
    def few(program, words):
        yield from (range(i, i + 1) for i in range(50))
        raise AssertionError("nobody has asked for so many yet")

    monkeypatch.setattr(simulating, "thread_count", lambda: threads)
    monkeypatch.setattr(simulating, "ranges", few)
    found = simulating.spread(lambda values, first, last: first, ones_and_zero()[0].program, 2**46)
    assert [next(found) for _ in range(20)] == list(range(20))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5,), "f_star must be a Circuit such as read_aiger.*, got 5"),
        ((ones_and_zero()[1], 7), r"distribution must be a Distribution such as Uniform\(\), got 7"),
    ],
)
def test_what_is_no_circuit_or_no_distribution_is_refused(arguments, message):
    with pytest.raises(InvalidArgument, match=message):
        disagreement(ones_and_zero()[0], *arguments, seed=0)
