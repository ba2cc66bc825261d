"""Defenders that break their contract in one way each."""

from __future__ import annotations

import contextlib
import dataclasses
import random
import sys
from typing import Any

import numpy as np

from backdoor_game import AlwaysClean, BlockDefender, BudgetExceeded, CoinFlip, Defender, InvalidArgument, Singletons
from backdoor_game.ground.spec import text
from tests.testing.faulty import FEW, Fault
from tests.testing.searching import branches


@dataclasses.dataclass(frozen=True)
class Sound(BlockDefender):
    """Asks for four examples and the label at x: nothing is wrong with it."""

    m: int = 4

    def suspicion_block(self, view):
        label = view.evaluate(view.X[:, None, :])
        return (view.sample(self.m).y[:, 0] != label).mean(axis=1)


@dataclasses.dataclass(frozen=True)
class BreaksInPreparation(Sound):
    """Divides by zero where D is not uniform."""

    def prepare(self, game):
        return self if game.distribution.uniform_size() else 1 / 0


@dataclasses.dataclass(frozen=True)
class PlaysNothing(Sound):
    """Refuses every game."""

    def prepare(self, game):
        raise NotImplementedError("this needs a quantum computer")


@dataclasses.dataclass(frozen=True)
class PlaysSingletons(Sound):
    """Refuses every game but those on singletons."""

    def prepare(self, game):
        if type(game.functions) is not Singletons:
            raise NotImplementedError("this needs singletons")
        return self


@dataclasses.dataclass(frozen=True)
class ForgetsItsSpec(Sound):
    """Halves its parameter whenever it is made."""

    m: int = 64

    def __post_init__(self):
        object.__setattr__(self, "m", self.m // 2)


@dataclasses.dataclass(frozen=True)
class ForgetsWhenPickled(Sound):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


@dataclasses.dataclass(frozen=True)
class Percent(Sound):
    """Suspicion from 0 to 100."""

    def suspicion_block(self, view):
        return 100 * super().suspicion_block(view)


COUNTER = iter(range(10**9))


@dataclasses.dataclass(frozen=True)
class Counts(BlockDefender):
    """Keeps score of its calls: another answer every time."""

    def suspicion_block(self, view):
        return np.full(len(view), next(COUNTER) % 7 / 7)


@dataclasses.dataclass(frozen=True)
class SeldomShared(BlockDefender):
    """Answers otherwise once in a hundred blocks, by the generator of the whole process."""

    def suspicion_block(self, view):
        return np.full(len(view), float(np.random.random() < 0.01))  # noqa: NPY002


@dataclasses.dataclass(frozen=True)
class SeldomRandom(BlockDefender):
    """Answers otherwise once in ten thousand blocks, by the other generator of the whole process."""

    def suspicion_block(self, view):
        return np.full(len(view), float(random.random() < 0.0001))


LAST: list[Any] = []


@dataclasses.dataclass(frozen=True)
class Remembers(BlockDefender):
    """Gives its last answer again to the same block, and another one to any other."""

    def suspicion_block(self, view):
        rounds = view.keys.tobytes()
        if LAST[:1] != [rounds]:
            LAST[:] = [rounds, next(COUNTER) % 7 / 7]
        return np.full(len(view), LAST[1])


@dataclasses.dataclass(frozen=True)
class TiresInLongBlocks(Sound):
    """Leaves out what stands beyond the first 64 rounds of a block."""

    def suspicion_block(self, view):
        suspicions = super().suspicion_block(view) + 0.5
        suspicions[64:] = 0
        return suspicions / 2


@dataclasses.dataclass(frozen=True)
class WritesIntoItsView(BlockDefender):
    """Opens the codes for writing and zeroes them."""

    reads_code = True

    def suspicion_block(self, view):
        view.codes.setflags(write=True)
        view.codes[:] = 0
        return np.zeros(len(view))


@dataclasses.dataclass(frozen=True)
class ReadsUndeclared(Sound):
    """Looks at the codes now and then, and does not say so."""

    def suspicion_block(self, view):
        if (view.X == 0).any():
            assert len(view.codes) == len(view)
        return super().suspicion_block(view)


@dataclasses.dataclass(frozen=True)
class WritesIntoItsExamples(BlockDefender):
    """Sorts its examples in place."""

    def suspicion_block(self, view):
        y = view.sample(4).y
        y.setflags(write=True)
        y.sort(axis=-1)
        return y[:, 0, 0].astype(float)


@dataclasses.dataclass(frozen=True)
class TwoMinds(BlockDefender):
    """Says one thing of a block and another of a round."""

    def suspicion_block(self, view):
        return np.full(len(view), 0.2)

    def suspicion(self, view, rng):
        return 0.8


@dataclasses.dataclass(frozen=True)
class Ranks(BlockDefender):
    """Compares a round with the others of its block."""

    def suspicion_block(self, view):
        share = (view.sample(4).y[:, 0] != view.evaluate(view.X[:, None, :])).mean(axis=1)
        return (share > share.mean()).astype(float)


@dataclasses.dataclass(frozen=True)
class GoesOn(Defender):
    """Answers as if nothing had happened when its budget ends."""

    def suspicion(self, view, rng):
        try:
            return float(view.examples(6)[1].mean())
        except BudgetExceeded:
            return 0.0


@dataclasses.dataclass(frozen=True)
class CrashesWhenPoor(Defender):
    """Divides by the examples that it did not get."""

    def suspicion(self, view, rng):
        labels = []
        with contextlib.suppress(BudgetExceeded):
            labels = [int(view.examples(1)[1][0]) for _ in range(3)]
        return sum(labels) / len(labels)


@dataclasses.dataclass(frozen=True)
class MisjudgesItself(CoinFlip):
    """Flags half of the time and says that it flags 40%."""

    def suspicion_probability(self, view):
        return np.full(len(view), 0.4)


@dataclasses.dataclass(frozen=True)
class PrefersAPoint(AlwaysClean):
    """Declares that renaming points changes nothing, but flags point 0."""

    symmetries = ("rename",)

    def suspicion_block(self, view):
        return self.suspicion_probability(view)

    def suspicion_probability(self, view):
        return (view.X[:, 0] == 0).astype(float)


@dataclasses.dataclass(frozen=True)
class Peeks(BlockDefender):
    """Looks in the engine's own variables which branch it is shown."""

    def suspicion_block(self, view):
        frame: Any = sys._getframe()
        while frame is not None:
            if {"outcome", "branch", "rows"} <= set(frame.f_locals):
                return frame.f_locals["branch"].astype(float)
            frame = frame.f_back
        return np.zeros(len(view))


@dataclasses.dataclass(frozen=True)
class SearchesSeeds(BlockDefender):
    """Finds the seed that its keys follow from, and with it the coin; flags nothing where it finds none."""

    def suspicion_block(self, view):
        return branches(text(view.game), view.keys)[0]


@dataclasses.dataclass(frozen=True)
class SearchesSeedsAlone(Defender):
    """The same round by round, from the state of its generator."""

    def suspicion(self, view, rng):
        return float(branches(text(view.game), rng.bit_generator.state["state"]["key"][:1])[0][0])


class NeedsD(SearchesSeeds):
    """The same, where the game fixes D."""

    def prepare(self, game):
        if game.distribution is None:
            raise InvalidArgument("this needs a fixed D")
        return self


class BreaksOnTraces(Sound):
    """Divides by zero where it is shown a trace."""

    def suspicion_block(self, view):
        return super().suspicion_block(view) if view.trace is None else 1 / 0


BEYOND = "who knows the coin wins more than optimal play allows as well"
READ_ONLY = "a round of its own it cannot even open for writing"
FAULTS = (
    Fault("prepares", BreaksInPreparation()),
    Fault("spec_reads_back", ForgetsItsSpec()),
    Fault("pickle_is_equal", ForgetsWhenPickled(m=5)),
    Fault(
        "suspicion_lies_in_0_1",
        Percent(),
        (
            "over_budget_is_a_forfeit",
            "wins_no_more_than_the_value",
            "tells_no_equal_laws_apart",
            "plays_variants_or_refuses",
        ),
        "the engine refuses to play it",
    ),
    Fault(
        "same_seed_same_suspicions",
        Counts(),
        ("a_round_is_a_block_of_one", "a_suspicion_depends_on_its_own_round"),
        "no two of its answers can be compared",
    ),
    Fault("same_seed_same_suspicions", SeldomShared()),
    Fault("same_seed_same_suspicions", SeldomRandom()),
    Fault(
        "same_seed_same_suspicions",
        Remembers(),
        ("a_suspicion_depends_on_its_own_round",),
        "its answers follow from what it was asked before",
    ),
    Fault("a_suspicion_depends_on_its_own_round", TiresInLongBlocks()),
    Fault("leaves_its_view_alone", WritesIntoItsView(), ("a_round_is_a_block_of_one",), READ_ONLY),
    Fault("leaves_its_view_alone", WritesIntoItsExamples()),
    Fault("plays_in_a_black_box", ReadsUndeclared()),
    Fault("a_round_is_a_block_of_one", TwoMinds()),
    Fault("a_suspicion_depends_on_its_own_round", Ranks()),
    Fault("over_budget_is_a_forfeit", GoesOn()),
    Fault("over_budget_is_a_forfeit", CrashesWhenPoor()),
    Fault("suspicion_probability_is_right", MisjudgesItself()),
    Fault("plays_variants_or_refuses", BreaksOnTraces()),
    Fault("declared_symmetries_hold", PrefersAPoint()),
    Fault("wins_no_more_than_the_value", Peeks(), ("tells_no_equal_laws_apart",), BEYOND),
    Fault("tells_no_equal_laws_apart", SearchesSeeds(), ("wins_no_more_than_the_value",), BEYOND),
    Fault("tells_no_equal_laws_apart", SearchesSeedsAlone(), ("wins_no_more_than_the_value",), BEYOND),
    Fault("tells_no_equal_laws_apart", SearchesSeeds(), ("wins_no_more_than_the_value",), BEYOND, FEW[2:]),
    Fault("tells_no_equal_laws_apart", NeedsD(), ("wins_no_more_than_the_value",), BEYOND),
)
