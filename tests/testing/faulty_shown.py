"""Reveals and observations that break their contract in one way each."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from backdoor_game import InvalidArgument, Observation, Reveal, draws
from backdoor_game.ground.spec import text
from tests.testing.faulty import Fault

COUNTER = itertools.count()


@dataclasses.dataclass(frozen=True)
class SoundReveal(Reveal):
    """The sum of the numbers of f's code modulo a number: nothing is wrong with it."""

    modulus: int = 2

    def sums(self, codes):
        return codes.astype(np.int64).sum(axis=1) % self.modulus

    def trace_block(self, run):
        return self.sums(run.codes)

    def contradicts(self, view, attacker):
        return self.sums(view.codes) != view.trace

    def symbols(self, functions, codes):
        return self.sums(codes)


class GrowsInTheGame(SoundReveal):
    """Another modulus each time that a game looks whether it shows nothing."""

    @property
    def nothing(self):
        object.__setattr__(self, "modulus", self.modulus + 1)
        return False


class HalvesItsModulus(SoundReveal):
    """Comes back from its spec with half of its parameter."""

    def __post_init__(self):
        object.__setattr__(self, "modulus", max(1, self.modulus // 2))


class ForgetsItsModulus(SoundReveal):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


class OneForAll(SoundReveal):
    """One entry for a whole block."""

    def trace_block(self, run):
        return super().trace_block(run)[:1]


class Counts(SoundReveal):
    """Adds how often it has been asked."""

    def trace_block(self, run):
        return super().trace_block(run) + next(COUNTER)

    def contradicts(self, view, attacker):
        return np.zeros(len(view), dtype=bool)

    def symbols(self, functions, codes):
        return None


class Ranks(SoundReveal):
    """The place of f among the originals of the block."""

    def trace_block(self, run):
        return np.unique(run.codes, axis=0, return_inverse=True)[1].ravel()

    def contradicts(self, view, attacker):
        return np.zeros(len(view), dtype=bool)

    def symbols(self, functions, codes):
        return None


class SpoilsTheRun(SoundReveal):
    """Sets what coins it can to 0 once it has seen them."""

    def trace_block(self, run):
        trace = super().trace_block(run)
        if run.coins.flags.writeable:
            run.coins[:] = 0
        return trace


class LeavesSlates(SoundReveal):
    """Entries on which the call of one branch can write to that of the other."""

    def trace_block(self, run):
        trace = np.empty(len(run.codes), dtype=object)
        for r, total in enumerate(super().trace_block(run)):
            trace[r] = (("sum", np.array([total])),)
        return trace

    def contradicts(self, view, attacker):
        return np.array([entry[0][1][0] for entry in view.trace]) != self.sums(view.codes)


class LeavesLists(LeavesSlates):
    """The same with lists."""

    def trace_block(self, run):
        trace = super().trace_block(run)
        for r, entry in enumerate(trace):
            entry[0][1].setflags(write=False)
            trace[r] = (*entry, [])
        return trace


class FinerThanItSays(SoundReveal):
    """Numbers f's code by its last number alone."""

    def symbols(self, functions, codes):
        return np.zeros(len(codes), dtype=np.int64)


class CoarserThanItSays(SoundReveal):
    """Numbers each f by itself."""

    def symbols(self, functions, codes):
        return np.arange(len(codes))


class SaysNothing(SoundReveal):
    """Says that it shows nothing."""

    nothing = True


class AccusesAll(SoundReveal):
    """Contradicts whatever has an odd sum."""

    def contradicts(self, view, attacker):
        return self.sums(view.codes) > 0


class AccusesInNumbers(SoundReveal):
    """Answers 0 and 1."""

    def contradicts(self, view, attacker):
        return super().contradicts(view, attacker).astype(np.int64)


class AccusesByRank(SoundReveal):
    """Contradicts no block but that of one round."""

    def contradicts(self, view, attacker):
        return np.full(len(view), len(view) == 1)


def kernel(chances):
    from scipy.sparse import csr_array

    return csr_array(np.asarray(chances, dtype=np.float64))


@dataclasses.dataclass(frozen=True)
class SoundView(Observation):
    """x' and f'(x'), which is told wrong now and then: nothing is wrong with it."""

    noise: float = 0.25
    reads_code = False

    def check(self, functions):
        pass

    def kernel(self, functions, codes, points, weights):
        F, N = len(codes), len(points)
        labels = functions.evaluate(codes, np.broadcast_to(points, (F, *points.shape)))
        chances = np.zeros((N, F, N, 2))
        for x, f, label in itertools.product(range(N), range(F), (0, 1)):
            chances[x, f, x, label] = 1 - self.noise if labels[f, x] == label else self.noise
        return kernel(chances.reshape(N * F, 2 * N))

    def observe(self, view, codes, points, weights):
        place = (view.X[:, None] == points).all(axis=2).argmax(axis=1)
        return 2 * place + (self.labels(view) ^ self.wrong(view))

    def labels(self, view):
        return view.evaluate(view.X[:, None])[:, 0]

    def wrong(self, view):
        return (draws(view.keys, 0, 1)[:, 0] >> np.uint64(11)) * 2.0**-53 < self.noise


class BreaksOnSingletons(SoundView):
    """Divides by zero where it is shown singletons."""

    def check(self, functions):
        if "Singletons" in text(functions):
            raise ZeroDivisionError("singletons")


class HalvesItsNoise(SoundView):
    """Comes back from its spec with half of its parameter."""

    def __post_init__(self):
        object.__setattr__(self, "noise", self.noise / 2)


class ForgetsItsNoise(SoundView):
    """Comes back from its pickle with the default."""

    def __reduce__(self):
        return type(self), ()


class LosesAShare(SoundView):
    """Forgets the wrong labels."""

    def kernel(self, functions, codes, points, weights):
        found = super().kernel(functions, codes, points, weights).toarray()
        return kernel(np.where(found == self.noise, 0.0, found))


class OwesAShare(SoundView):
    """Chances that sum to 1, some of them under 0."""

    def kernel(self, functions, codes, points, weights):
        found = super().kernel(functions, codes, points, weights).toarray()
        return kernel(np.concatenate([found, np.ones((len(found), 1)), -np.ones((len(found), 1))], axis=1))


class NamesAllPoints(SoundView):
    """A row more than there are functions at points."""

    def kernel(self, functions, codes, points, weights):
        found = super().kernel(functions, codes, points, weights).toarray()
        return kernel(np.concatenate([found, found[-1:]]))


class Widens(SoundView):
    """A symbol more, which is never seen, each time that it is asked."""

    def kernel(self, functions, codes, points, weights):
        found = super().kernel(functions, codes, points, weights).toarray()
        return kernel(np.pad(found, ((0, 0), (0, next(COUNTER)))))


class SpoilsItsCodes(SoundView):
    """Sorts the codes that it is given, in place."""

    def kernel(self, functions, codes, points, weights):
        found = super().kernel(functions, codes.copy(), points, weights)
        codes[:] = codes[::-1].copy()
        return found


class SeesMore(SoundView):
    """Says that labels are noisy, and sees them as they are: finer than it says."""

    def wrong(self, view):
        return np.zeros(len(view), dtype=bool)


class SeesTheFunction(SoundView):
    """Says x' and a label, and sees which function it is."""

    def observe(self, view, codes, points, weights):
        view.charge(evaluations=1)
        which = (view._codes[:, None] == codes).all(axis=2).argmax(axis=1)
        return super().observe(view, codes, points, weights) + 2 * len(points) * which


class TossesOnce(SoundView):
    """One coin for a whole block."""

    def wrong(self, view):
        return np.repeat(super().wrong(view)[:1], len(view))


class TossesAnew(SoundView):
    """Another coin each time."""

    def wrong(self, view):
        coins = draws(view.keys + np.uint64(next(COUNTER)), 0, 1)[:, 0]
        return (coins >> np.uint64(11)) * 2.0**-53 < self.noise


class ReadsCodes(SoundView):
    """Evaluates codes by hand, and says nothing of it."""

    def labels(self, view):
        view.charge(evaluations=1)
        return view.game.functions.evaluate(view.codes, view.X[:, None])[:, 0]


class PaysNothing(SoundView):
    """Looks past the meter."""

    def labels(self, view):
        return view.game.functions.evaluate(view._codes, view.X[:, None])[:, 0]


class NoClass(SoundView):
    """Refuses every class."""

    def check(self, functions):
        raise InvalidArgument("this looks at no class")


NO_FREQUENCY = "no frequency is one"
FAULTS = (
    Fault("fits_a_game", GrowsInTheGame()),
    Fault("spec_reads_back", HalvesItsModulus(modulus=8)),
    Fault("pickle_is_equal", ForgetsItsModulus(modulus=3)),
    Fault(
        "a_trace_is_an_entry_a_round",
        OneForAll(),
        (
            "a_trace_depends_on_its_own_round",
            "entries_cannot_be_written_to",
            "symbols_are_equal_where_traces_are",
            "contradicts_no_clean_branch",
        ),
        "of a round that has no entry nothing can be said",
    ),
    Fault("same_run_same_trace", Counts(), ("a_trace_depends_on_its_own_round",), "no two of its traces are equal"),
    Fault("a_trace_depends_on_its_own_round", Ranks()),
    Fault("leaves_the_run_alone", SpoilsTheRun()),
    Fault("entries_cannot_be_written_to", LeavesSlates()),
    Fault("entries_cannot_be_written_to", LeavesLists()),
    Fault("symbols_are_equal_where_traces_are", FinerThanItSays()),
    Fault("symbols_are_equal_where_traces_are", CoarserThanItSays()),
    Fault("nothing_shows_nothing", SaysNothing()),
    Fault("contradicts_no_clean_branch", AccusesAll()),
    Fault("contradicts_no_clean_branch", AccusesInNumbers()),
    Fault("contradicts_no_clean_branch", AccusesByRank()),
    Fault("fits_a_class", BreaksOnSingletons()),
    Fault("spec_reads_back", HalvesItsNoise(noise=0.5)),
    Fault("pickle_is_equal", ForgetsItsNoise(noise=0.5)),
    Fault("rows_are_laws", LosesAShare(), ("symbols_come_as_the_kernel_says",), "what it sees has chance 0"),
    Fault("rows_are_laws", OwesAShare(), ("symbols_come_as_the_kernel_says",), NO_FREQUENCY),
    Fault("rows_are_laws", NamesAllPoints()),
    Fault("same_class_same_kernel", Widens()),
    Fault("same_class_same_kernel", SpoilsItsCodes()),
    Fault("symbols_come_as_the_kernel_says", SeesMore()),
    Fault("symbols_come_as_the_kernel_says", SeesTheFunction()),
    Fault("what_is_seen_depends_on_its_own_round", TossesOnce(), ("symbols_come_as_the_kernel_says",), NO_FREQUENCY),
    Fault("what_is_seen_depends_on_its_own_round", TossesAnew()),
    Fault("sees_in_a_black_box", ReadsCodes()),
    Fault("charges_what_it_sees", PaysNothing()),
)
