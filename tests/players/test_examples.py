"""Handles on examples: what is counted without drawing is what drawing would have shown, and nothing can be changed."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import Intervals, Thresholds, Uniform, Weighted
from backdoor_game.ground.streams import role_keys
from backdoor_game.players.views import Sample
from backdoor_game.players.views.sample import WrittenSample

LAWS = [Uniform(), Weighted([0.05, 0.2, 0.05, 0.3, 0.1, 0.1, 0.1, 0.1])]
B, MEMBERS, M = 40, 3, 5


def sample(functions, law, start=7):
    """Examples of random members, and random inputs to ask about."""
    keys = role_keys(3, "examples", "oracle/0", 0, B)
    codes = functions.sample_block(role_keys(3, "examples", "choose", 0, B))
    law = law.on(functions.domain)
    x = law.sample_block(role_keys(3, "examples", "fresh", 0, B), 0, 1)[:, 0]
    return Sample(functions, law, codes, keys, start=start, members=MEMBERS, m=M), codes, x


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize("functions", [Thresholds(points=8), Intervals(points=8)], ids=repr)
def test_hits_counted_without_drawing_are_those_of_the_examples_drawn(functions, law):
    found, codes, x = sample(functions, law)
    points, witness = found.point_hits(x), found.witness_hits(x)
    assert points is not None
    drawn = (x[:, None, None, :] == found.X).all(axis=3).any(axis=2)
    np.testing.assert_array_equal(points, drawn.sum(axis=1))
    if witness is not None:
        low, high = functions.witness(codes, x)
        between = (found.X[..., 0] >= low[:, None, None]) & (found.X[..., 0] <= high[:, None, None])
        np.testing.assert_array_equal(witness, between.any(axis=2).sum(axis=1))


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_members_have_the_examples_that_follow_each_other_in_one_stream(law):
    """Member t of a round has examples t m .. t m + m - 1 of its stream, from where the last ones ended."""
    functions = Thresholds(points=8)
    found, codes, _ = sample(functions, law)
    ahead, _, _ = sample(functions, law, start=0)
    longer = Sample(functions, law.on(functions.domain), codes, ahead._keys, start=0, members=1, m=7 + MEMBERS * M)
    np.testing.assert_array_equal(found.X.reshape(B, MEMBERS * M, 1), longer.X[:, 0, 7:])
    np.testing.assert_array_equal(found.y, (found.X[..., 0] >= codes[:, :1, None]).astype(np.uint8))


def test_a_part_of_the_rounds_has_the_examples_that_it_has_among_all():
    found, _, x = sample(Thresholds(points=8), Uniform())
    part = found.rows(5, 9)
    assert (part.size, part.members, part.m) == (4, MEMBERS, M)
    np.testing.assert_array_equal(part.X, found.X[5:9])
    np.testing.assert_array_equal(part.y, found.y[5:9])
    np.testing.assert_array_equal(part.point_hits(x[5:9]), found.point_hits(x)[5:9])


def written():
    X = np.arange(12).reshape(3, 4, 1)
    return WrittenSample(Thresholds(points=12), X.copy(), (X[..., 0] >= 6).astype(np.uint8)), X


def test_examples_cannot_be_written_to_whoever_has_made_them():
    found, _, _ = sample(Thresholds(points=8), Uniform())
    for one in (found, found.rows(0, 2), written()[0], written()[0].rows(0, 2)):
        for array in (one.X, one.y):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


def test_examples_that_are_given_are_one_member_s_and_are_not_counted_without_reading():
    one, X = written()
    assert (one.size, one.members, one.m) == (3, 1, 4)
    np.testing.assert_array_equal(one.X[:, 0], X)
    part = one.rows(1, 3)
    assert part.size == 2
    np.testing.assert_array_equal(part.X[:, 0], X[1:])
    np.testing.assert_array_equal(part.y[:, 0], X[1:, :, 0] >= 6)
    assert one.point_hits(X[:, 0]) is None
    assert one.witness_hits(X[:, 0]) is None
