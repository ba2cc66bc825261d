"""Obfuscators, forgers, delegates and updates that break their contract in one way each."""

from __future__ import annotations

import dataclasses

import numpy as np

from backdoor_game import (
    BudgetExceeded,
    Canonical,
    Delegate,
    Forger,
    GaussianLinear,
    MissingCapability,
    Obfuscator,
    Persistence,
    SigmoidNetworks,
    Update,
)
from backdoor_game.planting.delegates.base import published_or_own
from tests.testing.faulty import Fault
from tests.testing.faulty_models import ForgetsWhenPickled

COUNTER = iter(range(1, 10**9))
PLANE = GaussianLinear(dimension=6, train=30, test=6)
SIGMOIDS = (Persistence(SigmoidNetworks(features=3, dimension=6, epochs=3), PLANE),)


class ForgetsItsSpec:
    """Adds one to its parameter whenever it is made."""

    def __post_init__(self):
        object.__setattr__(self, "extra", self.extra + 1)


# Obfuscators


@dataclasses.dataclass(frozen=True)
class SoundObfuscator(Obfuscator):
    """Canonical circuits, and room for more: nothing is wrong with it."""

    extra: int = 0

    def gates(self, bits, size):
        return Canonical().gates(bits, size) + self.extra

    def obfuscate_block(self, functions, codes, keys):
        return Canonical().obfuscate_block(functions, codes, keys)

    def from_tables(self, functions, tables):
        return Canonical().from_tables(functions, tables)


class ObfuscatorForgetsItsSpec(ForgetsItsSpec, SoundObfuscator):
    pass


class ObfuscatorForgetsWhenPickled(ForgetsWhenPickled, SoundObfuscator):
    pass


class ChangesItsMind(SoundObfuscator):
    """Says that it needs another gate whenever it is asked."""

    def gates(self, bits, size):
        return super().gates(bits, size) + next(COUNTER) % 997


class Complements(SoundObfuscator):
    """Turns every output round."""

    def obfuscate_block(self, functions, codes, keys):
        made = super().obfuscate_block(functions, codes, keys)
        made[:, -1] ^= 1
        return made


class PadsAnew(SoundObfuscator):
    """Puts some functions under a gate that reads them twice, others whenever it is asked."""

    def obfuscate_block(self, functions, codes, keys):
        made, turn = super().obfuscate_block(functions, codes, keys), next(COUNTER)
        some = np.array([turn >> r & 1 for r in range(len(made))], dtype=bool)
        made[some] = wrapped(functions, made[some])
        return made


class PadsTheFirst(SoundObfuscator):
    """The same to the first row of a block alone."""

    def obfuscate_block(self, functions, codes, keys):
        made = super().obfuscate_block(functions, codes, keys)
        if len(made) > 1:
            made[:1] = wrapped(functions, made[:1])
        return made


class WritesIntoCodes(SoundObfuscator):
    """Turns the output of what it is given once it is done."""

    def obfuscate_block(self, functions, codes, keys):
        made = super().obfuscate_block(functions, codes, keys)
        codes[:, -1] ^= 1
        return made


class ComplementsTables(SoundObfuscator):
    """Turns round what it is given as a table."""

    def from_tables(self, functions, tables):
        return Canonical().from_tables(functions, ~tables & np.uint64(2 ** 2 ** min(functions.bits, 6) - 1))


def wrapped(functions, codes):
    """The same functions, the output read twice by the last gate."""
    out = codes.copy()
    out[:, -3] = out[:, -2] = codes[:, -1]
    out[:, -1] = 2 * (functions.bits + functions.gates)
    return out


# Forgers


@dataclasses.dataclass(frozen=True)
class SoundForger(Forger):
    """Nature's input, a coin added to each coordinate after questions about it: nothing is wrong with it."""

    extra: int = 1

    def forge(self, view, rng):
        return view.x + view.f(view.inputs(self.extra)).mean() + rng.integers(2, size=view.x.shape)


class ForgerForgetsItsSpec(ForgetsItsSpec, SoundForger):
    pass


class ForgerForgetsWhenPickled(ForgetsWhenPickled, SoundForger):
    pass


class ForgerPreparesAnew(SoundForger):
    """Asks another number of questions whenever it is prepared."""

    def prepare(self, game):
        return dataclasses.replace(self, extra=1 + next(COUNTER) % 97)


class ForgesLabels(SoundForger):
    """Hands in integers."""

    def forge(self, view, rng):
        return super().forge(view, rng).astype(np.int64)


class ForgesByTurns(SoundForger):
    """Counts its tries."""

    def forge(self, view, rng):
        return super().forge(view, rng) + next(COUNTER)


class WritesIntoSeen(SoundForger):
    """Sorts what was seen."""

    def forge(self, view, rng):
        view.seen.X.setflags(write=True)
        view.seen.X.sort(axis=1)
        return super().forge(view, rng)


class BreaksWhenPoor(SoundForger):
    """Takes what the meter refuses for something else."""

    def forge(self, view, rng):
        try:
            return super().forge(view, rng)
        except BudgetExceeded:
            raise KeyError("no inputs") from None


# Delegates


@dataclasses.dataclass(frozen=True)
class SoundDelegate(Delegate):
    """Keeps the coins: nothing is wrong with it."""

    backdoor: None = None
    extra: int = 0
    plants = False

    def coins(self, functions, key, published, rng):
        return published_or_own(functions, published, rng)


class DelegateForgetsItsSpec(ForgetsItsSpec, SoundDelegate):
    def __post_init__(self):
        ForgetsItsSpec.__post_init__(self)


class DelegateForgetsWhenPickled(ForgetsWhenPickled, SoundDelegate):
    pass


class DelegatePreparesAnew(SoundDelegate):
    """Comes back another whenever it is prepared."""

    def prepare(self, game):
        return dataclasses.replace(self, extra=1 + next(COUNTER) % 997)


class HandsInLists(SoundDelegate):
    """Hands in its coins as a list."""

    def coins(self, functions, key, published, rng):
        return published_or_own(functions, published, rng).tolist()


class DelegateTakesTurns(SoundDelegate):
    """Other coins whenever it is asked; it does not say that it keeps none."""

    plants = True

    def coins(self, functions, key, published, rng):
        return published_or_own(functions, published, np.random.default_rng(next(COUNTER)))


class WritesIntoData(SoundDelegate):
    """Makes the test inputs 0."""

    def model(self, functions, coins, split, rng):
        made = super().model(functions, coins, split, rng)
        for array in (split.X_test.base, split.X_test):
            array.setflags(write=True)
        split.X_test[:] = 0.0
        return made


class SaysItKeepsThem(SoundDelegate):
    """Hands in coins of its own, and says that it plants nothing."""

    def coins(self, functions, key, published, rng):
        return functions.coins(rng)


# Updates


@dataclasses.dataclass(frozen=True)
class SoundUpdate(Update):
    """Every weight a little smaller: nothing is wrong with it."""

    extra: int = 1

    def prepare(self, functions):
        if not isinstance(functions, SigmoidNetworks):
            raise MissingCapability("this needs sigmoids")
        return self

    def updated(self, model, X, y, rng):
        return model.functions.function(model.code * 0.99**self.extra)


class UpdateForgetsItsSpec(ForgetsItsSpec, SoundUpdate):
    pass


class UpdateForgetsWhenPickled(ForgetsWhenPickled, SoundUpdate):
    pass


class UpdatePreparesAnew(SoundUpdate):
    """Comes back another whenever it is prepared."""

    def prepare(self, functions):
        super().prepare(functions)
        return dataclasses.replace(self, extra=1 + next(COUNTER) % 997)


class HandsInCodes(SoundUpdate):
    """Returns the code in the place of the model."""

    def updated(self, model, X, y, rng):
        return model.code


class UpdatesByTurns(SoundUpdate):
    """Counts its models."""

    def updated(self, model, X, y, rng):
        return model.functions.function(model.code + next(COUNTER))


class WritesIntoExamples(SoundUpdate):
    """Turns the user's labels round."""

    def updated(self, model, X, y, rng):
        for array in (y.base, y):
            if array is not None:
                array.setflags(write=True)
        y[:] = 1 - y
        return super().updated(model, X, y, rng)


FAULTS = (
    Fault("works_on_circuits", ChangesItsMind()),
    Fault("spec_reads_back", ObfuscatorForgetsItsSpec()),
    Fault("pickle_is_equal", ObfuscatorForgetsWhenPickled(extra=1)),
    Fault("functions_are_kept", Complements()),
    Fault(
        "same_keys_same_circuits",
        PadsAnew(extra=1),
        ("a_circuit_depends_on_its_own_row",),
        "no two of its answers can be compared",
    ),
    Fault("a_circuit_depends_on_its_own_row", PadsTheFirst(extra=1)),
    Fault("leaves_its_circuits_alone", WritesIntoCodes()),
    Fault("tables_are_kept", ComplementsTables()),
    Fault("forges_in_a_game", ForgerPreparesAnew(), games=None),
    Fault("spec_reads_back", ForgerForgetsItsSpec(), games=None),
    Fault("pickle_is_equal", ForgerForgetsWhenPickled(extra=3), games=None),
    Fault(
        "forgeries_are_inputs",
        ForgesLabels(),
        ("same_seed_same_forgeries", "leaves_what_it_sees_alone", "over_budget_loses_the_round"),
        "the game breaks off where no input is handed in",
        games=None,
    ),
    Fault("same_seed_same_forgeries", ForgesByTurns(), games=None),
    Fault("leaves_what_it_sees_alone", WritesIntoSeen(), games=None),
    Fault("over_budget_loses_the_round", BreaksWhenPoor(), games=None),
    Fault("plays_a_protocol", DelegatePreparesAnew(), games=None),
    Fault("spec_reads_back", DelegateForgetsItsSpec(), games=None),
    Fault("pickle_is_equal", DelegateForgetsWhenPickled(extra=3), games=None),
    Fault(
        "every_step_has_its_form",
        HandsInLists(),
        ("same_seed_same_steps", "leaves_the_data_alone", "who_plants_nothing_hands_in_what_is_determined"),
        "the game breaks off at a step without its form",
        games=None,
    ),
    Fault("same_seed_same_steps", DelegateTakesTurns(), games=None),
    Fault("leaves_the_data_alone", WritesIntoData(), games=None),
    Fault("who_plants_nothing_hands_in_what_is_determined", SaysItKeepsThem(), games=None),
    Fault("trains_a_class", UpdatePreparesAnew(), games=SIGMOIDS),
    Fault("spec_reads_back", UpdateForgetsItsSpec(), games=SIGMOIDS),
    Fault("pickle_is_equal", UpdateForgetsWhenPickled(extra=3), games=SIGMOIDS),
    Fault(
        "updated_models_are_models",
        HandsInCodes(),
        ("same_seed_same_update",),
        "what is no model has no code to compare",
        games=SIGMOIDS,
    ),
    Fault("same_seed_same_update", UpdatesByTurns(), games=SIGMOIDS),
    Fault("leaves_its_examples_alone", WritesIntoExamples(), games=SIGMOIDS),
)
