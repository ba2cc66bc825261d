"""What every class promises about its members, codes and draws, against its definition."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

from backdoor_game import PUBLIC, catalog
from backdoor_game.functions.table import has_table
from backdoor_game.functions.table import table as whole_table
from backdoor_game.ground import spec
from tests.functions.examples import CONTINUOUS, FINITE, REPEATED, TRAINED, fixed_keys, labelings, table

UNIFORMITY_LEVEL = 1e-4

finite = pytest.mark.parametrize("example", FINITE + REPEATED, ids=str)
every = pytest.mark.parametrize("example", FINITE + REPEATED + CONTINUOUS + TRAINED, ids=str)


def _inputs(example, count, m):
    return example.laws[0].distribution.on(example.functions.domain).sample_block(fixed_keys(count, 2), 3, m)


def test_every_exported_class_has_an_example():
    shown = {type(example.functions) for example in FINITE + REPEATED + CONTINUOUS + TRAINED}
    assert shown == set(catalog.shipped("functions").values())
    assert {cls.__name__ for cls in shown} <= PUBLIC


@every
def test_samples_are_members_of_the_stated_shape_and_type(example):
    F = example.functions
    codes = F.sample_block(fixed_keys(500))
    assert codes.shape == (500, F.code_length)
    assert codes.dtype == F.code_dtype
    assert F.contains(codes).all()
    one = F.sample(np.random.default_rng(3))
    assert one.shape == (F.code_length,)
    assert F.contains(one[None]).all()


@every
def test_a_sample_depends_on_its_own_key_alone(example):
    keys = fixed_keys(40)
    whole = example.functions.sample_block(keys)
    order = np.random.default_rng(0).permutation(40)[:17]
    np.testing.assert_array_equal(example.functions.sample_block(keys[order]), whole[order])


@every
def test_labels_of_a_batch_are_those_of_its_rows_one_by_one(example):
    F = example.functions
    codes, X = F.sample_block(fixed_keys(25)), _inputs(example, 25, 6)
    labels = F.evaluate(codes, X)
    assert labels.shape == (25, 6)
    assert labels.dtype == np.uint8
    for code, rows, expected in zip(codes, X, labels, strict=True):
        assert [int(F.function(code)(x[None])[0]) for x in rows] == expected.tolist()
    assert F.evaluate(codes, X[:, :0]).shape == (25, 0)


@every
def test_read_only_and_broadcast_inputs_are_welcome(example):
    F = example.functions
    codes, X = F.sample_block(fixed_keys(5)), _inputs(example, 1, 4)
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
    assert len(np.unique(codes, axis=0)) == len(codes) >= len(rows)
    assert len(codes) == len(rows) or example in REPEATED
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
def test_every_member_is_drawn_equally_often(example):
    """Pearson's test at level 1e-4 for each class, with a fixed seed."""
    F = example.functions
    drawn = F.sample_block(fixed_keys(max(4000, 60 * F.count()), 11))
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
