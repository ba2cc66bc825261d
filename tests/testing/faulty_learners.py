"""Learners that break their contract in one way each; most predict 1 unless told otherwise."""

from __future__ import annotations

import dataclasses

import numpy as np

from backdoor_game import AllFunctions, BackdoorGame, Closure, Learner, MissingCapability, ProperLearner, Uniform
from backdoor_game.ground.spec import text
from backdoor_game.players.learners import Memorizer
from tests.testing.faulty import FEW, Fault
from tests.testing.searching import stolen


@dataclasses.dataclass(frozen=True)
class Sound(Learner):
    """Predicts the majority of its labels, 1 on a tie: nothing is wrong with it."""

    bias: int = 0

    def predict_block(self, sample, x, keys):
        return (2 * sample.y.sum(axis=2) + self.bias >= sample.m).astype(np.uint8)


class LearnsNothing(Sound):
    """Refuses every class."""

    def prepare(self, functions, m):
        raise MissingCapability("no class is good enough")


class ForgetsItsSpec(Sound):
    """Adds one to its parameter whenever it is made."""

    def __post_init__(self):
        object.__setattr__(self, "bias", self.bias + 1)


class ForgetsWhenPickled(Sound):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


class Scores(Sound):
    """Predicts how many labels are 1."""

    def predict_block(self, sample, x, keys):
        return sample.y.sum(axis=2).astype(np.uint8)


COUNTER = iter(range(10**9))


class Counts(Sound):
    """Takes turns."""

    def predict_block(self, sample, x, keys):
        return np.full((sample.size, sample.members), next(COUNTER) % 2, dtype=np.uint8)

    def votes(self, sample, x, labels, keys):
        return (Sound().predict_block(sample, x, keys) != labels[:, None]).sum(axis=1)


class Peeks(Sound):
    """Asks the function that labels its examples."""

    def predict_block(self, sample, x, keys):
        labels = sample.functions.evaluate(sample._codes, x[:, None])
        return np.repeat(labels, sample.members, axis=1)


class CopiesItsNeighbour(Sound):
    """Trains every member on the examples of the first."""

    def predict_block(self, sample, x, keys):
        return np.repeat(super().predict_block(sample, x, keys)[:, :1], sample.members, axis=1)


class FollowsTheFirst(Sound):
    """Predicts for every row what it predicts for the first."""

    def predict_block(self, sample, x, keys):
        return np.repeat(super().predict_block(sample, x, keys)[:1], sample.size, axis=0)


class WritesIntoItsSample(Sound):
    """Sorts its labels in place."""

    def predict_block(self, sample, x, keys):
        sample.y.setflags(write=True)
        sample.y.sort(axis=2)
        return super().predict_block(sample, x, keys)


class TwoMinds(Sound):
    """Predicts 0 where it is asked for one round alone."""

    def predict(self, functions, X, y, x, rng):
        return 0


class Miscounts(Sound):
    """Counts the members that agree."""

    def votes(self, sample, x, labels, keys):
        return sample.members - super().votes(sample, x, labels, keys)


@dataclasses.dataclass(frozen=True)
class Improper(ProperLearner):
    """Learns codes that the class does not have, and predicts 0."""

    def learn_block(self, sample, keys):
        return np.full((sample.size, sample.members, sample.functions.code_length), -1).astype(np.int64)

    def predict_block(self, sample, x, keys):
        return np.zeros((sample.size, sample.members), dtype=np.uint8)


class Boasts(Closure):
    """States half of its error."""

    def expected_error(self, d, m):
        return 0.5 * d / (m + 1)


class CountsCopies(Sound):
    """Declares that the majority of a set is the majority of a sample."""

    order_free = True

    def error_probability(self, functions, distribution, m, codes, x):
        return None


class MisjudgesItself(Memorizer):
    """States no error at all."""

    order_free = False

    def error_probability(self, functions, distribution, m, codes, x):
        return np.zeros(len(codes))


@dataclasses.dataclass(frozen=True)
class SearchesSeeds(Sound):
    """Finds the seed that its keys follow from, in a game that it was told of, and with it the labels that are drawn.

    Predicts as `Sound` where it finds none.
    """

    game: BackdoorGame = FEW[1]

    def predict_block(self, sample, x, keys):
        predicted = Sound.predict_block(self, sample, x, keys)
        if sample.functions != self.game.functions:
            return predicted
        for turn in (0, 1):
            chosen, known = stolen(text(self.game), f"defender/{turn}", "choose", keys)
            labels = sample.functions.evaluate(sample.functions.sample_block(chosen), x[:, None])
            predicted = np.where(known[:, None], labels, predicted)
        return predicted


@dataclasses.dataclass(frozen=True)
class SearchesSeedsInVotes(Memorizer):
    """Does the same where the engine counts votes, in a game of the check's own, and is honest in what it predicts."""

    def votes(self, sample, x, labels, keys):
        counted = super().votes(sample, x, labels, keys)
        if sample.functions != AllFunctions(points=4):
            return counted
        game = BackdoorGame(sample.functions, 0.25, Uniform())
        known = [stolen(text(game), f"defender/{turn}", "choose", keys)[1] for turn in (0, 1)]
        return np.where(known[0] | known[1], 0, counted)


FAULTS = (
    Fault("learns_a_class", LearnsNothing()),
    Fault("spec_reads_back", ForgetsItsSpec()),
    Fault("pickle_is_equal", ForgetsWhenPickled(bias=1)),
    Fault("predictions_are_labels", Scores()),
    Fault(
        "same_sample_same_predictions",
        Counts(),
        ("a_prediction_depends_on_its_own_row", "a_round_is_a_block_of_one", "votes_count_predictions"),
        "no two of its answers can be compared",
    ),
    Fault(
        "same_sample_same_predictions",
        Peeks(),
        ("a_round_is_a_block_of_one", "guesses_at_unseen_points"),
        "who asks the function is right where nothing is known, and helpless where examples come without it",
    ),
    Fault("a_prediction_depends_on_its_own_row", CopiesItsNeighbour()),
    Fault("a_prediction_depends_on_its_own_row", FollowsTheFirst()),
    Fault("a_round_is_a_block_of_one", TwoMinds()),
    Fault("leaves_its_sample_alone", WritesIntoItsSample()),
    Fault("votes_count_predictions", Miscounts()),
    Fault("hypotheses_are_members", Improper()),
    Fault("expected_error_is_not_exceeded", Boasts()),
    Fault("same_examples_same_prediction", CountsCopies()),
    Fault("error_probability_is_right", MisjudgesItself()),
    Fault("guesses_at_unseen_points", SearchesSeeds()),
    Fault("guesses_at_unseen_points", SearchesSeedsInVotes(), games=FEW[:1]),
)
