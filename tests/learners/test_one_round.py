"""Learners that write one round alone: the same numbers as in blocks, of any size, and old block learners play."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from backdoor_game import (
    BackdoorGame,
    BlockLearner,
    Closure,
    ContractError,
    DistillationEnsemble,
    Learner,
    Memorizer,
    NearestLegal,
    Thresholds,
    Uniform,
    estimate,
)
from backdoor_game.ground.streams import Generators, draws, role_keys
from backdoor_game.players.views.sample import Sample
from backdoor_game.testing import check_learner

GAME = BackdoorGame(Thresholds(points=16), "1/8", Uniform())
B, T, M = 7, 3, 5


@dataclasses.dataclass(frozen=True)
class Remembers(Learner):
    """`Memorizer`, from its definition: the label of a point that was seen, else 0."""

    def predict(self, functions, X, y, x, rng):
        seen = (x == X).all(axis=1)
        return y[seen][0] if seen.any() else 0


@dataclasses.dataclass(frozen=True)
class Tosses(Learner):
    """A coin."""

    def predict(self, functions, X, y, x, rng):
        return rng.integers(2)


@dataclasses.dataclass(frozen=True)
class Answers(Learner):
    """The same, whatever it is."""

    what: object = 2

    def predict(self, functions, X, y, x, rng):
        return ANSWERS[self.what]


@dataclasses.dataclass(frozen=True)
class Old(Learner):
    """As learners were written before there was a one-round form."""

    def predict_block(self, sample, x, keys):
        return Memorizer().predict_block(sample, x, keys)


ANSWERS = {0: 2, 1: -1, 2: 0.5, 3: None, 4: np.array([1]), 5: "1"}


def asked(rows=slice(None), members=T):
    codes = np.random.default_rng(0).integers(0, 17, (B, 1))[rows]
    keys = role_keys(3, "examples", "oracle/0", 0, B)[rows]
    sample = Sample(GAME.functions, GAME.distribution, codes, keys, start=0, members=members, m=M)
    x = np.arange(B, dtype=np.int64)[rows, None] * 2
    return sample, x, role_keys(3, "coins", "defender/0", 0, B)[rows]


def test_a_learner_of_one_round_predicts_what_its_definition_says():
    assert np.array_equal(Remembers().predict_block(*asked()), Memorizer().predict_block(*asked()))


def test_estimates_are_those_of_the_same_learner_in_blocks():
    def found(learner):
        defender = DistillationEnsemble(learner=learner, examples=6, members=3, threshold=0.5)
        return estimate(GAME, NearestLegal(), defender, rounds=300, seed=5)

    one, block = found(Remembers()), found(Memorizer())
    assert one.false_alarms == block.false_alarms
    assert one.detections == block.detections
    assert (one.false_alarms, one.detections) != (found(Closure()).false_alarms, found(Closure()).detections)


def test_member_t_of_a_round_has_the_coins_of_word_t_of_its_key():
    _, _, keys = asked()
    words = draws(keys, 0, T)
    wanted = [[Generators().keyed(word).integers(2) for word in row] for row in words]
    predicted = Tosses().predict_block(*asked())
    assert predicted.dtype == np.uint8
    assert predicted.tolist() == wanted
    assert 0 < predicted.sum() < B * T


def test_a_row_is_the_same_in_a_block_of_any_size():
    whole = Tosses().predict_block(*asked())
    for size in (1, 2, 3, B):
        parts = [Tosses().predict_block(*asked(slice(start, start + size))) for start in range(0, B, size)]
        assert np.array_equal(np.concatenate(parts), whole)
    assert np.array_equal(Tosses().predict_block(*asked(members=1))[:, 0], whole[:, 0])


def test_the_one_round_form_of_a_block_learner_is_a_block_of_one():
    sample, x, _ = asked()
    predicted = Memorizer().predict_block(sample, x, np.zeros(B, np.uint64))
    rng = np.random.default_rng(0)
    for r, t in np.ndindex(B, T):
        assert Memorizer().predict(GAME.functions, sample.X[r, t], sample.y[r, t], x[r], rng) == predicted[r, t]
    assert issubclass(Memorizer, BlockLearner)


@pytest.mark.parametrize("learner", [Remembers(), Tosses(), Old()], ids=lambda learner: type(learner).__name__)
def test_every_form_passes_its_battery(learner):
    found = {result.name: result for result in check_learner(learner)}
    assert [result for result in found.values() if result.status == "failed"] == []
    assert found["a_round_is_a_block_of_one"].status == "passed"


def test_a_learner_of_before_plays_and_answers_one_round_too():
    assert np.array_equal(Old().predict_block(*asked()), Memorizer().predict_block(*asked()))
    sample, x, _ = asked()
    one = Old().predict(GAME.functions, sample.X[0, 0], sample.y[0, 0], x[0], np.random.default_rng(0))
    assert one == Memorizer().predict_block(*asked())[0, 0]


def test_a_learner_that_writes_neither_form_is_abstract():
    class Neither(Learner):
        pass

    with pytest.raises(TypeError, match="predict"):
        Neither()


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_that_is_no_label_is_the_learner_s_fault_by_name(what):
    with pytest.raises(ContractError, match=r"predict\(\) of .*Answers must return 0 or 1, got"):
        Answers(what).predict_block(*asked())


def test_what_it_is_shown_is_read_only():
    @dataclasses.dataclass(frozen=True)
    class Writes(Learner):
        def predict(self, functions, X, y, x, rng):
            for array in (X, y, x):
                with pytest.raises(ValueError, match="read-only"):
                    array[:] = 0
            return 1

    sample, x, keys = asked()
    assert Writes().predict_block(sample, x, keys).all()
    assert x.flags.writeable
