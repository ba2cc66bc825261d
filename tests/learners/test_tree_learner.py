"""The greedy learner of decision trees against its definition, and what it claims of itself."""

from __future__ import annotations

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    Conjunctions,
    DecisionTrees,
    DistillationEnsemble,
    GraftPath,
    MissingCapability,
    TreeLearner,
    Uniform,
    estimate,
)
from backdoor_game.players.views.sample import WrittenSample
from tests.functions.examples import fixed_keys
from tests.naive import decision_trees as naive


def learned(F, X, y):
    sample = WrittenSample(F, X, y)
    return TreeLearner().prepare(F, X.shape[1]).learn_block(sample, np.zeros(len(X), np.uint64))[:, 0]


@pytest.mark.parametrize("labels", ["realizable", "any"])
@pytest.mark.parametrize(("F", "m"), [
    (DecisionTrees(5, 6), 0), (DecisionTrees(5, 6), 1), (DecisionTrees(4, 5), 20), (DecisionTrees(9, 12), 63),
    (DecisionTrees(9, 8), 64), (DecisionTrees(7, 20), 130), (DecisionTrees(3, 1), 10),
])  # fmt: skip
def test_it_grows_the_tree_of_its_definition(F, m, labels):
    rng = np.random.default_rng(m)
    X = rng.integers(2, size=(30, m, F.bits), dtype=np.uint8)
    y = F.evaluate(F.sample_block(fixed_keys(30)), X)
    if labels == "any":
        y = rng.integers(2, size=y.shape, dtype=np.uint8)
    codes = learned(F, X, y)
    assert F.contains(codes).all()
    for code, rows, labels_of_rows in zip(codes.tolist(), X.tolist(), y.tolist(), strict=True):
        assert tuple(code) == naive.written(naive.learned(rows, labels_of_rows, F.leaves), F.code_length)


def test_it_fits_whatever_it_has_leaves_for_and_does_not_mind_the_order():
    F, rng = DecisionTrees(8, 64), np.random.default_rng(0)
    X = rng.integers(2, size=(50, 40, 8), dtype=np.uint8)
    y = F.evaluate(F.sample_block(fixed_keys(50)), X)
    codes = learned(F, X, y)
    np.testing.assert_array_equal(F.evaluate(codes, X), y)
    order = rng.permutation(40)
    np.testing.assert_array_equal(learned(F, X[:, order].copy(), y[:, order].copy()), codes)


def test_a_parity_gains_nothing_at_the_root_and_is_learned_all_the_same():
    F = DecisionTrees(2, 4)
    X = F.domain.points()[None]
    y = (X.sum(axis=2) % 2).astype(np.uint8)
    np.testing.assert_array_equal(F.evaluate(learned(F, X, y), X), y)


def test_it_votes_in_an_ensemble_and_finds_light_grafts():
    """255 examples miss a plant of mass 1/256 with probability .37, and know most of a tree of eight leaves."""
    game = BackdoorGame(DecisionTrees(12, 16), "1/256", Uniform())
    defender = DistillationEnsemble(TreeLearner(), members=5, examples=255, threshold=0.2)
    assert estimate(game, GraftPath(), defender, rounds=300, seed=1).low > 0.9


def test_it_learns_decision_trees_alone_and_claims_no_error():
    with pytest.raises(MissingCapability, match=r"TreeLearner\(\) learns DecisionTrees\(...\), not Conjunctions"):
        TreeLearner().prepare(Conjunctions(bits=3), 5)
    assert TreeLearner().expected_error(3, 5) is None
