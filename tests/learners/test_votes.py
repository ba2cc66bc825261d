"""Votes that are counted without drawing a point, against those of predictions; and the handle on examples."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    Atoms,
    Boxes,
    Closure,
    Conjunctions,
    DirectSum,
    Explicit,
    Halfspaces,
    Intervals,
    Learner,
    Memorizer,
    Mixture,
    Parities,
    ProductBits,
    ProperLearner,
    Singletons,
    StandardNormal,
    Thresholds,
    Uniform,
    UnitCube,
    Weighted,
)
from backdoor_game.ground import streams
from backdoor_game.players import learners
from tests.learners.exhaustive import drawn

HALF = [0.5, 0.5]
THIRDS = Weighted([0.1, 0.0, 0.2, 0.3, 0.0, 0.4])
ON_A_LINE = [
    (AllFunctions(points=6), Uniform()),
    (AllFunctions(points=6), THIRDS),
    (Thresholds(points=10), Uniform()),
    (Thresholds(points=6), THIRDS),
    (Thresholds(points=700), Uniform()),
    (Singletons(points=6), Uniform()),
    (Singletons(points=6), THIRDS),
    (DirectSum([Thresholds(points=3), Singletons(points=4)]), Mixture([Uniform(), Uniform()], HALF)),
    (DirectSum([AllFunctions(points=2), Thresholds(points=3)]), Mixture([Weighted([0.2, 0.8]), Uniform()], [0.3, 0.7])),
]
SEEN_ON_A_LINE = [
    *ON_A_LINE,
    (Intervals(points=6), Uniform()),
    (Boxes(dimension=2, points=3), Uniform()),
    (Conjunctions(bits=3), Uniform()),
    (Parities(bits=3), Uniform()),
    (Explicit(["0110", "1010", "1111"]), Weighted([0.25, 0.25, 0.5, 0.0])),
]
OFF_A_LINE = [
    (Thresholds(points=6), Atoms([0, 3, 5], [0.2, 0.3, 0.5])),
    (Conjunctions(bits=3), ProductBits(0.3)),
    (Thresholds(points=70_000), Uniform()),
    (Boxes(dimension=2), UnitCube()),
]
FUSED = [(Closure(), *game) for game in ON_A_LINE]
FUSED += [(Memorizer(default=label), *game) for label in (0, 1) for game in SEEN_ON_A_LINE]
PLAIN = [(learner, *game) for learner in (Closure(), Memorizer(default=1)) for game in OFF_A_LINE]
SIZES = [(0, 3, 0), (1, 1, 0), (2, 5, 0), (3, 5, 0), (7, 4, 0), (8, 3, 5), (5, 2, 6), (4, 1, 3)]


@pytest.mark.parametrize(("learner", "functions", "law"), FUSED, ids=str)
@pytest.mark.parametrize(("m", "members", "start"), SIZES)
def test_votes_counted_without_drawing_are_those_of_predictions(learner, functions, law, m, members, start):
    sample, x, labels, keys = drawn(functions, law, members, m, start=start)
    fused = learner.votes(sample, x, labels, keys)
    assert "X" not in vars(sample)
    expected = (learner.predict_block(sample, x, keys) != labels[:, None]).sum(axis=1)
    np.testing.assert_array_equal(fused, expected)
    np.testing.assert_array_equal(Learner.votes(learner, sample, x, labels, keys), expected)


@pytest.mark.parametrize(("learner", "functions", "law"), PLAIN, ids=str)
@pytest.mark.parametrize(("m", "members"), [(3, 5), (4, 2)])
def test_off_a_line_of_indices_votes_are_counted_from_predictions(learner, functions, law, m, members):
    sample, x, labels, keys = drawn(functions, law, members, m, rounds=60)
    assert sample.point_hits(x) is None
    expected = (learner.predict_block(sample, x, keys) != labels[:, None]).sum(axis=1)
    np.testing.assert_array_equal(learner.votes(sample, x, labels, keys), expected)


@pytest.mark.parametrize(("functions", "law"), ON_A_LINE, ids=str)
def test_some_votes_go_either_way(functions, law):
    sample, x, labels, keys = drawn(functions, law, 5, 3)
    votes = Closure().votes(sample, x, labels, keys)
    assert 0 < votes.mean() < 5


def test_a_long_block_is_voted_on_piece_by_piece_with_the_same_counts(monkeypatch):
    sample, x, labels, keys = drawn(Intervals(points=8), Uniform(), 3, 4)
    whole = Closure().votes(sample, x, labels, keys)
    monkeypatch.setattr(learners.base, "POINTS_AT_ONCE", 7 * 3 * 4)
    np.testing.assert_array_equal(Closure().votes(sample, x, labels, keys), whole)


@pytest.mark.parametrize("functions", [Thresholds(points=9), Intervals(points=9), Halfspaces(dimension=2)], ids=str)
def test_rows_of_a_sample_are_the_rows_of_the_whole(functions):
    law = StandardNormal() if functions.domain.size is None else Uniform()
    sample, *_ = drawn(functions, law, 3, 5, start=7, rounds=20)
    part = sample.rows(4, 11)
    assert (part.size, part.members, part.m) == (7, 3, 5)
    np.testing.assert_array_equal(part.X, sample.X[4:11])
    np.testing.assert_array_equal(part.y, sample.y[4:11])


def test_a_sample_is_labelled_by_its_own_function_and_cannot_be_written():
    functions = Thresholds(points=9)
    sample, *_ = drawn(functions, Uniform(), 3, 5, rounds=20)
    codes = functions.sample_block(streams.role_keys(5, str(functions), "choose", 0, 20))
    np.testing.assert_array_equal(sample.y, sample.X[..., 0] >= codes[:, None])
    for array in (sample.X, sample.y):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_consecutive_members_see_consecutive_stretches_of_one_stream():
    functions = Thresholds(points=9)
    several, *_ = drawn(functions, Uniform(), 4, 3, start=2, rounds=20)
    for member in range(4):
        one, *_ = drawn(functions, Uniform(), 1, 3, start=2 + 3 * member, rounds=20)
        np.testing.assert_array_equal(one.X[:, 0], several.X[:, member])


def test_a_learner_of_a_few_lines_learns():
    class Zero(ProperLearner):
        def learn_block(self, sample, keys):
            return np.broadcast_to(sample.functions.points, (sample.size, sample.members, 1))

    sample, x, labels, keys = drawn(Singletons(points=4), Uniform(), 3, 2)
    np.testing.assert_array_equal(Zero().votes(sample, x, labels, keys), 3 * labels)
