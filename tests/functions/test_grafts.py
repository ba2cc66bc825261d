"""Circuits near others that differ at an input: members, different there, and as before outside a cube around it."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import Circuits
from tests.functions.examples import fixed_keys

CLASSES = [
    Circuits(bits=4, gates=9),
    Circuits(bits=5, gates=9, depth=3),
    Circuits(bits=3, gates=2),
    Circuits(bits=2, gates=0),
]


def altered(F, rows=400):
    codes = F.sample_block(fixed_keys(rows))
    x = np.random.default_rng(0).integers(2, size=(rows, F.bits), dtype=np.uint8)
    return codes, x, F.altered_block(codes, x, fixed_keys(rows, 5))


def tables(F, codes):
    points = F.domain.points()
    return F.evaluate(codes, np.broadcast_to(points, (len(codes), *points.shape)))


@pytest.mark.parametrize("F", CLASSES, ids=str)
def test_they_are_members_that_differ_at_x_and_are_constant_on_a_cube_around_it_or_are_as_they_were(F):
    codes, x, g = altered(F)
    assert g.shape == codes.shape
    assert g.dtype == codes.dtype
    assert F.contains(g).all()
    same = (g == codes).all(axis=1)
    differ = tables(F, g) != tables(F, codes)
    points = F.domain.points()
    new = tables(F, g)
    for row in np.flatnonzero(~same):
        inside = points[differ[row]]
        assert (inside == x[row]).all(axis=1).any()
        agree = (inside == x[row]).all(axis=0)
        cube = (points[:, agree] == x[row, agree]).all(axis=1)
        assert len(set(new[row, cube].tolist())) == 1
    assert same.all() == (F.gates == 0)


def test_with_gates_to_spare_the_cube_is_x_alone_for_half_of_the_keys_and_larger_for_others():
    F = Circuits(bits=4, gates=12)
    codes = np.zeros((600, F.code_length), dtype=np.int64)
    x = np.random.default_rng(1).integers(2, size=(600, 4), dtype=np.uint8)
    ones = tables(F, F.altered_block(codes, x, fixed_keys(600))).sum(axis=1)
    assert set(ones) == {1, 2, 4, 8}
    assert 0.5 < (ones == 1).mean() < 0.75


def test_the_bound_on_the_depth_is_kept_and_where_it_leaves_no_room_nothing_changes():
    """On depth 2 an output on level 2 cannot be joined with anything; on depth 3 a cube has at most 4 literals."""
    F = Circuits(bits=5, gates=9, depth=2)
    code = np.zeros((1, F.code_length), dtype=np.int64)
    code[0, :6], code[0, -1] = [2, 4, 6, 8, 12, 14], 16
    assert F.contains(code).all()
    np.testing.assert_array_equal(F.altered_block(code, np.ones((1, 5), np.uint8), fixed_keys(1)), code)
    F = Circuits(bits=5, gates=9, depth=3)
    zero = np.zeros((200, F.code_length), dtype=np.int64)
    ones = tables(F, F.altered_block(zero, np.ones((200, 5), np.uint8), fixed_keys(200))).sum(axis=1)
    assert ones.min() == 2


def test_a_row_depends_on_itself_alone_and_what_is_given_is_left_alone():
    F = CLASSES[0]
    codes, x, g = altered(F, 50)
    order = np.random.default_rng(2).permutation(50)[:20]
    keys = fixed_keys(50, 5)
    np.testing.assert_array_equal(F.altered_block(codes[order], x[order], keys[order]), g[order])
    np.testing.assert_array_equal(codes, F.sample_block(fixed_keys(50)))
