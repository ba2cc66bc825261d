"""Distributions that say of themselves what is not so, in one way each; all are fair dice but for that."""

from __future__ import annotations

import dataclasses

import numpy as np

from backdoor_game import BackdoorGame, Bits, Conjunctions, Distribution, Thresholds, Uniform
from backdoor_game.ground.errors import InvalidArgument
from backdoor_game.ground.streams import below, draws
from backdoor_game.spaces.distributions.base import BlockDistribution
from backdoor_game.spaces.domains import Finite
from tests.testing.faulty import Fault

ON_SIX = (BackdoorGame(Thresholds(points=6), 0.2, Uniform()),)
ON_BITS = (BackdoorGame(Conjunctions(bits=2), 0.2, Uniform()),)


@dataclasses.dataclass(frozen=True)
class Die(BlockDistribution):
    """The points 0 .. 5 with one probability each: nothing is wrong with it."""

    sides: int = 6

    def on(self, domain):
        if domain != Finite(self.sides):
            raise InvalidArgument("a die has six sides")
        return self

    def sample_block(self, keys, start, m):
        return below(draws(keys, start, m), self.sides)[:, :, None]

    def atoms(self):
        return np.arange(self.sides)[:, None], np.full(self.sides, 1 / self.sides)

    def mass(self, low, high):
        low, high = np.maximum(low[:, 0], 0), np.minimum(high[:, 0], self.sides - 1)
        return np.maximum(high - low + 1, 0) / self.sides

    def uniform_size(self):
        return self.sides

    def window(self, low, high):
        ends = np.ceil(np.arange(self.sides + 1) * 2.0**53 / self.sides).astype(np.uint64)
        return ends[low], ends[np.maximum(high + 1, low)]


class FitsNowhere(Die):
    """Refuses every domain."""

    def on(self, domain):
        raise InvalidArgument("no domain is good enough")


class ForgetsItsSpec(Die):
    """Counts one side more whenever it is made."""

    def __post_init__(self):
        object.__setattr__(self, "sides", self.sides + 1)


@dataclasses.dataclass(frozen=True)
class ForgetsWhenPickled(Die):
    """Comes back from its pickle with the default."""

    colour: str = "white"

    def __reduce__(self):
        return type(self), ()


class FallsOff(Die):
    """Draws a point outside now and then, and says nothing of itself."""

    def sample_block(self, keys, start, m):
        return below(draws(keys, start, m), self.sides + 1)[:, :, None]

    atoms = Distribution.atoms
    mass = Distribution.mass
    uniform_size = Distribution.uniform_size
    window = Distribution.window


class SharesItsDraws(Die):
    """Draws a whole block from its first key."""

    def sample_block(self, keys, start, m):
        row = super().sample_block(keys[:1], start, m)
        if len(keys) == 6:
            return np.repeat(row, len(keys), axis=0)
        return super().sample_block(keys, start, m)

    window = Distribution.window


class OneDrawForAll(Die):
    """Gives every point of a stream the value of its first."""

    def sample_block(self, keys, start, m):
        return np.repeat(super().sample_block(keys, 0, 1), m, axis=1)

    window = Distribution.window


class InPairs(Die):
    """Draws every second point only, and says nothing of its atoms."""

    def sample_block(self, keys, start, m):
        return super().sample_block(keys, 0, start + m)[:, np.arange(start, start + m) // 2]

    atoms = Distribution.atoms
    uniform_size = Distribution.uniform_size
    window = Distribution.window


@dataclasses.dataclass(frozen=True)
class OneRoundOneDraw(Distribution):
    """The same in the one-round form."""

    def sample(self, m, rng):
        return np.repeat(rng.integers(6, size=(1, 1)), m, axis=0)


class BeginsAnew(Die):
    """Forgets where in its stream it is."""

    def sample_block(self, keys, start, m):
        return super().sample_block(keys + np.uint64(m), start, m)

    window = Distribution.window


class ToldTwice(Die):
    """Names one side twice."""

    def atoms(self):
        points, weights = super().atoms()
        return np.concatenate([points, [[0]]]), np.concatenate([weights - weights / 6, [1 / 6]])

    mass = Distribution.mass
    uniform_size = Distribution.uniform_size


class Loaded(Die):
    """Says that it is loaded."""

    def atoms(self):
        return super().atoms()[0], np.array([0.05, 0.15, 0.2, 0.2, 0.2, 0.2])

    mass = Distribution.mass
    uniform_size = Distribution.uniform_size


class LeavesOutAnEnd(Die):
    """Takes boxes as half open."""

    def mass(self, low, high):
        return super().mass(low, high - 1)


class CountsBeyondItsEnds(Die):
    """Counts sides that it does not have."""

    def mass(self, low, high):
        return np.minimum(np.maximum(high - low + 1, 0)[:, 0] / self.sides, 1.0)


class NegativeMass(Die):
    """Gives a box that is empty less than nothing."""

    def mass(self, low, high):
        return (np.minimum(high, self.sides - 1) - np.maximum(low, 0) + 1)[:, 0] / self.sides


class TwoSizes(Die):
    """Is uniform on twelve points, it says."""

    def uniform_size(self):
        return 12


class HalfAWord(Die):
    """Speaks of halves of words where it draws whole ones."""

    def halves(self):
        return True

    def window(self, low, high):
        return tuple(ends >> np.uint64(21) for ends in super().window(low, high))


@dataclasses.dataclass(frozen=True)
class Twins(BlockDistribution):
    """Both bits are equal, and it calls them independent."""

    def on(self, domain):
        if domain != Bits(2):
            raise InvalidArgument("twins are two bits")
        return self

    def sample_block(self, keys, start, m):
        return np.repeat(below(draws(keys, start, m), 2)[:, :, None].astype(np.uint8), 2, axis=2)

    def bit_probabilities(self):
        return np.array([0.5, 0.5])


FAULTS = (
    Fault("fits_a_domain", FitsNowhere(), games=ON_SIX),
    Fault("spec_reads_back", ForgetsItsSpec(sides=5), games=ON_SIX),
    Fault("pickle_is_equal", ForgetsWhenPickled(colour="red"), games=ON_SIX),
    Fault("draws_are_points", FallsOff(), games=ON_SIX),
    Fault("a_draw_depends_on_its_own_key", SharesItsDraws(), games=ON_SIX),
    Fault("draws_are_independent", OneDrawForAll(), games=ON_SIX),
    Fault("draws_are_independent", InPairs(), games=ON_SIX),
    Fault("draws_are_independent", OneRoundOneDraw(), games=ON_SIX),
    Fault("a_window_is_cut_from_the_stream", BeginsAnew(), games=ON_SIX),
    Fault(
        "atoms_are_a_law",
        ToldTwice(),
        ("atoms_are_what_is_drawn", "draws_are_independent"),
        "frequencies do not sum to it, and equal draws are counted by it",
        ON_SIX,
    ),
    Fault("atoms_are_what_is_drawn", Loaded(), ("draws_are_independent",), "equal draws are counted by atoms", ON_SIX),
    Fault("mass_is_right", LeavesOutAnEnd(), games=ON_SIX),
    Fault("mass_is_right", CountsBeyondItsEnds(), games=ON_SIX),
    Fault("mass_is_right", NegativeMass(), games=ON_SIX),
    Fault("bit_probabilities_are_right", Twins(), games=ON_BITS),
    Fault("uniform_size_is_right", TwoSizes(), games=ON_SIX),
    Fault("windows_are_right", HalfAWord(), games=ON_SIX),
)
