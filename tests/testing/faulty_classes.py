"""Function classes that break a law in one way each; all are x >= t on six points but for that."""

from __future__ import annotations

import dataclasses

import numpy as np

from backdoor_game import Finite, FunctionClass
from backdoor_game.spaces.distributions.base import Distribution
from tests.testing.faulty import Fault

POINTS = 6


@dataclasses.dataclass(frozen=True)
class Sound(FunctionClass):
    """x >= t for t = 0 .. 6, with everything that a class may offer: nothing is wrong with it."""

    points: int = POINTS
    code_length, code_dtype = 1, np.int64
    vc_dimension, intersection_closed, samples_uniformly = 1, True, True
    domain = property(lambda self: Finite(self.points))

    def evaluate(self, codes, X):
        return (X[:, :, 0] >= codes).astype(np.uint8)

    def sample(self, rng):
        return rng.integers(self.points + 1, size=1)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] <= self.points)

    def enumerate(self):
        return np.arange(self.points + 1)[:, None]

    def shattered_set(self):
        return np.array([[2]])

    def realise(self, labels):
        return 3 - labels.astype(np.int64)

    def distance(self, F, G, distribution: Distribution):
        mass = distribution.mass(np.minimum(F, G), np.maximum(F, G) - 1)
        return None if mass is None else np.where(F[:, 0] == G[:, 0], 0.0, mass)

    def nearest(self, codes, x, distribution: Distribution):
        moved = np.where(codes <= x, x + 1, x)
        distance = self.distance(codes, moved, distribution)
        return None if distance is None else (moved, distance)

    def consistent(self, X, y):
        return np.where(y == 1, X[:, :, 0], self.points).min(axis=1, initial=self.points)[:, None]

    def move_block(self, codes, keys):
        step = np.where(keys[:, None] % np.uint64(2) == 0, 1, -1)
        return np.clip(codes + step, 0, self.points)

    def proposal_block(self, codes, keys):
        return self.move_block(codes, keys), np.zeros(len(codes))


class ForgetsItsSpec(Sound):
    """Counts one point more whenever it is made."""

    def __post_init__(self):
        object.__setattr__(self, "points", self.points + 1)


class ForgetsWhenPickled(Sound):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


class SamplesOutside(Sound):
    """Draws t = 7 now and then, which its `contains` refuses."""

    samples_uniformly = False

    def sample(self, rng):
        return rng.integers(self.points + 2, size=1)


class WrongForm(Sound):
    """Draws codes of 32 bits."""

    def sample(self, rng):
        return super().sample(rng).astype(np.int32)


class SharesItsDraws(Sound):
    """Draws a whole block from its first key."""

    samples_uniformly = False

    def sample_block(self, keys):
        return np.random.default_rng(int(keys[0])).integers(self.points + 1, size=(len(keys), 1))


class Answers(Sound):
    """Labels are True and False."""

    def evaluate(self, codes, X):
        return X[:, :, 0] >= codes


class MixesItsRows(Sound):
    """In a block of twelve rows of four points the first label is copied into the last row."""

    def evaluate(self, codes, X):
        labels = super().evaluate(codes, X)
        if labels.shape == (12, 4):
            labels[-1, 0] = labels[0, 0]
        return labels

    distance = FunctionClass.distance
    nearest = FunctionClass.nearest


class FailsFromRow50On(Sound):
    """Labels the rows of a block from the fiftieth on with 0."""

    intersection_closed = False

    def evaluate(self, codes, X):
        return super().evaluate(codes, X) & (np.arange(len(codes)) < 50)[:, None].astype(np.uint8)

    distance = FunctionClass.distance
    nearest = FunctionClass.nearest


class ForgetsTheNinthPoint(Sound):
    """Labels eight points of a row, and the others 0."""

    def evaluate(self, codes, X):
        return super().evaluate(codes, X) & (np.arange(X.shape[1]) < 8).astype(np.uint8)

    distance = FunctionClass.distance
    nearest = FunctionClass.nearest


class WritesIntoItsArguments(Sound):
    """Clips the codes in place where it may."""

    def evaluate(self, codes, X):
        if not codes.flags.writeable:
            codes.setflags(write=True)
        np.clip(codes, 0, self.points, out=codes)
        return super().evaluate(codes, X)


class WritesReadOnly(Sound):
    """Clips the codes in place whether it may or not."""

    def contains(self, codes):
        if not codes.flags.writeable:
            codes += 0
        return super().contains(codes)


class TakesAnything(Sound):
    """Calls every code a member."""

    def contains(self, codes):
        return np.ones(len(codes), dtype=bool)


class BreaksOnGarbage(Sound):
    """Looks codes up without looking."""

    def contains(self, codes):
        return np.ones(self.points + 1, dtype=bool)[codes[:, 0]]


class MovesOutside(Sound):
    """Moves past the ends."""

    def move_block(self, codes, keys):
        return codes + 1


class OneWay(Sound):
    """Measures with a sign."""

    def distance(self, F, G, distribution):
        found = super().distance(F, G, distribution)
        return None if found is None else np.where(F[:, 0] <= G[:, 0], found, 0.0)

    nearest = FunctionClass.nearest


class CountsPoints(Sound):
    """Measures by counting points, whatever they weigh."""

    def distance(self, F, G, distribution):
        return np.abs(F - G)[:, 0] / self.points

    nearest = FunctionClass.nearest


class AnyOther(Sound):
    """Calls the farthest member nearest."""

    def nearest(self, codes, x, distribution):
        moved = np.where(codes <= x, self.points, 0)
        distance = self.distance(codes, moved, distribution)
        return None if distance is None else (moved, distance)


class NobodyIsNear(Sound):
    """Says that no member differs at x."""

    def nearest(self, codes, x, distribution):
        return codes, np.full(len(codes), np.inf)


class TooPoor(Sound):
    """States a VC dimension of 0, and has no list."""

    vc_dimension, samples_uniformly, intersection_closed = 0, False, False
    enumerate = FunctionClass.enumerate
    shattered_set = FunctionClass.shattered_set


class DiffersElsewhere(Sound):
    """Calls f itself the nearest other."""

    def nearest(self, codes, x, distribution):
        return codes, np.zeros(len(codes))


class LosesOne(Sound):
    """Lists one member twice."""

    samples_uniformly = False

    def enumerate(self):
        return np.concatenate([super().enumerate(), [[0]]])


class FavoursOne(Sound):
    """Draws t = 0 half of the time."""

    def sample(self, rng):
        return super().sample(rng) * rng.integers(2)


class TooRich(Sound):
    """States a VC dimension of 2."""

    vc_dimension = 2

    def shattered_set(self):
        return FunctionClass.shattered_set(self)


class NotShattered(Sound):
    """Realises one label only."""

    def realise(self, labels):
        return np.zeros((len(labels), 1), dtype=np.int64)


class IgnoresExamples(Sound):
    """Fits nothing but the first example."""

    intersection_closed = False

    def consistent(self, X, y):
        return super().consistent(X[:, :1], y[:, :1])


class NoIntersections(Sound):
    """Declares that x >= t or x < t is closed under intersection; its codes beyond 6 are complements."""

    vc_dimension, samples_uniformly = None, False

    def evaluate(self, codes, X):
        flipped = codes > self.points
        return super().evaluate(codes % (self.points + 1), X) ^ flipped.astype(np.uint8)

    def sample(self, rng):
        return rng.integers(2 * self.points + 2, size=1)

    def contains(self, codes):
        return (codes[:, 0] >= 0) & (codes[:, 0] < 2 * self.points + 2)

    def enumerate(self):
        return np.arange(2 * self.points + 2)[:, None]

    distance = FunctionClass.distance
    nearest = FunctionClass.nearest
    consistent = FunctionClass.consistent
    proposal_block = FunctionClass.proposal_block


class LabelsTooMuch(Sound):
    """Lists every labelling of a few points."""

    def labelings(self, points):
        k = len(points)
        return (np.arange(2**k)[:, None] >> np.arange(k - 1, -1, -1) & 1).astype(np.uint8)


class FailsInLargeBlocks(Sound):
    """Turns the labels over from the seventeenth row of a block on."""

    vc_dimension, intersection_closed = None, False

    def evaluate(self, codes, X):
        return super().evaluate(codes, X) ^ (np.arange(len(codes)) >= 16)[:, None].astype(np.uint8)

    def labelings(self, points):
        rows = [super(FailsInLargeBlocks, self).evaluate(code[None], points[None])[0] for code in self.enumerate()]
        return np.unique(rows, axis=0)


class TurnsBackAtTheEnds(Sound):
    """Proposes 1 from 0 twice as often as 0 from 1, and does not own up to it."""

    def proposal_block(self, codes, keys):
        there, ratio = super().proposal_block(codes, keys)
        return np.where(there == codes, np.abs(codes - 1), there), ratio


class ProposesByThePart(Sound):
    """The whole block takes the step of its first row."""

    def proposal_block(self, codes, keys):
        return super().proposal_block(codes, np.repeat(keys[:1], len(keys)))


CASES = (
    Fault("spec_reads_back", ForgetsItsSpec()),
    Fault("pickle_is_equal", ForgetsWhenPickled(points=4)),
    Fault("samples_are_members", SamplesOutside(), ("every_member_is_listed_once",), "its samples are no members"),
    Fault("codes_have_the_stated_form", WrongForm()),
    Fault("a_sample_depends_on_its_own_key", SharesItsDraws()),
    Fault(
        "labels_are_0_or_1",
        Answers(),
        ("labelings_are_restrictions", "value_is_the_same_after_renaming"),
        "the engine refuses its labels",
    ),
    Fault("a_batch_is_its_rows", MixesItsRows()),
    Fault("a_batch_is_its_rows", FailsFromRow50On(points=20)),
    Fault("a_batch_is_its_rows", ForgetsTheNinthPoint(points=70)),
    Fault("leaves_its_arguments_alone", WritesIntoItsArguments()),
    Fault("leaves_its_arguments_alone", WritesReadOnly()),
    Fault("garbage_is_refused", TakesAnything()),
    Fault("garbage_is_refused", BreaksOnGarbage()),
    Fault(
        "moves_stay_in_the_class", MovesOutside(), ("proposals_are_undone_as_they_say",), "its proposals are its moves"
    ),
    Fault("proposals_are_undone_as_they_say", TurnsBackAtTheEnds()),
    Fault("proposals_are_undone_as_they_say", ProposesByThePart()),
    Fault(
        "distance_is_a_pseudometric",
        OneWay(),
        ("distance_is_the_mass_of_difference",),
        "what is no metric is not that one",
    ),
    Fault("distance_is_the_mass_of_difference", CountsPoints()),
    Fault("nearest_is_nearest", AnyOther()),
    Fault("nearest_is_nearest", AnyOther(points=200)),
    Fault("nearest_is_nearest", NobodyIsNear()),
    Fault("nearest_is_nearest", NobodyIsNear(points=200)),
    Fault("nearest_is_nearest", DiffersElsewhere()),
    Fault("every_member_is_listed_once", LosesOne()),
    Fault("samples_are_uniform", FavoursOne()),
    Fault("vc_dimension_is_right", TooRich()),
    Fault("vc_dimension_is_right", TooPoor()),
    Fault("shattered_set_is_shattered", NotShattered()),
    Fault("consistent_fits", IgnoresExamples()),
    Fault("intersections_are_members", NoIntersections()),
    Fault("labelings_are_restrictions", LabelsTooMuch()),
    Fault(
        "value_is_the_same_after_renaming",
        FailsInLargeBlocks(points=20),
        ("a_batch_is_its_rows",),
        "it is wrong in large blocks alone",
    ),
)
FAULTS = tuple(dataclasses.replace(fault, games=None) for fault in CASES)
