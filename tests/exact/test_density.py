"""The density formula at epsilon = 1/N: against the solver on every class of four points, and listed fractions."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    Explicit,
    Intervals,
    InvalidArgument,
    MissingCapability,
    Parities,
    RandomOracle,
    Singletons,
    Thresholds,
    Uniform,
    UnitCube,
    one_inclusion_density,
    solve,
)
from backdoor_game.exact import density

# The least value over classes of VC dimension d on N points: "at most d ones" has it [THEORY, Theorem A].
LISTED = {(1, 6): "6/7", (2, 5): "11/16", (2, 6): "8/11", (3, 6): "13/21", (2, 8): "29/37", (3, 7): "21/32"}


def at_most(d, points):
    return Explicit([[f >> x & 1 for x in range(points)] for f in range(2**points) if f.bit_count() <= d])


def renamed(codes, move):
    """Classes on four points as 16-bit numbers, with every labeling f sent to move(f)."""
    return sum((codes >> f & 1) << move(f) for f in range(16))


def classes_on_four_points():
    """One class of each kind: non-empty sets of labelings, up to permutations of points and XOR with a labeling."""
    codes = np.arange(2**16)
    moves = [lambda f: f ^ 1]
    moves += [lambda f, i=i: f & ~(3 << i) | (f >> i & 1) << i + 1 | (f >> i + 1 & 1) << i for i in range(3)]
    ends = np.concatenate([renamed(codes, move) for move in moves])
    graph = coo_array((np.ones(len(ends)), (np.tile(codes, len(moves)), ends)), shape=(2**16, 2**16))
    _, kind = connected_components(graph, directed=False)
    return [int(code) for code in np.unique(kind, return_index=True)[1] if code]


def rows(code):
    return [[f >> x & 1 for x in range(4)] for f in range(16) if code >> f & 1]


@pytest.fixture(scope="module")
def kinds():
    return classes_on_four_points()


def test_there_are_401_classes_on_four_points(kinds):
    """Sets of labelings are Boolean functions of 4 variables: 402 kinds under permuting and negating inputs, OEIS
    A000616, of which one is empty."""
    assert len(kinds) == 401


def test_the_formula_is_the_exact_value_of_every_class_on_four_points(kinds):
    """And the densest part is a part that has as many edges inside as the density says."""
    mismatches = []
    for code in kinds:
        functions = Explicit(rows(code))
        found = one_inclusion_density(functions)
        if str(found.value) != solve(BackdoorGame(functions, "1/4", Uniform()), exact=True).fraction:
            mismatches.append(rows(code))
        assert inside(found.densest) == found.density * len(found.densest)
        assert set(found.densest) <= {"".join(map(str, row)) for row in rows(code)}
    assert mismatches == []


def inside(labelings):
    """Edges of the one-inclusion graph, from its definition."""
    return sum(sum(a != b for a, b in zip(f, g, strict=True)) == 1 for f, g in combinations(labelings, 2))


def test_some_classes_have_a_densest_part_that_is_not_all_of_them(kinds):
    parts = [one_inclusion_density(Explicit(rows(code))) for code in kinds]
    assert sum(len(part.densest) < part.functions for part in parts) > 50


@pytest.mark.parametrize(("d", "points"), LISTED)
def test_the_six_fractions_by_formula_and_by_linear_program(d, points):
    functions = at_most(d, points)
    found = one_inclusion_density(functions)
    assert str(found.value) == LISTED[d, points]
    assert solve(BackdoorGame(functions, f"1/{points}", Uniform()), exact=True).fraction == LISTED[d, points]
    # 1/N <= epsilon < 2/N changes nothing, 2/N does.
    assert solve(BackdoorGame(functions, f"19/{10 * points}", Uniform()), exact=True).fraction == LISTED[d, points]
    assert solve(BackdoorGame(functions, f"2/{points}", Uniform()), exact=True).fraction != LISTED[d, points]


def test_named_classes_have_the_values_of_their_derivations():
    assert one_inclusion_density(Thresholds(points=10)).value == Fraction(10, 11)
    assert one_inclusion_density(Singletons(points=16)).value == Fraction(16, 17)
    assert one_inclusion_density(AllFunctions(points=5)).density == Fraction(5, 2)
    assert one_inclusion_density(Parities(bits=4)).value == 1
    assert one_inclusion_density(Intervals(points=8)).value == Fraction(29, 37)


def test_copies_of_a_function_count_once():
    found = one_inclusion_density(Explicit(["00", "01", "01", "01"]))
    assert (found.functions, found.edges, found.density) == (2, 1, Fraction(1, 2))


def test_the_result_is_plain_text():
    assert one_inclusion_density(Singletons(points=2)).to_dict() == {
        "density": "2/3", "value": "2/3", "points": 2, "functions": 3, "edges": 2, "densest": ["00", "01", "10"],
        "sources": {},
    }  # fmt: skip


def test_what_has_no_table_or_is_too_large_is_refused(monkeypatch):
    with pytest.raises(InvalidArgument, match="functions must be a FunctionClass"):
        one_inclusion_density(Uniform())
    with pytest.raises((MissingCapability, InvalidArgument)):
        one_inclusion_density(RandomOracle(key_bits=40, bits=10))
    with pytest.raises(InvalidArgument, match=r"functions must be a FunctionClass"):
        one_inclusion_density(UnitCube())
    monkeypatch.setattr(density, "LARGEST_FLOW", 41)
    with pytest.raises(InvalidArgument, match="7 different functions with 6 one-inclusion edges"):
        one_inclusion_density(Singletons(points=6))
