"""Trigger laws and predicates that break their contract in one way each."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from backdoor_game import Offers, Predicate, TriggerLaw
from tests.testing.faulty import Fault

COUNTER = itertools.count()


@dataclasses.dataclass(frozen=True)
class SoundLaw(TriggerLaw):
    """Two triggers from D before f: nothing is wrong with it."""

    shift: int = 0
    before_original = True

    @property
    def draws(self):
        return 2

    def offered(self, distribution, keys):
        return distribution.sample_block(keys, self.shift, 2)

    def offers(self, points, weights):
        i, j = np.triu_indices(len(points))
        members = np.zeros((len(i), len(points)), dtype=bool)
        members[np.arange(len(i)), i] = members[np.arange(len(i)), j] = True
        return Offers(members, np.where(i == j, 1.0, 2.0) * weights[i] * weights[j])


@dataclasses.dataclass(frozen=True)
class SoundChoice(TriggerLaw):
    """Any point that D can draw: nothing is wrong with it."""

    @property
    def draws(self):
        return None

    def offered(self, distribution, keys):
        return None

    def offers(self, points, weights):
        return Offers(np.ones((1, len(points)), dtype=bool), np.ones(1))


class CountsItsChecks(SoundLaw):
    """Offers as many triggers as it has been asked how many."""

    @property
    def draws(self):
        return 2 + next(COUNTER)


class HalvesItsShift(SoundLaw):
    """Comes back from its spec with half of its parameter."""

    def __post_init__(self):
        object.__setattr__(self, "shift", self.shift // 2)


class ForgetsItsShift(SoundLaw):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


class OffersOne(SoundLaw):
    """Says two and offers one."""

    def offered(self, distribution, keys):
        return distribution.sample_block(keys, 0, 1)


class OffersBeyond(SoundLaw):
    """Offers points outside the domain."""

    def offered(self, distribution, keys):
        return super().offered(distribution, keys) + 99


class OffersTheFirstRow(SoundLaw):
    """Offers all rounds of a block what it draws for the first."""

    def offered(self, distribution, keys):
        return super().offered(distribution, np.repeat(keys[:1], len(keys)))


class TossesACoin(SoundLaw):
    """Draws from a generator of its own that goes on."""

    def offered(self, distribution, keys):
        return super().offered(distribution, keys + np.uint64(next(COUNTER)))


class SpoilsItsKeys(SoundLaw):
    """Uses its keys up."""

    def offered(self, distribution, keys):
        offered = super().offered(distribution, keys.copy())
        keys[:] = 0
        return offered


class SpoilsTheWeights(SoundLaw):
    """Normalises the weights in place."""

    def offers(self, points, weights):
        stated = super().offers(points, weights.copy())
        weights /= 2
        return stated


class HalfALaw(SoundLaw):
    """Forgets that i and j come in two orders."""

    def offers(self, points, weights):
        stated = super().offers(points, weights)
        return Offers(stated.members, stated.chances / 2)


class NamesNoPoint(SoundLaw):
    """Names the empty set with chance 0."""

    def offers(self, points, weights):
        stated = super().offers(points, weights)
        members = np.concatenate([stated.members, np.zeros((1, len(points)), dtype=bool)])
        return Offers(members, np.append(stated.chances, 0.0))


class ForgetsTwins(SoundLaw):
    """Says that the two triggers always differ."""

    def offers(self, points, weights):
        stated = super().offers(points, weights)
        chances = np.where(stated.members.sum(axis=1) == 2, stated.chances, 0.0)
        return stated if not chances.any() else Offers(stated.members, chances / chances.sum())


class AdmitsAll(SoundChoice):
    """Lets the attacker pick what D cannot draw."""

    def admits(self, distribution, X):
        return np.ones(len(X), dtype=bool)


class AdmitsFewer(SoundChoice):
    """Says in `offers` that everything may be picked, and admits what is even."""

    def admits(self, distribution, X):
        return super().admits(distribution, X) & (X[:, 0] % 2 == 0)


class AdmitsByRank(SoundChoice):
    """Admits every point but the first that it is asked of."""

    def admits(self, distribution, X):
        return super().admits(distribution, X) & (np.arange(len(X)) > 0)


class ShowsTheRest(SoundChoice):
    """Shows points that it does not admit."""

    def shown(self, distribution, keys, domain):
        return np.broadcast_to(domain.points(), (len(keys), *domain.points().shape))


@dataclasses.dataclass(frozen=True)
class SoundPredicate(Predicate):
    """Even in the first coordinate: nothing is wrong with it."""

    rest: int = 0
    cost: int = 2

    def holds(self, X):
        return np.asarray(X[:, 0] % 2 == self.rest)


class BreaksOnBits(SoundPredicate):
    """Divides by zero where it is shown bits."""

    def check(self, domain):
        if domain.n == 2:
            raise ZeroDivisionError("two coordinates")


class HalvesItsRest(SoundPredicate):
    """Comes back from its spec with half of its parameter."""

    def __post_init__(self):
        object.__setattr__(self, "rest", self.rest // 2)


class ForgetsItsRest(SoundPredicate):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


class AnswersInNumbers(SoundPredicate):
    """Answers 0 and 1."""

    def holds(self, X):
        return super().holds(X).astype(np.uint8)


class AnswersOnce(SoundPredicate):
    """One answer for all points."""

    def holds(self, X):
        return np.asarray(super().holds(X).all())


class HoldsOnTheRest(SoundPredicate):
    """Holds on the points that differ from the one before."""

    def holds(self, X):
        return np.append(np.ones(min(1, len(X)), dtype=bool), (X[1:] != X[:-1]).any(axis=1))


class ChangesItsMind(SoundPredicate):
    """Another answer each time."""

    def holds(self, X):
        return np.full(len(X), next(COUNTER) % 2 == 0)


class RoundsItsPoints(SoundPredicate):
    """Rounds the points that it is given, in place."""

    def holds(self, X):
        X[:] = X // 2 * 2
        return np.ones(len(X), dtype=bool)


class WantsToWrite(SoundPredicate):
    """Writes what stood there before into its points."""

    def holds(self, X):
        X[:] = X.copy()
        return super().holds(X)


class CostsMoreEachTime(SoundPredicate):
    """Costs what it has been asked."""

    rest: int = 0

    def holds(self, X):
        object.__setattr__(self, "cost", self.cost + 1)
        return super().holds(X)


class CostsHalf(SoundPredicate):
    """Costs half an evaluation."""

    def __post_init__(self):
        object.__setattr__(self, "cost", 0.5)


TWICE = "its draws are not those that it says"
FAULTS = (
    Fault("fits_a_game", CountsItsChecks(), ("offers_have_their_form",), "no shape is the right one twice"),
    Fault("spec_reads_back", HalvesItsShift(shift=8)),
    Fault("pickle_is_equal", ForgetsItsShift(shift=3)),
    Fault("offers_have_their_form", OffersOne(), ("offers_are_what_is_offered",), "one trigger makes no pair"),
    Fault("offers_have_their_form", OffersBeyond(), ("offers_are_what_is_offered",), "what is offered has no mass"),
    Fault("an_offer_depends_on_its_own_key", OffersTheFirstRow(), ("offers_are_what_is_offered",), TWICE),
    Fault("an_offer_depends_on_its_own_key", TossesACoin()),
    Fault("leaves_its_arguments_alone", SpoilsItsKeys()),
    Fault("leaves_its_arguments_alone", SpoilsTheWeights()),
    Fault("offers_are_a_law", HalfALaw(), ("offers_are_what_is_offered",), "its chances are half of those seen"),
    Fault("offers_are_a_law", NamesNoPoint()),
    Fault("offers_are_what_is_offered", ForgetsTwins()),
    Fault("admits_are_right", AdmitsAll(), games=None),
    Fault("admits_are_right", AdmitsFewer(), ("shows_what_it_admits",), "it shows odd points too"),
    Fault("admits_are_right", AdmitsByRank(), ("shows_what_it_admits",), "the first that it shows is asked first"),
    Fault("shows_what_it_admits", ShowsTheRest(), games=None),
    Fault("fits_a_domain", BreaksOnBits(), games=None),
    Fault("spec_reads_back", HalvesItsRest(rest=8), games=None),
    Fault("pickle_is_equal", ForgetsItsRest(rest=1), games=None),
    Fault("answers_are_bools", AnswersInNumbers(), games=None),
    Fault(
        "answers_are_bools",
        AnswersOnce(),
        ("an_answer_depends_on_its_own_point",),
        "one answer is none of a point",
        games=None,
    ),
    Fault("an_answer_depends_on_its_own_point", HoldsOnTheRest(), games=None),
    Fault("an_answer_depends_on_its_own_point", ChangesItsMind(), games=None),
    Fault("leaves_its_points_alone", RoundsItsPoints(), games=None),
    Fault("leaves_its_points_alone", WantsToWrite(), games=None),
    Fault("cost_is_a_number", CostsMoreEachTime(), games=None),
    Fault("cost_is_a_number", CostsHalf(), games=None),
)
