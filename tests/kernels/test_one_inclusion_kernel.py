"""Orientations and predictions against exhaustive search, a maximum flow and the d / (m + 1) theorem."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.kernels.one_inclusion import grouping, orient, predict, predict_rows, predict_vertices
from tests.naive import one_inclusion as naive

LABELINGS = st.integers(1, 5).flatmap(
    lambda k: st.tuples(st.just(k), st.sets(st.integers(0, 2**k - 1), min_size=1, max_size=2**k))
)
TABLES = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(0, 1)] * n), min_size=1, max_size=12, unique=True)
)


def _tuples(words, points):
    return [tuple(int(w) >> j & 1 for j in range(points)) for w in words]


def _leaves(vertices, points):
    """Which vertex each edge leaves, in the twin's terms; checks that no edge leaves both ends or neither."""
    listed = np.array(sorted(sum(a << j for j, a in enumerate(v)) for v in vertices), np.uint64)
    out, largest = orient(listed, points)
    masks = dict(zip(_tuples(listed, points), (int(mask) for mask in out), strict=True))
    tails = {}
    for u, v in naive.edges(vertices):
        j = next(i for i in range(points) if u[i] != v[i])
        ends = [w for w in (u, v) if masks[w] >> j & 1]
        assert len(ends) == 1
        tails[u, v] = ends[0]
    assert sum(mask.bit_count() for mask in masks.values()) == len(tails)
    assert max(mask.bit_count() for mask in masks.values()) == largest
    return tails, largest


def _intervals(size):
    ends = itertools.combinations_with_replacement(range(size + 1), 2)
    return np.unique([[a <= i < b for i in range(size)] for a, b in ends], axis=0).astype(np.uint8)


@given(LABELINGS)
@settings(max_examples=60, deadline=None)
def test_every_edge_leaves_one_end_and_no_orientation_has_a_smaller_largest_out_degree(case):
    points, integers = case
    vertices = set(_tuples(sorted(integers), points))
    _, largest = _leaves(vertices, points)
    assert largest == naive.least_by_flow(vertices)


@pytest.mark.parametrize("integers", [{0}, {0, 1, 2, 3}, {0, 1, 3, 7, 6, 4}, {0, 1, 2, 4, 3, 5, 6}, {1, 2, 4}])
def test_exhaustive_search_finds_no_smaller_largest_out_degree(integers):
    vertices = set(_tuples(sorted(integers), 3))
    _, largest = _leaves(vertices, 3)
    assert largest == naive.least_by_search(vertices) == naive.least_by_flow(vertices)


@pytest.mark.parametrize("points", [1, 2, 5, 7])
def test_all_labelings_of_k_points_have_largest_out_degree_half_of_k_rounded_up(points):
    # k 2^(k-1) edges over 2^k vertices: k/2 a vertex on average, and an Eulerian orientation reaches its ceiling.
    out, largest = orient(np.arange(2**points, dtype=np.uint64), points)
    assert largest == -(-points // 2) == max(int(mask).bit_count() for mask in out)


def test_a_dense_part_that_the_average_hides_still_sets_the_bound():
    # A 5-cube has 80 edges on 32 vertices, so some vertex has 3 out; with four 3-cubes it is 2 a vertex, and no
    # vertex has fewer than 3 edges: neither counting nor peeling shows that 2 is out of reach.
    five = set(range(32))
    threes = {v | part << 5 for part in (0b011, 0b101, 0b110, 0b11000) for v in range(8)}
    vertices = set(_tuples(sorted(five | threes), 10))
    _, largest = _leaves(vertices, 10)
    assert largest == 3


def test_thresholds_on_64_points_are_a_path_with_largest_out_degree_1():
    vertices = np.array([2**64 - 2**i for i in range(64)][::-1], np.uint64)
    out, largest = orient(vertices, 64)
    assert largest == 1
    assert sum(int(mask).bit_count() for mask in out) == 63


def test_no_vertex_at_all_has_nothing_to_orient():
    out, largest = orient(np.empty(0, np.uint64), 3)
    assert out.size == 0
    assert largest == 0


@given(TABLES)
@settings(max_examples=40, deadline=None)
def test_leave_one_out_errors_are_an_out_degree_and_at_most_the_vc_dimension(table):
    rows = np.array(table, np.uint8)
    size = rows.shape[1]
    d = naive.vc_dimension(table, size)
    # Every function, every test point left out of the whole domain.
    left = np.array([[i for i in range(size) if i != x] for x in range(size)])
    X = np.tile(left, (len(rows), 1))
    x = np.tile(np.arange(size), len(rows))
    f = np.repeat(np.arange(len(rows)), size)
    errors = predict_rows(rows, X, rows[f[:, None], X], x) != rows[f, x]
    tails, largest = _leaves(set(table), size)
    out_degrees = [list(tails.values()).count(v) for v in table]
    assert errors.reshape(len(rows), size).sum(axis=1).tolist() == out_degrees
    assert max(out_degrees) == largest <= d


@given(TABLES, st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_predictions_agree_with_the_definition(table, random, m):
    rows, size = np.array(table, np.uint8), len(table[0])
    X = np.array([[random.randrange(size) for _ in range(m)] for _ in range(12)])
    x = np.array([random.randrange(size) for _ in X])
    y = np.array([rows[random.randrange(len(rows))][p] for p in X], np.uint8)
    answers = predict_rows(rows, X, y, x)
    np.testing.assert_array_equal(predict(rows, grouping(X, y, x)), answers)
    for r, answer in enumerate(answers):
        sample = [(int(p), int(a)) for p, a in zip(X[r], y[r], strict=True)]
        points = sorted({*X[r].tolist(), int(x[r])})
        leaves, _ = _leaves(naive.labelings(table, points), len(points))
        assert answer == naive.predict(table, sample, int(x[r]), leaves)


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_permuting_the_sample_and_swapping_in_the_test_point_leave_one_graph(random):
    rows = _intervals(8)
    points = random.sample(range(8), 5)
    f = rows[random.randrange(len(rows))]
    orders = np.array([random.sample(points, 5) for _ in range(10)])
    sets = grouping(orders[:, 1:], f[orders[:, 1:]], orders[:, 0])
    assert sets.points.tolist() == [sorted(points)]
    answers = predict(rows, sets)
    for x in points:
        assert len(set(answers[orders[:, 0] == x].tolist())) <= 1


def test_groups_merge_duplicates_and_describe_each_row_in_positions_of_its_set():
    sets = grouping([[5, 2, 5], [9, 2, 2], [2, 5, 9]], [[1, 0, 1], [1, 0, 0], [0, 1, 1]], [9, 5, 2])
    assert sets.points.tolist() == [[2, 5, 9, -1]]
    assert sets.counts.tolist() == [3]
    assert sets.group.tolist() == [0, 0, 0]
    assert sets.known.tolist() == [0b011, 0b101, 0b111]
    assert sets.labels.tolist() == [0b010, 0b100, 0b110]
    assert sets.test.tolist() == [2, 1, 0]


def test_many_rows_find_the_sets_that_numpy_finds():
    rng = np.random.default_rng(3)
    X, x = rng.integers(9, size=(400, 3)), rng.integers(9, size=400)
    sets = grouping(X, np.zeros_like(X), x)
    every = [tuple(sorted({*row, point})) for row, point in zip(X.tolist(), x.tolist(), strict=True)]
    held = [tuple(row[:count]) for row, count in zip(sets.points.tolist(), sets.counts, strict=True)]
    assert held == list(dict.fromkeys(every))
    assert [held[g] for g in sets.group] == every


def test_listed_vertices_predict_as_the_table_does():
    rows, rng = _intervals(9), np.random.default_rng(5)
    X, x = rng.integers(9, size=(60, 4)), rng.integers(9, size=60)
    y = rows[rng.integers(len(rows), size=60)[:, None], X]
    sets = grouping(X, y, x)
    listed = []
    for points, count in zip(sets.points, sets.counts, strict=True):
        words = {sum(int(a) << j for j, a in enumerate(row[points[:count]])) for row in rows}
        listed.append(sorted(words))
    offsets = np.cumsum([0, *map(len, listed)])
    vertices = np.array(list(itertools.chain(*listed)), np.uint64)
    np.testing.assert_array_equal(predict_vertices(vertices, offsets, sets), predict(rows, sets))


def test_a_row_s_answer_depends_on_that_row_alone():
    rows, rng = _intervals(12), np.random.default_rng(6)
    X, x = rng.integers(12, size=(80, 5)), rng.integers(12, size=80)
    y = rows[rng.integers(len(rows), size=80)[:, None], X]
    whole = predict_rows(rows, X, y, x)
    parts = [predict_rows(rows, X[r::7], y[r::7], x[r::7]) for r in range(7)]
    for r in range(7):
        np.testing.assert_array_equal(parts[r], whole[r::7])


def test_no_sample_at_all_is_answered_by_the_edge_of_the_test_point():
    answers = predict_rows(np.array([[0, 1], [1, 1]], np.uint8), np.empty((2, 0)), np.empty((2, 0)), [0, 1])
    assert answers[1] == 1
    assert answers[0] == 1 - int(orient(np.arange(2, dtype=np.uint64), 1)[0][1])


def test_more_than_64_distinct_points_are_refused_in_one_sentence():
    with pytest.raises(InvalidArgument, match="m = 64 gives a row more than 64 distinct points"):
        grouping([range(64)], [[0] * 64], [64])
    assert grouping([range(63)], [[0] * 63], [63]).counts.tolist() == [64]


@pytest.mark.parametrize("point", [-1, 4])
def test_a_point_outside_the_table_is_refused(point):
    table = np.eye(4, dtype=np.uint8)
    with pytest.raises(InvalidArgument, match="from 0 to 3"):
        predict_rows(table, [[0, 1]], [[0, 0]], [point])
    with pytest.raises(InvalidArgument, match="from 0 to 3"):
        predict(table, grouping([[0, point]], [[0, 0]], [2]))
