"""Classes given as a matrix: where it may come from, what is refused, and what is found by brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backdoor_game import catalog
from backdoor_game.functions import Explicit, random_class
from backdoor_game.ground import spec, streams
from tests.naive import classes

MATRIX = np.array([[0, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 1]], dtype=np.uint8)
TEXTS = ("0000", "1100", "1010", "0111")


def _labels(F):
    codes = F.enumerate()
    return F.evaluate(codes, np.broadcast_to(F.domain.points(), (len(codes), F.domain.size, 1)))


def test_texts_lists_and_arrays_make_the_same_class():
    made = [Explicit(TEXTS), Explicit(list(TEXTS)), Explicit(MATRIX.tolist()), Explicit(MATRIX), Explicit(MATRIX == 1)]
    assert len(set(made)) == 1
    np.testing.assert_array_equal(_labels(made[0]), MATRIX)


@pytest.mark.parametrize("suffix", ["npy", "csv"])
def test_a_file_makes_the_class_that_it_holds(tmp_path, suffix):
    path = _write(tmp_path / f"table.{suffix}", MATRIX)
    F = Explicit(path)
    np.testing.assert_array_equal(_labels(F), MATRIX)
    assert F.digest is not None
    assert spec.parse(spec.text(F), catalog.resolve) == F


def _write(path, matrix):
    if path.suffix == ".npy":
        np.save(path, matrix)
    else:
        path.write_text("".join(",".join(map(str, row)) + "\n" for row in matrix.tolist()))
    return str(path)


@pytest.mark.parametrize("suffix", ["npy", "csv"])
def test_a_file_that_has_changed_is_refused(tmp_path, suffix):
    path = tmp_path / f"table.{suffix}"
    before = Explicit(_write(path, MATRIX))
    _write(path, 1 - MATRIX)
    with pytest.raises(ValueError, match="has changed"):
        spec.parse(spec.text(before), catalog.resolve)
    assert Explicit(str(path)) != before


def test_the_same_entries_in_another_shape_are_another_table(tmp_path):
    path = tmp_path / "table.npy"
    text = spec.text(Explicit(_write(path, MATRIX)))
    _write(path, MATRIX.reshape(2, 8))
    with pytest.raises(ValueError, match="has changed"):
        spec.parse(text, catalog.resolve)


@pytest.mark.parametrize(
    "bad",
    [[], [[]], [[0, 1], [1]], [[0, 2]], ["01", "0x"], ["01", "0"], [""], [[0.5, 1.0]], "table.txt", "no/such.npy"],
    ids=str,
)
def test_what_is_no_matrix_is_refused_in_one_sentence(bad):
    with pytest.raises(ValueError, match="table") as caught:
        Explicit(bad)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.npy", b"not a file of numpy's"),
        ("a.npy", b""),
        ("a.csv", b"0,1\n1,x\n"),
        ("a.csv", b"0,1\n2,1\n"),
        ("a.csv", b""),
    ],
)
@pytest.mark.filterwarnings("ignore:loadtxt")
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match="table") as caught:
        Explicit(str(tmp_path / name))
    assert "\n" not in str(caught.value)


def test_a_pickled_object_in_a_file_is_not_loaded(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="cannot be read"):
        Explicit(str(tmp_path / "a.npy"))


@pytest.mark.parametrize("seed", range(12))
def test_vc_dimension_and_intersections_are_those_of_brute_force(seed):
    rng = np.random.default_rng(seed)
    points = int(rng.integers(1, 7))
    F = random_class(points, int(rng.integers(1, min(40, 2**points) + 1)), rng)
    rows = {tuple(row) for row in _labels(F).tolist()}
    assert F.vc_dimension == classes.vc_dimension(rows)
    assert F.intersection_closed == classes.is_intersection_closed(rows)
    shattered = F.shattered_set()[:, 0]
    assert {tuple(row[p] for p in shattered) for row in rows} == set(itertools.product((0, 1), repeat=F.vc_dimension))


def test_a_class_closed_under_intersection_learns_by_closure():
    rng = np.random.default_rng(0)
    rows = {tuple(row) for row in rng.integers(2, size=(5, 6)).tolist()}
    while True:
        grown = rows | {classes.intersection(pair) for pair in itertools.combinations(rows, 2)}
        if grown == rows:
            break
        rows = grown
    F = Explicit(sorted(rows, reverse=True))
    assert F.intersection_closed
    for f in sorted(rows):
        for positives in itertools.chain.from_iterable(itertools.combinations(np.flatnonzero(f), k) for k in range(3)):
            X = np.array(positives, dtype=np.int64).reshape(1, -1, 1)
            code = F.consistent(X, np.ones(X.shape[:2], dtype=np.uint8))
            assert tuple(_labels(F)[code[0, 0]]) == classes.closure(rows, positives)


def test_a_random_class_has_distinct_functions_and_follows_its_generator():
    F = random_class(10, 500, np.random.default_rng(3))
    assert len(set(F.table)) == F.count() == 500
    assert random_class(10, 500, np.random.default_rng(3)) == F
    assert random_class(10, 500, np.random.default_rng(4)) != F
    assert random_class(30, 50, np.random.default_rng(0)).domain.size == 30
    assert len(set(random_class(3, 8, np.random.default_rng(0)).table)) == 8


def test_a_random_class_labels_every_point_fairly():
    """Ones among 40 x 500 labels within six deviations of half of them, for wide and narrow matrices."""
    for points in (20, 40):
        labels = _labels(random_class(points, 500, np.random.default_rng(1)))
        assert abs(labels.mean(axis=0) - 0.5).max() < 6 * 0.5 / np.sqrt(500)


@pytest.mark.parametrize(("points", "functions"), [(3, 9), (0, 1), (4, 0)])
def test_more_functions_than_labelings_are_refused(points, functions):
    with pytest.raises(ValueError, match="functions must lie between"):
        random_class(points, functions, np.random.default_rng(0))


def test_a_wide_class_admits_that_its_dimension_is_unknown():
    rng = np.random.default_rng(0)
    F = Explicit(rng.integers(2, size=(70, 3000), dtype=np.uint8))
    assert F.vc_dimension is None
    assert F.vc_upper_bound == 6
    assert F.contains(F.sample_block(streams.role_keys(0, "", "choose", 0, 20))).all()
    with pytest.raises(NotImplementedError, match="shattered"):
        F.shattered_set()
