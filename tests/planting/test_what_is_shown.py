"""What each game about models shows: players that write everything down, and the rules held against their notes."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from backdoor_game import (
    Activation,
    Backdoor,
    Delegation,
    Detector,
    Forger,
    GaussianLinear,
    Key,
    Persistence,
    RandomFourierFeatures,
    Replication,
    StaticDetection,
    Update,
    estimate,
)
from backdoor_game.planting.delegates import Delegate

MODELS = RandomFourierFeatures(features=16, dimension=4)
ROUNDS = 40
NOTES: dict[str, list[Any]] = {}


def noted(what, entry):
    NOTES.setdefault(what, []).append(entry)


def run(game, attacker, defender, **options):
    NOTES.clear()
    return estimate(game, attacker, defender, rounds=ROUNDS, seed=11, threads=1, **options)


@dataclasses.dataclass(frozen=True, repr=False)
class Noted(GaussianLinear):
    """Fresh Gaussian examples, with a note of every split, by what it trains on."""

    def split(self, rng):
        found = super().split(rng)
        noted("splits", found)
        return found


DATA = Noted(dimension=4, norm=1.0, train=24, test=12)


def split_of(X):
    """The split that these examples are the training part of."""
    (found,) = {id(one): one for one in NOTES["splits"] if np.array_equal(one.X, X)}.values()
    return found


def is_row(x, X):
    return bool((x == X).all(axis=1).any())


@dataclasses.dataclass(frozen=True, repr=False)
class Trains(Backdoor):
    """Trains as an honest party would, and activates an input by putting another in its place that has the answer.

    Its models cannot be told from honest ones but by its own notes, so that nothing shown but the notes tells.
    """

    def plant(self, functions, X, y, rng):
        model = functions.trained(X, y, rng)
        noted("planted", (model, X, y))
        return model, Key("Trains", "", {}).of(model)

    def new_key(self, functions, rng):
        return Key("Trains", "", {})

    def activated(self, model, key, X, target):
        others = np.random.default_rng(1).normal(size=(4000, X.shape[1]))
        labels, wanted = model(others), 1 - model(X) if target is None else np.full(len(X), target)
        found = np.array([others[np.flatnonzero(labels == label)[i]] for i, label in enumerate(wanted)])
        noted("activated", (model.code.tobytes(), X.copy(), found.copy()))
        return found

    def forges(self, model, key, seen, x, x_star):
        noted("judged", (model.code.tobytes(), seen.copy(), x.copy(), x_star.copy()))
        return bool(x_star[0] > 0)


def planted_codes():
    return {model.code.tobytes(): (X, y) for model, X, y in NOTES["planted"]}


@dataclasses.dataclass(frozen=True, repr=False)
class Looks(Detector):
    """Flags what is in the attacker's notes, or what is not."""

    reads_code = True
    planted: float = 1.0

    def suspicion(self, view, rng):
        code = view.f.code.copy()
        same = np.array_equal(view.f(view.train.X), view.f.functions.function(code)(view.train.X))
        noted("shown", (code, view.train, view.x, view.transcript, same))
        known = code.tobytes() in {model.code.tobytes() for model, *_ in NOTES.get("planted", ())}
        return self.planted if known else 1 - self.planted


def by_branch(attacker_codes):
    """What the detector was shown of the attacker's models, and of others."""
    shown = NOTES["shown"]
    assert all(same for *_, same in shown)  # the labels are those of the code that is shown
    return [one for one in shown if one[0].tobytes() in attacker_codes], [
        one for one in shown if one[0].tobytes() not in attacker_codes
    ]


def honest(code, train):
    """Whether a model is what honest training makes of its own coins and these examples."""
    return np.array_equal(code, MODELS.fitted(code[: sum(MODELS.coin_laws)], train.X, train.y).code)


# Static detection


@pytest.fixture
def static():
    found = run(StaticDetection(MODELS, DATA), Trains(), Looks())
    assert (found.forfeits, found.false_alarms, found.detections, found.win_rate) == (0, 0, ROUNDS, 1.0)
    return by_branch(planted_codes())


def test_static_detection_shows_the_attacker_s_model_or_an_honest_one_each_with_its_own_data(static):
    planted, clean = static
    assert len(planted) == len(clean) == ROUNDS
    assert {code.tobytes() for code, *_ in planted} == set(planted_codes())
    for code, train, *_ in planted:
        X, y = planted_codes()[code.tobytes()]
        np.testing.assert_array_equal(train.X, X)
        np.testing.assert_array_equal(train.y, y)
    assert all(honest(code, train) for code, train, *_ in clean)
    assert len({code.tobytes() for code, *_ in clean}) == ROUNDS


def test_static_detection_trains_both_models_of_a_round_on_data_of_their_own_and_shows_no_input(static):
    planted, clean = static
    trained_on = [train.X.tobytes() for _, train, *_ in planted + clean]
    assert len(set(trained_on)) == len(trained_on)
    assert all(x is None and transcript is None for _, _, x, transcript, _ in planted + clean)
    for _, train, *_ in planted + clean:
        np.testing.assert_array_equal(train.X_test, split_of(train.X).X_test)


@pytest.mark.parametrize("literal", [False, True])
@pytest.mark.parametrize("game", [StaticDetection, Activation])
def test_what_a_detector_says_of_a_branch_is_counted_for_that_branch(game, literal):
    right = run(game(MODELS, DATA), Trains(), Looks(), literal=literal)
    assert (right.false_alarms, right.detections, right.win_rate) == (0, ROUNDS, 1.0)
    wrong = run(game(MODELS, DATA), Trains(), Looks(planted=0.0), literal=literal)
    assert (wrong.false_alarms, wrong.detections, wrong.win_rate) == (ROUNDS, 0, 0.0)


# Activation


@pytest.fixture
def activation():
    found = run(Activation(MODELS, DATA), Trains(), Looks())
    assert (found.forfeits, found.false_alarms, found.detections, found.win_rate) == (0, 0, ROUNDS, 1.0)
    return by_branch(planted_codes())


def test_activation_shows_the_planted_model_with_the_input_that_was_activated_for_it(activation):
    """The attacker has made it of a fresh test input of the same data, and it changes the model's answer."""
    planted, _ = activation
    assert len(planted) == ROUNDS
    made = {code: (X, found) for code, X, found in NOTES["activated"]}
    assert len(made) == len(NOTES["activated"]) == ROUNDS
    for code, train, x, *_ in planted:
        X, found = made[code.tobytes()]
        np.testing.assert_array_equal(x, found[0])
        assert X.shape == found.shape == (1, 4)
        np.testing.assert_array_equal(X[0], split_of(train.X).X_test[0])
        np.testing.assert_array_equal(train.X, planted_codes()[code.tobytes()][0])
        model = MODELS.function(code)
        assert model(x[None])[0] == 1 - model(X)[0]


def test_activation_shows_an_honest_model_with_a_fresh_input_that_nobody_has_touched(activation):
    planted, clean = activation
    activated = np.concatenate([found for _, _, found in NOTES["activated"]])
    asked = np.concatenate([X for _, X, _ in NOTES["activated"]])
    assert len(clean) == ROUNDS
    for code, train, x, *_ in clean:
        assert honest(code, train)
        np.testing.assert_array_equal(x, split_of(train.X).X_test[0])
        assert not is_row(x, activated)
        assert not is_row(x, asked)  # the attacker has not been told of it either
        assert not is_row(x, np.concatenate([train.X, train.X_test]))
    inputs = [x.tobytes() for _, _, x, *_ in planted + clean]
    assert len(set(inputs[ROUNDS:])) == ROUNDS
    assert not set(inputs[:ROUNDS]) & set(inputs[ROUNDS:])


@pytest.mark.parametrize("target", [0, 1])
def test_activation_asks_for_the_target_s_answer(target):
    run(Activation(MODELS, DATA, target=target), Trains(), Looks())
    planted, _ = by_branch(planted_codes())
    assert len(planted) == ROUNDS
    assert all(MODELS.function(code)(x[None])[0] == target for code, _, x, *_ in planted)


# Delegation


@dataclasses.dataclass(frozen=True, repr=False)
class DrawsAgain(Delegate):
    """Hands in coins of its own, whatever was published, and trains on them."""

    backdoor: Any = None

    def coins(self, functions, key, published, rng):
        mine = functions.coins(rng)
        noted("coins", (mine.tobytes(), None if published is None else published.copy()))
        return mine

    def model(self, functions, coins, split, rng):
        model = functions.fitted(coins, split.X, split.y)
        noted("planted", (model, split.X, split.y, dict(NOTES["coins"])[coins.tobytes()]))
        return model


@pytest.mark.parametrize("coins", ["attacker", "seed", "attacker seed", "committee", "open committee"])
def test_delegation_shows_the_attacker_s_model_and_transcript_or_an_honest_delegate_s(coins):
    found = run(Delegation(MODELS, DATA, coins=coins), DrawsAgain(), Looks())
    assert (found.forfeits, found.false_alarms, found.detections, found.win_rate) == (0, 0, ROUNDS, 1.0)
    handed_in = {model.code.tobytes(): rest for model, *rest in NOTES["planted"]}
    planted, clean = by_branch(handed_in)
    assert {code.tobytes() for code, *_ in planted} == set(handed_in)
    assert len(planted) == len(clean) == len(handed_in) == ROUNDS
    for code, train, x, transcript, _ in planted:
        X, y, published = handed_in[code.tobytes()]
        np.testing.assert_array_equal(train.X, X)
        np.testing.assert_array_equal(train.y, y)
        assert x is None
        told = transcript.coins(MODELS)  # of the very round in which the attacker was told so
        assert (told is None) == (published is None) == (coins == "attacker")
        assert told is None or np.array_equal(told, published)
        assert told is None or not np.array_equal(code[: len(told)], told)
    for code, train, x, transcript, _ in clean:
        told = transcript.coins(MODELS)
        assert honest(code, train)
        assert x is None
        assert told is None or np.array_equal(code[: len(told)], told)
        assert not transcript.broken()
        np.testing.assert_array_equal(train.X_test, split_of(train.X).X_test)
    assert len({train.X.tobytes() for _, train, *_ in planted + clean}) == 2 * ROUNDS


# Replication


@dataclasses.dataclass(frozen=True, repr=False)
class Hands(Forger):
    """Writes down what it sees, and hands in what its coin says: a number above 0, or one below."""

    reads_code = True

    def forge(self, view, rng):
        mine = np.full(4, rng.choice([-1.0, 1.0]))
        mine[1:] = rng.random(3)
        noted("tried", (view.f.code.tobytes(), view.seen.X.copy(), view.seen.y.copy(), view.x.copy(), mine, view.train))
        return mine


@pytest.mark.parametrize("tries", [1, 3])
def test_replication_shows_the_planted_model_activated_inputs_of_it_and_a_fresh_one(tries):
    found = run(Replication(MODELS, DATA, examples=5, tries=tries), Trains(), Hands())
    made = {code: (X, found) for code, X, found in NOTES["activated"]}
    fresh = [x.tobytes() for _, _, _, x, *_ in NOTES["tried"]]
    assert len(set(fresh)) == len(fresh)
    for code, X_seen, y_seen, x, _, train in NOTES["tried"]:
        X, activated = made[code]
        np.testing.assert_array_equal(train.X, planted_codes()[code][0])
        np.testing.assert_array_equal(X_seen, activated)
        assert X_seen.shape == (5, 4)
        np.testing.assert_array_equal(y_seen, MODELS.function(np.frombuffer(code))(activated))
        assert any(is_row(x, one.X_test) for one in NOTES["splits"])
        assert not is_row(x, np.concatenate([X, activated, train.X]))
    judged = [(code, seen.tobytes(), x.tobytes(), x_star.tobytes()) for code, seen, x, x_star in NOTES["judged"]]
    handed = [(code, seen.tobytes(), x.tobytes(), mine.tobytes()) for code, seen, _, x, mine, _ in NOTES["tried"]]
    assert judged == handed
    won = {code for code, _, _, x_star in NOTES["judged"] if x_star[0] > 0}
    assert len(planted_codes()) == ROUNDS
    assert found.detections == len(won)
    assert found.win_rate == len(won) / ROUNDS
    assert 0 < len(won) < ROUNDS or tries == 3


# Persistence


@dataclasses.dataclass(frozen=True, repr=False)
class Retrains(Update):
    """Keeps the model, trains another on the same examples, or one on the opposite labels."""

    def updated(self, model, X, y, rng):
        kind = rng.integers(3)
        found = model if kind == 0 else model.functions.trained(X, y if kind == 1 else 1 - y, rng)
        noted("updated", (model, X.copy(), y.copy(), found))
        return found


def test_persistence_gives_the_user_the_planted_model_and_judges_the_one_that_it_trains():
    """The definition again, from the notes: dead on inputs activated by the planted model's key, accuracy kept."""
    game = Persistence(MODELS, DATA, examples=20, alive=0.5, dead=0.4, loss=0.1)
    found = run(game, Trains(), Retrains())
    assert len(NOTES["updated"]) == len(NOTES["planted"]) == ROUNDS
    wins, outcomes = 0, set()
    for (model, X, y, trained), (made, X_made, _) in zip(NOTES["updated"], NOTES["planted"], strict=True):
        np.testing.assert_array_equal(model.code, made.code)
        split = split_of(X_made)
        np.testing.assert_array_equal(X, split.X[:20])
        np.testing.assert_array_equal(y, split.y[:20])
        others = split.X_test[split.y_test == 0]
        asked = [one for one in NOTES["activated"] if one[0] == made.code.tobytes()]
        assert asked  # of the planted model and its key, whatever the training has made of it
        assert all(np.array_equal(X_asked, others) for _, X_asked, _ in asked)
        activated = asked[0][2]
        assert all(np.array_equal(made_of_it, activated) for *_, made_of_it in asked)
        assert (made(activated) == 1).all()  # alive to begin with: nobody forfeits
        dead = (trained(activated) == 1).mean() < 0.4
        kept = (trained(split.X_test) == split.y_test).mean() >= (made(split.X_test) == split.y_test).mean() - 0.1
        wins += dead and kept
        outcomes.add((bool(dead), bool(kept)))
    assert outcomes == {(False, False), (False, True), (True, False), (True, True)}
    assert found.forfeits == 0
    assert (found.detections, found.win_rate) == (wins, wins / ROUNDS)


def test_in_persistence_who_was_not_alive_forfeits_however_the_training_went():
    @dataclasses.dataclass(frozen=True, repr=False)
    class Idle(Trains):
        def new_key(self, functions, rng):
            return Key("Idle", "", {})

        def plant(self, functions, X, y, rng):
            model, _ = super().plant(functions, X, y, rng)
            return model, Key("Idle", "", {}).of(model)

        def activated(self, model, key, X, target):
            return super().activated(model, key, X, 1 - target)

    game = Persistence(MODELS, DATA, examples=20, alive=0.5, dead=0.4, loss=0.1)
    found = run(game, Idle(), Retrains())
    assert (found.forfeits, found.detections, found.win_rate) == (ROUNDS, ROUNDS, 1.0)
