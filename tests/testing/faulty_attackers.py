"""Attackers that break their contract in one way each."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from typing import Any

import numpy as np

from backdoor_game import (
    Attacker,
    BackdoorGame,
    BlockAttacker,
    Intervals,
    InvalidArgument,
    NoAttack,
    RandomLegal,
    Thresholds,
    Uniform,
    Weighted,
)
from backdoor_game.functions.table import table
from backdoor_game.ground.spec import text
from backdoor_game.players.attackers.base import NO_PLANT, PLANT
from tests.testing.faulty import Fault
from tests.testing.searching import stolen


@dataclasses.dataclass(frozen=True)
class Sound(Attacker):
    """Looks at random members until one is legal: nothing is wrong with it."""

    tries: int = 12

    def plant(self, view, rng):
        functions = view.game.functions
        drawn = (functions.function(functions.sample(rng)) for _ in range(self.tries))
        return next((g for g in drawn if view.legal(g)), None)


@dataclasses.dataclass(frozen=True)
class BreaksInPreparation(Sound):
    """Divides by zero where D is not uniform."""

    def prepare(self, game):
        return self if game.distribution.uniform_size() else 1 / 0


@dataclasses.dataclass(frozen=True)
class ChangesD(NoAttack):
    """Picks another D every time it is asked."""

    def distribution(self, game):
        share = next(COUNTER) % 7 / 7
        return Weighted([share, 1 - share])


@dataclasses.dataclass(frozen=True)
class ForgetsItsSpec(Sound):
    """Halves its parameter whenever it is made."""

    tries: int = 24

    def __post_init__(self):
        object.__setattr__(self, "tries", self.tries // 2)


@dataclasses.dataclass(frozen=True)
class ForgetsWhenPickled(Sound):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


@dataclasses.dataclass(frozen=True)
class TooFar(BlockAttacker):
    """Plants any member, close or not."""

    def plant_block(self, view):
        return view.functions.sample_block(view.keys), np.full(len(view), PLANT)


@dataclasses.dataclass(frozen=True)
class OffTheTrigger(BlockAttacker):
    """Plants f itself."""

    def plant_block(self, view):
        return view.chosen()[0], np.full(len(view), PLANT)


@dataclasses.dataclass(frozen=True)
class NoMember(Attacker):
    """Chooses a code that the class does not have."""

    def choose(self, view, rng):
        functions = view.game.functions
        return functions.function(np.full(functions.code_length, 99))

    def plant(self, view, rng):
        return None


COUNTER = iter(range(10**9))


@dataclasses.dataclass(frozen=True)
class Counts(Attacker):
    """Chooses another f every time."""

    def choose(self, view, rng):
        codes = view.game.functions.enumerate()
        return view.game.functions.function(codes[next(COUNTER) % len(codes)])

    def plant(self, view, rng):
        return None


@dataclasses.dataclass(frozen=True)
class SeldomShared(RandomLegal):
    """Gives up once in a hundred blocks, by the generator of the whole process."""

    symmetries = ()

    def plant_block(self, view):
        codes, answers = super().plant_block(view)
        return codes, np.where(np.random.random() < 0.01, NO_PLANT, answers)  # noqa: NPY002

    def pick_block(self, view):
        return RandomLegal().pick_block(view)  # by no plant of its own

    def plant_law(self, view):
        return None


LAST: list[Any] = []


@dataclasses.dataclass(frozen=True)
class Remembers(NoAttack):
    """Chooses its last f again for the same block, and another one for any other."""

    def choose_block(self, view):
        rounds, codes = view.keys.tobytes(), view.functions.enumerate()
        if LAST[:1] != [rounds]:
            LAST[:] = [rounds, codes[next(COUNTER) % len(codes)]]
        return np.repeat(LAST[1][None], len(view), axis=0)

    def choose_law(self, game, distribution):
        return None


@dataclasses.dataclass(frozen=True)
class TiresInLongBlocks(RandomLegal):
    """Gives up beyond the first 64 rounds of a block."""

    symmetries = ()

    def plant_block(self, view):
        codes, answers = super().plant_block(view)
        return codes, np.where(np.arange(len(view)) < 64, answers, NO_PLANT)

    def plant_law(self, view):
        return None


@dataclasses.dataclass(frozen=True)
class WritesIntoItsView(NoAttack):
    """Opens the triggers for writing and zeroes them."""

    def plant_block(self, view):
        view.X_star.setflags(write=True)
        view.X_star[:] = 0
        return super().plant_block(view)


@dataclasses.dataclass(frozen=True)
class TwoMinds(Sound):
    """Attacks in rounds and gives up in blocks."""

    def plant_block(self, view):
        return view.chosen()[0], np.full(len(view), NO_PLANT)


@dataclasses.dataclass(frozen=True)
class Imitates(RandomLegal):
    """Chooses one f for a whole block."""

    def choose_block(self, view):
        return np.repeat(super().choose_block(view)[:1], len(view), axis=0)

    def choose_law(self, game, distribution):
        return None

    def choose_given_law(self, view):
        return None


@dataclasses.dataclass(frozen=True)
class GoesOn(Attacker):
    """Plants nothing when its budget ends, as if it had decided so."""

    def plant(self, view, rng):
        with contextlib.suppress(Exception):
            view.f(np.repeat(view.x_star[None], 3, axis=0))


@dataclasses.dataclass(frozen=True)
class MisjudgesItsChoice(NoAttack):
    """Says that it always chooses the first member."""

    def choose_law(self, game, distribution):
        return table(game.functions).codes[:1], np.ones(1)


@dataclasses.dataclass(frozen=True)
class MisjudgesItsPlants(RandomLegal):
    """Says that it gives up every other time."""

    symmetries = ()

    def plant_law(self, view):
        rows, codes, probabilities = super().plant_law(view)
        return rows, codes, probabilities / 2


@dataclasses.dataclass(frozen=True)
class PrefersAPoint(RandomLegal):
    """Declares that renaming points changes nothing, but attacks at point 0 alone."""

    symmetries = ("rename",)

    def plant_block(self, view):
        codes, answers = super().plant_block(view)
        return codes, np.where(view.X_star[:, 0] == 0, answers, NO_PLANT)

    def plant_law(self, view):
        rows, codes, probabilities = super().plant_law(view)
        kept = view.X_star[rows, 0] == 0
        return rows[kept], codes[kept], probabilities[kept]


@dataclasses.dataclass(frozen=True)
class Foresees(RandomLegal):
    """Looks up the trigger in the engine's own keys before it chooses f, so that it can always plant."""

    symmetries = ()

    def choose_law(self, game, distribution):
        return None

    def choose_block(self, view):
        frame: Any = sys._getframe()
        while frame is not None and not {"keys", "D", "meter"} <= set(frame.f_locals):
            frame = frame.f_back
        if frame is None:
            return super().choose_block(view)
        return self._movable(view, frame.f_locals["keys"]["trigger"])

    def _movable(self, view, triggers):
        """Originals that can be planted in at the triggers with these keys."""
        x_star = view.distribution.sample_block(triggers, 0, 1)[:, 0]
        codes = table(view.functions).codes
        best = RandomLegal.choose_block(self, view).copy()
        for code in codes:
            f = np.repeat(code[None], len(view), axis=0)
            asked = type(view)(view.game, view.distribution, view.keys, view.meter, codes=f, X_star=x_star)
            possible = RandomLegal.plant_block(self, asked)[1] == PLANT
            best[possible] = code
        return best


@dataclasses.dataclass(frozen=True)
class SearchesSeeds(Foresees):
    """Finds the seed that its keys follow from, and with it the trigger; chooses at random where it finds none."""

    def choose_block(self, view):
        triggers, known = stolen(text(view.game), "choose", "trigger", view.keys)
        return np.where(known[:, None], self._movable(view, triggers), RandomLegal.choose_block(self, view))


@dataclasses.dataclass(frozen=True)
class AsksTheNearest(BlockAttacker):
    """Finds the seed that its keys follow from, and picks an f whose nearest other function at the trigger is legal.

    Plays as `RandomLegal` where it finds none, where the class does not name what is nearest, and once f is picked.
    """

    def prepare(self, game):
        if game.functions.count() is None:
            raise InvalidArgument("this lists the class")
        RandomLegal().prepare(game)
        return self

    def choose_block(self, view):
        codes = np.array(RandomLegal().choose_block(view))
        triggers, known = stolen(text(view.game), "choose", "trigger", view.keys)
        x_star = view.distribution.sample_block(triggers, 0, 1)[:, 0]
        for code in view.functions.enumerate():
            near = view.functions.nearest(np.repeat(code[None], len(view), axis=0), x_star, view.distribution)
            if near is not None:
                codes[known & (near[1] <= view.game.epsilon + 1e-12)] = code
        return codes

    def plant_block(self, view):
        return RandomLegal().plant_block(view)


class PicksAnywhere(NoAttack):
    """Picks the first point of the domain, offered or not."""

    def pick_block(self, view):
        return np.repeat(view.functions.domain.points()[:1], len(view), axis=0)


class PicksByRank(NoAttack):
    """Picks the last of the offer, in the first round of a block the first."""

    def pick_block(self, view):
        offered = view.offered
        if offered is None:
            return super().pick_block(view)
        return np.where(np.arange(len(view))[:, None] == 0, offered[:, 0], offered[:, -1])


class BreaksInVariants(NoAttack):
    """Divides by zero where it is to pick."""

    def pick(self, view, rng):
        return 1 / 0


class PicksTheFirst(NoAttack):
    """Picks the first of what may be picked, and says so: nothing is wrong with it."""

    def places(self, view):
        if view.offered is not None:
            return view.offered[:, 0]
        X = view.game.trigger.shown(view.distribution, view.keys, view.functions.domain)
        good = view.game.trigger.admits(view.distribution, X.reshape(-1, X.shape[2])).reshape(X.shape[:2])
        return X[np.arange(len(X)), good.argmax(axis=1)]

    def pick_block(self, view):
        return self.places(view)

    def pick_law(self, view):
        return np.arange(len(view)), self.places(view), np.ones(len(view))


class MisjudgesItsPick(PicksTheFirst):
    """Says that it picks the first, and picks the default."""

    def pick_block(self, view):
        return NoAttack.pick_block(self, view)


class ChoosesTheFirst(NoAttack):
    """The class's first member where it sees its trigger, and says so: nothing is wrong with it."""

    def first(self, view):
        return np.repeat(view.functions.enumerate()[:1], len(view), axis=0)

    def choose_block(self, view):
        return self.first(view) if view.offered is not None else super().choose_block(view)

    def choose_given_law(self, view):
        return np.arange(len(view)), self.first(view), np.ones(len(view))


class MisjudgesItsChoiceOfF(ChoosesTheFirst):
    """Says that it chooses the first, and chooses any."""

    def choose_block(self, view):
        return NoAttack.choose_block(self, view)


BEYOND = "who knows the trigger leaves less than optimal play allows as well"
NO_POWER = (BackdoorGame(Intervals(points=4), 0.25, Uniform()),)  # the empty one can be planted in anywhere
FAULTS = (
    Fault("prepares", BreaksInPreparation()),
    Fault("prepares", ChangesD(), games=(BackdoorGame(Thresholds(points=2), 0.5),)),
    Fault("spec_reads_back", ForgetsItsSpec()),
    Fault("pickle_is_equal", ForgetsWhenPickled(tries=5)),
    Fault("plants_are_legal", TooFar()),
    Fault("plants_are_legal", OffTheTrigger()),
    Fault("plants_are_legal", NoMember()),
    Fault(
        "same_seed_same_plants",
        Counts(),
        ("a_round_is_a_block_of_one", "a_plant_depends_on_its_own_round"),
        "no two of its answers can be compared",
    ),
    Fault("same_seed_same_plants", SeldomShared()),
    Fault(
        "same_seed_same_plants",
        Remembers(),
        ("a_plant_depends_on_its_own_round",),
        "its choices follow from what it was asked before",
    ),
    Fault("a_plant_depends_on_its_own_round", TiresInLongBlocks()),
    Fault(
        "leaves_its_view_alone",
        WritesIntoItsView(),
        (
            "a_round_is_a_block_of_one",
            "plants_are_legal",
            "holds_nobody_below_the_value",
            "plants_no_more_than_the_trigger_allows",
        ),
        "what the game offers, and a round of its own, it cannot even open for writing",
    ),
    Fault("a_round_is_a_block_of_one", TwoMinds()),
    Fault("a_plant_depends_on_its_own_round", Imitates()),
    Fault("over_budget_is_a_forfeit", GoesOn()),
    Fault("choose_law_is_right", MisjudgesItsChoice()),
    Fault("plant_law_is_right", MisjudgesItsPlants()),
    Fault(
        "plays_variants_or_refuses",
        BreaksInVariants(),
        ("picks_are_admitted", "a_pick_depends_on_its_own_round"),
        "it has no pick to look at",
    ),
    Fault("a_pick_depends_on_its_own_round", PicksByRank()),
    Fault("picks_are_admitted", PicksAnywhere()),
    Fault("pick_law_is_right", MisjudgesItsPick()),
    Fault("choose_given_law_is_right", MisjudgesItsChoiceOfF()),
    Fault("declared_symmetries_hold", PrefersAPoint()),
    Fault("holds_nobody_below_the_value", Foresees(), ("plants_no_more_than_the_trigger_allows",), BEYOND),
    Fault("plants_no_more_than_the_trigger_allows", SearchesSeeds()),
    Fault("plants_no_more_than_the_trigger_allows", AsksTheNearest(), games=NO_POWER),
)
