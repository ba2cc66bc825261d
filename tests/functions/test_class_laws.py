"""What every finite class promises, against its definition and plain enumeration."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
from scipy import stats

from backdoor_game import catalog, functions, spec, streams
from backdoor_game.distance import point_weights
from backdoor_game.functions.table import has_table
from backdoor_game.functions.table import table as whole_table
from tests.functions.examples import CONTINUOUS, FINITE, labelings, table
from tests.naive import classes

UNIFORMITY_LEVEL = 1e-4

finite = pytest.mark.parametrize("example", FINITE, ids=str)
every = pytest.mark.parametrize("example", FINITE + CONTINUOUS, ids=str)
finite_laws = pytest.mark.parametrize(
    ("F", "law"), [(e.functions, law) for e in FINITE for law in e.laws], ids=lambda value: str(value)[:60]
)


def _keys(count, seed=1):
    return streams.role_keys(seed, "class laws", "choose", 0, count)


def _inputs(example, count, m):
    return example.laws[0].distribution.on(example.functions.domain).sample_block(_keys(count, 2), 3, m)


def _pairwise(F, D):
    """Pr_D[f != g] for all pairs of members, as a sum over points."""
    labels, weights = table(F).astype(bool), point_weights(F, D)
    return np.array([[weights[f != g].sum() for g in labels] for f in labels])


def test_every_exported_class_has_an_example():
    shown = {type(example.functions) for example in FINITE + CONTINUOUS}
    assert shown == set(catalog.shipped("functions").values())
    assert {cls.__name__ for cls in shown} <= set(functions.__all__)


@every
def test_samples_are_members_of_the_stated_shape_and_type(example):
    F = example.functions
    codes = F.sample_block(_keys(500))
    assert codes.shape == (500, F.code_length)
    assert codes.dtype == F.code_dtype
    assert F.contains(codes).all()
    one = F.sample(np.random.default_rng(3))
    assert one.shape == (F.code_length,)
    assert F.contains(one[None]).all()


@every
def test_a_sample_depends_on_its_own_key_alone(example):
    keys = _keys(40)
    whole = example.functions.sample_block(keys)
    order = np.random.default_rng(0).permutation(40)[:17]
    np.testing.assert_array_equal(example.functions.sample_block(keys[order]), whole[order])


@every
def test_labels_of_a_batch_are_those_of_its_rows_one_by_one(example):
    F = example.functions
    codes, X = F.sample_block(_keys(25)), _inputs(example, 25, 6)
    labels = F.evaluate(codes, X)
    assert labels.shape == (25, 6)
    assert labels.dtype == np.uint8
    for code, rows, expected in zip(codes, X, labels, strict=True):
        assert [int(F.function(code)(x[None])[0]) for x in rows] == expected.tolist()
    assert F.evaluate(codes, X[:, :0]).shape == (25, 0)


@every
def test_read_only_and_broadcast_inputs_are_welcome(example):
    F = example.functions
    codes, X = F.sample_block(_keys(5)), _inputs(example, 1, 4)
    spread = np.broadcast_to(X, (5, *X.shape[1:]))
    expected = F.evaluate(codes, spread.copy())
    codes.setflags(write=False)
    np.testing.assert_array_equal(F.evaluate(codes, spread), expected)


@every
def test_a_spec_reads_back_as_an_equal_class(example):
    F = example.functions
    again = spec.parse(spec.text(F), catalog.resolve)
    copied = pickle.loads(pickle.dumps(F))
    assert again == F == copied
    assert hash(again) == hash(F) == hash(copied)
    assert repr(again) == spec.text(F)


@finite
def test_the_members_are_those_of_the_definition(example):
    F = example.functions
    codes = F.enumerate()
    rows = {tuple(row) for row in table(F).tolist()}
    assert codes.dtype == F.code_dtype
    assert codes.shape == (F.count(), F.code_length)
    assert len(np.unique(codes, axis=0)) == len(codes) == len(rows)
    assert rows == labelings(F)


@finite
def test_only_listed_codes_are_members_and_garbage_crashes_nothing(example):
    F, rng = example.functions, np.random.default_rng(5)
    known = {tuple(code) for code in F.enumerate().tolist()}
    wide = np.iinfo(F.code_dtype)
    top = min(int(max(map(max, known))) + 3, wide.max)
    near = rng.integers(max(-2, wide.min), top, size=(3000, F.code_length), endpoint=True)
    far = rng.integers(wide.min, wide.max, size=(200, F.code_length), endpoint=True, dtype=F.code_dtype)
    swapped = np.repeat(F.enumerate(), 3, axis=0)
    swapped[np.arange(len(swapped)), rng.integers(F.code_length, size=len(swapped))] = near[: len(swapped), 0]
    garbage = np.concatenate([near.astype(F.code_dtype), far, swapped, F.enumerate()])
    accepted = F.contains(garbage)
    assert accepted.dtype == bool
    assert accepted.tolist() == [tuple(code) in known for code in garbage.tolist()]
    X = np.broadcast_to(F.domain.points(), (accepted.sum(), F.domain.size, F.domain.n))
    assert set(np.unique(F.evaluate(garbage[accepted], X))) <= {0, 1}


@finite
def test_the_vc_dimension_is_the_one_found_by_brute_force(example):
    F = example.functions
    assert F.vc_dimension == classes.vc_dimension(labelings(F))
    assert F.vc_upper_bound == F.vc_dimension


@every
def test_every_labeling_of_the_shattered_set_is_realised(example):
    F = example.functions
    points = F.shattered_set()
    assert points.shape == (F.vc_dimension, F.domain.n)
    assert points.dtype == F.domain.dtype
    assert F.domain.contains(points).all()
    labels = np.array(list(itertools.product((0, 1), repeat=len(points))), dtype=np.uint8)
    codes = F.realise(labels)
    assert codes.dtype == F.code_dtype
    assert F.contains(codes).all()
    np.testing.assert_array_equal(F.evaluate(codes, np.broadcast_to(points, (len(labels), *points.shape))), labels)


@finite
def test_the_intersection_flag_is_the_one_found_by_brute_force(example):
    assert example.functions.intersection_closed == classes.is_intersection_closed(labelings(example.functions))


@finite
@pytest.mark.parametrize("m", [0, 1, 4, 9])
def test_a_consistent_function_agrees_with_its_sample(example, m):
    F, rng = example.functions, np.random.default_rng(m)
    codes, places = F.enumerate()[rng.integers(F.count(), size=60)], rng.integers(F.domain.size, size=(60, m))
    X = F.domain.points()[places]
    y = F.evaluate(codes, X)
    found = F.consistent(X, y)
    assert found.dtype == F.code_dtype
    assert F.contains(found).all()
    np.testing.assert_array_equal(F.evaluate(found, X), y)


@pytest.mark.parametrize("example", [e for e in FINITE if e.functions.intersection_closed], ids=str)
@pytest.mark.parametrize("m", [0, 1, 3, 8])
def test_in_an_intersection_closed_class_it_is_the_closure(example, m):
    F, rng = example.functions, np.random.default_rng(m)
    codes, places = F.enumerate()[rng.integers(F.count(), size=40)], rng.integers(F.domain.size, size=(40, m))
    X = F.domain.points()[places]
    y = F.evaluate(codes, X)
    labels = F.evaluate(F.consistent(X, y), np.broadcast_to(F.domain.points(), (40, F.domain.size, F.domain.n)))
    for row in range(40):
        assert tuple(labels[row]) == classes.closure(labelings(F), places[row][y[row] == 1])


@finite
def test_labelings_of_a_few_points_are_the_restrictions_of_all_members(example):
    F, rng = example.functions, np.random.default_rng(7)
    for k in range(1, min(F.domain.size, 6) + 1):
        places = rng.permutation(F.domain.size)[:k]
        found = F.labelings(F.domain.points()[places])
        assert found.dtype == np.uint8
        assert list(map(tuple, found.tolist())) == sorted({tuple(row[p] for p in places) for row in labelings(F)})


@finite_laws
def test_distances_are_the_weight_of_the_points_where_labels_differ(F, law):
    D, codes = law.distribution.on(F.domain), F.enumerate()
    first, second = np.repeat(codes, len(codes), axis=0), np.tile(codes, (len(codes), 1))
    found = F.distance(first, second, D)
    assert (found is not None) == law.distance
    if found is not None:
        np.testing.assert_allclose(found.reshape(len(codes), -1), _pairwise(F, D), rtol=0, atol=1e-14)
        assert (found >= 0).all()
        np.testing.assert_array_equal(F.distance(codes, codes, D), np.zeros(len(codes)))


@finite_laws
def test_the_nearest_function_differs_at_x_and_none_is_nearer(F, law):
    D, codes, labels = law.distribution.on(F.domain), F.enumerate(), table(F)
    distances = _pairwise(F, D)
    for place, point in enumerate(F.domain.points()):
        x = np.broadcast_to(point, (len(codes), F.domain.n))
        found = F.nearest(codes, x, D)
        assert (found is not None) == law.nearest
        if found is None:
            return
        differs = labels[:, place, None] != labels[None, :, place]
        best = np.where(differs, distances, np.inf).min(axis=1)
        some = np.isfinite(best)
        np.testing.assert_array_equal(np.isfinite(found[1]), some)
        np.testing.assert_allclose(found[1][some], best[some], rtol=0, atol=1e-14)
        assert F.contains(found[0]).all()
        assert found[0].dtype == F.code_dtype
        assert (F.evaluate(found[0][some], x[some, None])[:, 0] != labels[some, place]).all()
        weights = point_weights(F, D)
        reached = F.evaluate(found[0], np.broadcast_to(F.domain.points(), (len(codes), *F.domain.points().shape)))
        real = np.where(reached != labels, weights, 0.0).sum(axis=1)
        np.testing.assert_allclose(found[1][some], real[some], rtol=0, atol=1e-14)


def _witnessed():
    shown = [e for e in FINITE if e.functions.witness(e.functions.enumerate(), e.functions.domain.points()[:1]) is not None]
    return pytest.mark.parametrize("example", shown, ids=str)


@_witnessed()
def test_a_sample_inside_the_witness_span_decides_the_closure(example):
    F = example.functions
    assert F.intersection_closed
    codes, labels, members = F.enumerate(), table(F), labelings(F)
    for place, point in enumerate(F.domain.points()):
        held = np.flatnonzero(labels[:, place])
        low, high = F.witness(codes[held], np.broadcast_to(point, (len(held), F.domain.n)))
        for f, a, b in zip(held, low, high, strict=True):
            ones = np.flatnonzero(labels[f])
            for size in range(min(len(ones), 4) + 1):
                for sample in itertools.combinations(ones.tolist(), size):
                    inside = any(a <= i <= b for i in sample)
                    assert classes.closure(members, sample)[place] == inside
            assert not [i for i in range(a, b + 1) if not labels[f, i]]


def test_the_classes_that_one_hit_decides_say_so():
    marked = _witnessed().args[1]
    assert {type(example.functions).__name__ for example in marked} == {
        "AllFunctions",
        "Thresholds",
        "Singletons",
        "DirectSum",
    }


@finite
def test_every_member_is_drawn_equally_often(example):
    """Pearson's test at level 1e-4 for each class, with a fixed seed."""
    F = example.functions
    drawn = F.sample_block(_keys(max(4000, 60 * F.count()), 11))
    places = {tuple(code): i for i, code in enumerate(F.enumerate().tolist())}
    counts = np.bincount([places[tuple(code)] for code in drawn.tolist()], minlength=F.count())
    if F.count() > 1:
        assert stats.chisquare(counts).pvalue > UNIFORMITY_LEVEL


@finite
def test_a_class_that_says_that_it_has_a_table_can_be_listed(example):
    F = example.functions
    assert has_table(F)
    listed = whole_table(F)
    assert {tuple(row) for row in listed.labels.tolist()} == labelings(F)


def test_a_large_class_that_says_that_it_has_a_table_can_be_listed():
    F = functions.AllFunctions(points=17)
    assert has_table(F)
    assert len(np.unique(F.enumerate() @ (1 << np.arange(17)))) == 2**17


@pytest.mark.parametrize("make", [
    lambda: functions.Intervals(points=0),
    lambda: functions.IntervalUnions(points=4, k=0),
    lambda: functions.IntervalUnions(points=4, k=33),
    lambda: functions.Singletons(points=-1),
    lambda: functions.Boxes(dimension=0),
    lambda: functions.Boxes(dimension=2, points=0),
    lambda: functions.Conjunctions(bits=0),
    lambda: functions.Parities(bits=1001),
    lambda: functions.Halfspaces(dimension=0),
    lambda: functions.DirectSum(()),
    lambda: functions.DirectSum((functions.Thresholds(points=3), 4)),
])  # fmt: skip
def test_sizes_out_of_range_are_refused_in_one_sentence(make):
    with pytest.raises(ValueError, match="must be") as caught:
        make()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("F", [
    functions.AllFunctions(points=23),
    functions.Intervals(points=5000),
    functions.IntervalUnions(points=200, k=4),
    functions.Boxes(dimension=4, points=20),
    functions.Conjunctions(bits=40),
    functions.Parities(bits=40),
    functions.DirectSum((functions.Intervals(points=100), functions.Intervals(points=100))),
], ids=str)  # fmt: skip
def test_a_class_too_large_to_list_is_refused_before_any_work(F):
    with pytest.raises(ValueError, match="members"):
        F.enumerate()
    assert F.contains(F.sample_block(_keys(50))).all()


def test_a_large_class_of_runs_is_counted_without_listing():
    assert functions.IntervalUnions(points=200, k=3).count() == sum(_binomial(201, 2 * j) for j in range(4))


def _binomial(n, k):
    """Pascal's rule."""
    row = [1]
    for _ in range(n):
        row = [1, *(a + b for a, b in itertools.pairwise(row)), 1]
    return row[k]


def test_solving_for_a_parity_on_many_bits_recovers_it_from_enough_examples():
    F = functions.Parities(bits=130)
    codes = F.sample_block(_keys(6))
    X = np.random.default_rng(1).integers(2, size=(6, 190, 130), dtype=np.uint8)
    np.testing.assert_array_equal(F.consistent(X, F.evaluate(codes, X)), codes)
