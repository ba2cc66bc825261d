"""Detectors, backdoors and data sets that break their contract in one way each."""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from backdoor_game import (
    Activation,
    BudgetExceeded,
    CLWEBackdoor,
    Detector,
    GaussianLinear,
    Key,
    RandomFourierFeatures,
    StaticDetection,
)
from backdoor_game.ground.spec import text
from tests.testing.faulty import Fault
from tests.testing.searching import branches

FOURIER, PLANE = RandomFourierFeatures(features=12, dimension=6), GaussianLinear(dimension=6, train=30, test=6)
GAMES = (StaticDetection(FOURIER, PLANE), Activation(FOURIER, PLANE))
COUNTER = iter(range(10**9))


class ForgetsWhenPickled:
    """Comes back from its pickle as what it is by default."""

    def __reduce__(self):
        return type(self), ()


@dataclasses.dataclass(frozen=True)
class SoundDetector(Detector):
    """The share of 1s among some fresh inputs: nothing is wrong with it."""

    asks: int = 3

    def suspicion(self, view, rng):
        return float(view.f(view.inputs(self.asks)).mean())


class SearchesSeeds(SoundDetector):
    """Finds the seed that its coins follow from, and with it the coin of the round."""

    def suspicion(self, view, rng):
        branch, known = branches(text(view.game), rng.bit_generator.state["state"]["key"][:1])
        return float(branch[0]) if known[0] else super().suspicion(view, rng)


class PreparesAnew(SoundDetector):
    """Asks another number of times whenever it is prepared."""

    def prepare(self, game):
        return dataclasses.replace(self, asks=3 + next(COUNTER) % 97)


class DetectorForgetsItsSpec(SoundDetector):
    """Adds one to its parameter whenever it is made."""

    def __post_init__(self):
        object.__setattr__(self, "asks", self.asks + 1)


class ForgetfulDetector(ForgetsWhenPickled, SoundDetector):
    """Loses its parameter."""


class Doubles(SoundDetector):
    """Says 2 and more."""

    def suspicion(self, view, rng):
        return 2.0 + super().suspicion(view, rng)


class TakesTurns(SoundDetector):
    """Says another thing each time."""

    def suspicion(self, view, rng):
        return super().suspicion(view, rng) / (1 + next(COUNTER))


class Averages(SoundDetector):
    """Says of every round what it thinks on the whole."""

    def suspicion_block(self, view):
        answers = super().suspicion_block(view) * np.arange(1, len(view) + 1)
        return np.full(len(view), answers.mean() / len(view))


class Scribbles(SoundDetector):
    """Writes into the user's data."""

    def suspicion(self, view, rng):
        X = view.train.X
        X.setflags(write=True)
        X[0] += 1.0
        return super().suspicion(view, rng)


class Reads(SoundDetector):
    """Reads the code and does not say so."""

    def suspicion(self, view, rng):
        return float(view.f.code[0] > 0) * super().suspicion(view, rng)


class BreaksOverBudget(SoundDetector):
    """Has no answer to a refusal."""

    def suspicion(self, view, rng):
        try:
            return super().suspicion(view, rng)
        except BudgetExceeded:
            raise RuntimeError("no budget, no answer") from None


class SoundBackdoor(CLWEBackdoor):
    """Nothing is wrong with it."""


class PlantsNothingFinite(SoundBackdoor):
    """Its model is no member of any class."""

    def plant(self, functions, X, y, rng):
        model, key = super().plant(functions, X, y, rng)
        broken = functions.function(np.where(np.arange(len(model.code)) == 0, np.nan, model.code))
        return broken, key.of(broken)


class BackdoorForgetsItsSpec(SoundBackdoor):
    """Touches one coordinate more whenever it is made."""

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "k", self.k + 1)


class ForgetfulBackdoor(ForgetsWhenPickled, SoundBackdoor):
    """Loses its parameters."""


class DrawsElsewhere(SoundBackdoor):
    """Draws from a generator of its own."""

    def plant(self, functions, X, y, rng):
        return super().plant(functions, X, y, np.random.default_rng(next(COUNTER)))


class SeedsTheProcess(RandomFourierFeatures):
    """Draws its coins by NumPy's global generator, which it seeds from the one that it is given."""

    def coins(self, rng):
        np.random.seed(int(rng.integers(2**31)))  # noqa: NPY002
        return super().coins(np.random.default_rng(int(np.random.randint(2**31))))  # noqa: NPY002


class SeedsWhilePlanting(SoundBackdoor):
    """Seeds NumPy's global generator from the one that it is given."""

    def plant(self, functions, X, y, rng):
        np.random.seed(int(rng.integers(2**31)))  # noqa: NPY002
        return super().plant(functions, X, y, np.random.default_rng(int(np.random.randint(2**31))))  # noqa: NPY002


class KeepsALastSeed(RandomFourierFeatures):
    """Leaves the seed of its coins in its class on the way to them, where another thread writes as well."""

    def coins(self, rng):
        type(self).seed = int(rng.integers(2**31))
        time.sleep(0.002)
        return super().coins(np.random.default_rng(type(self).seed))


class Rescales(SoundBackdoor):
    """Doubles the user's data in place."""

    def plant(self, functions, X, y, rng):
        X.setflags(write=True)
        X *= 2.0
        return super().plant(functions, X, y, rng)


class MovesTogether(SoundBackdoor):
    """Moves every input by the mean of all."""

    def activated(self, model, key, X, target):
        return super().activated(model, key, X, target) + X.mean(axis=0)


class OpensEverything(SoundBackdoor):
    """Its keys name no model."""

    def plant(self, functions, X, y, rng):
        model, key = super().plant(functions, X, y, rng)
        return model, dataclasses.replace(key, model="")


class HalfAKey(Key):
    """Saves itself in single precision."""

    def save(self, path):
        Key(self.kind, self.model, {name: part.astype(np.float32) for name, part in self.values.items()}).save(path)


class CannotBeSaved(SoundBackdoor):
    """Its key does not come back as it was."""

    def plant(self, functions, X, y, rng):
        model, key = super().plant(functions, X, y, rng)
        return model, HalfAKey(key.kind, key.model, key.values)


class Leaks(SoundBackdoor):
    """Writes its key over the last weights."""

    def plant(self, functions, X, y, rng):
        model, key = super().plant(functions, X, y, rng)
        code = model.code.copy()
        code[-functions.dimension :] = key.values["bk"]
        leaky = functions.function(code)
        return leaky, key.of(leaky)


class SoundData(GaussianLinear):
    """Nothing is wrong with it."""


class DataForgetsItsSpec(SoundData):
    """Has one test example more whenever it is made."""

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "test", self.test + 1)


class ForgetfulData(ForgetsWhenPickled, SoundData):
    """Loses its parameters."""


class OneClass(SoundData):
    """Hands out one label alone."""

    def split(self, rng):
        found = super().split(rng)
        return dataclasses.replace(found, y=np.ones_like(found.y))


class Drifts(SoundData):
    """Hands out another split each time."""

    def split(self, rng):
        return super().split(np.random.default_rng(next(COUNTER)))


READ_AGAIN = "its spec as prepared is read again"
FAULTS = (
    Fault("prepares", PreparesAnew(), games=GAMES),
    Fault("spec_reads_back", DetectorForgetsItsSpec(), ("prepares",), READ_AGAIN, games=GAMES),
    Fault("pickle_is_equal", ForgetfulDetector(asks=2), games=GAMES),
    Fault(
        "suspicion_lies_in_0_1", Doubles(), ("wins_no_more_under_small_seeds",), "the engine refuses to play it", GAMES
    ),
    Fault(
        "same_seed_same_suspicions",
        TakesTurns(),
        ("a_suspicion_depends_on_its_own_round",),
        "no two of its answers can be compared",
        games=GAMES,
    ),
    Fault("a_suspicion_depends_on_its_own_round", Averages(), games=GAMES),
    Fault("leaves_its_view_alone", Scribbles(), games=GAMES),
    Fault("plays_in_a_black_box", Reads(), games=GAMES),
    Fault("over_budget_loses_the_branch", BreaksOverBudget(), games=GAMES),
    Fault("wins_no_more_under_small_seeds", SearchesSeeds(), games=GAMES),
    Fault("plants", PlantsNothingFinite(k=4), games=GAMES),
    Fault("spec_reads_back", BackdoorForgetsItsSpec(k=4), games=GAMES),
    Fault("pickle_is_equal", ForgetfulBackdoor(k=5), games=GAMES),
    Fault("same_seed_same_model_and_key", DrawsElsewhere(k=4), games=GAMES),
    Fault("same_seed_same_model_and_key", SeedsWhilePlanting(k=4), games=GAMES),
    Fault("a_sample_depends_on_its_own_key", SeedsTheProcess(features=12, dimension=6), games=None),
    Fault("a_sample_depends_on_its_own_key", KeepsALastSeed(features=12, dimension=6), games=None),
    Fault("leaves_its_data_alone", Rescales(k=4), games=GAMES),
    Fault("activated_inputs_are_inputs", MovesTogether(k=4), games=GAMES),
    Fault("a_key_opens_its_own_model_alone", OpensEverything(k=4), games=GAMES),
    Fault("saved_keys_are_the_same", CannotBeSaved(k=4), games=GAMES),
    Fault("a_readable_model_holds_no_key", Leaks(k=4), games=GAMES),
    Fault("spec_reads_back", DataForgetsItsSpec(dimension=4), games=None),
    Fault("pickle_is_equal", ForgetfulData(dimension=4), games=None),
    Fault("splits_are_examples", OneClass(dimension=4, train=20, test=5), games=None),
    Fault("same_seed_same_split", Drifts(dimension=4, train=20, test=5), games=None),
)
