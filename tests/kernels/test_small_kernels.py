"""The kernels that label points and compare rows, against twins that say what they mean."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backdoor_game.kernels import boundaries as halfspaces
from backdoor_game.kernels import boundaries as runs
from backdoor_game.kernels import boundaries as sides
from backdoor_game.kernels import enumeration, parities, tables
from backdoor_game.kernels.packing import pack_rows
from tests.naive import parities as naive_parities
from tests.naive import tables as naive


@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_parity_counts_the_boundaries_that_a_point_has_reached(dtype):
    rng = np.random.default_rng(0)
    codes, x = rng.integers(9, size=(20, 4)).astype(dtype), rng.integers(9, size=(20, 6)).astype(dtype)
    if dtype is np.float64:
        codes[::3, 3], codes[1::3, 0] = np.inf, -np.inf
    expected = [[naive.parity(code, value) for value in row] for code, row in zip(codes, x, strict=True)]
    assert runs.parity(codes, x).tolist() == expected


def test_gather_reads_each_rows_own_code():
    rng = np.random.default_rng(1)
    codes, places = rng.integers(2, size=(15, 7), dtype=np.uint8), rng.integers(7, size=(15, 5))
    expected = [[code[place] for place in row] for code, row in zip(codes.tolist(), places.tolist(), strict=True)]
    assert tables.gather(codes, places).tolist() == expected


def test_rows_are_at_most_a_bound_when_their_largest_entry_is():
    codes = np.array([[0, 1, 1], [0, 2, 0], [2, 0, 0], [0, 0, 255], [0, 0, 0]], dtype=np.uint8)
    assert tables.all_at_most(codes, np.uint8(1)).tolist() == [True, False, False, False, True]


def test_differences_are_counted_place_by_place():
    rng = np.random.default_rng(2)
    f, g = rng.integers(2, size=(2, 30, 11), dtype=np.uint8)
    assert tables.count_differences(f, g).tolist() == [naive.differences(a, b) for a, b in zip(f, g, strict=True)]


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float64])
def test_a_point_is_inside_when_every_coordinate_is(dtype):
    rng = np.random.default_rng(3)
    low, high = rng.integers(4, size=(2, 40, 2)).astype(dtype)
    X = rng.integers(4, size=(40, 8, 2)).astype(dtype)
    expected = [[naive.in_box(a, b, x) for x in row] for a, b, row in zip(low, high, X, strict=True)]
    assert sides.inside(low, high, X).tolist() == expected
    assert {0, 1} == set(itertools.chain(*expected))


def test_products_are_parities_of_shared_bits():
    rng = np.random.default_rng(4)
    codes, X = rng.integers(2, size=(10, 9), dtype=np.uint8), rng.integers(2, size=(10, 6, 9), dtype=np.uint8)
    expected = [[naive.inner_product(s, x) for x in row] for s, row in zip(codes, X, strict=True)]
    assert parities.products(codes, X).tolist() == expected


@pytest.mark.parametrize(("n", "m"), [(1, 0), (1, 3), (5, 3), (5, 9), (64, 40), (70, 75)])
def test_elimination_solves_the_equations_as_its_twin_does(n, m):
    rng = np.random.default_rng(n + m)
    X, s = rng.integers(2, size=(4, m, n), dtype=np.uint8), rng.integers(2, size=(4, n), dtype=np.uint8)
    X[:, m // 2 :] &= X[:, : m - m // 2]
    y = (X.astype(int) * s[:, None]).sum(axis=2).astype(np.uint8) % 2
    packed = pack_rows(X.reshape(4 * m, n)).reshape(4, m, (n + 63) // 64)
    found = parities.solve(packed, y, n)
    assert found.tolist() == [
        naive_parities.solve(x.tolist(), labels.tolist(), n) for x, labels in zip(X, y, strict=True)
    ]
    np.testing.assert_array_equal((X.astype(int) * found[:, None]).sum(axis=2) % 2, y)


def test_a_side_of_a_hyperplane_is_the_sign_of_a_sum_with_the_boundary_inside():
    rng = np.random.default_rng(6)
    codes, X = rng.integers(-3, 4, size=(12, 4)).astype(float), rng.integers(-3, 4, size=(12, 10, 3)).astype(float)
    total = [[code[3] + sum(code[j] * x[j] for j in range(3)) for x in row] for code, row in zip(codes, X, strict=True)]
    assert any(value == 0 for row in total for value in row)
    assert halfspaces.sides(codes, X).tolist() == [[int(value >= 0) for value in row] for row in total]


def _members(points):
    rng = np.random.default_rng(points)
    table = np.unique(rng.integers(2, size=(30, points), dtype=np.uint8), axis=0)
    return table, table[rng.integers(len(table), size=8)], rng.random(points)


@pytest.mark.parametrize("points", [1, 5, 64, 70])
def test_packed_distances_add_the_weights_of_differing_points_in_order(points):
    table, rows, weights = _members(points)
    found = enumeration.packed_distances(pack_rows(table), pack_rows(rows), weights)
    assert found.tolist() == [[naive.weight_of_difference(f, g, weights) for g in table] for f in rows]


@pytest.mark.parametrize("points", [5, 70])
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_near_distances_are_those_to_earlier_rows_up_to_the_limit(points, share):
    table, _, weights = _members(points)
    weights, limit = weights.round(1), share * round(weights.sum() / 2, 1)
    first, last = 3, len(table) - 2
    found = enumeration.near_distances(pack_rows(table), first, last, weights, limit)
    apart = [[naive.weight_of_difference(f, g, weights) for g in table[:last]] for f in table[first:last]]
    expected = [
        [d if g < first + row and d <= limit else np.inf for g, d in enumerate(each)] for row, each in enumerate(apart)
    ]
    assert found.tolist() == expected


@pytest.mark.parametrize("points", [5, 70])
@pytest.mark.parametrize("share", [0.0, 0.9, 1.0, 2.0])
def test_a_legal_member_is_chosen_by_its_place_among_the_legal_ones(points, share):
    table, rows, weights = _members(points)
    rng = np.random.default_rng(9)
    places, fractions, limit = rng.integers(points, size=8), rng.random(8), share * weights.sum() / 2
    fractions[:2] = 0.0, np.nextafter(1.0, 0.0)
    found = enumeration.choose_legal(pack_rows(table), pack_rows(rows), places, weights, limit, fractions)
    expected = [
        naive.chosen_legal(table, f, place, weights, limit, fraction)
        for f, place, fraction in zip(rows, places, fractions, strict=True)
    ]
    assert found.tolist() == expected
    assert (found >= 0).any() == (share > 0.0)
