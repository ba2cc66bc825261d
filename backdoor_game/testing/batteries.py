"""The batteries as a user calls them: every check of one kind of thing, one result each."""

from __future__ import annotations

import functools
from typing import Any

from ..circuits.obfuscators import Obfuscator
from ..functions import FunctionClass
from ..ground.lookup import made
from ..ground.progress import Progress, silent
from ..ground.spec import Configured
from ..planting.backdoors import Backdoor
from ..planting.datasets import Dataset
from ..planting.delegates import Delegate
from ..planting.detectors import Detector
from ..planting.forgers import Forger
from ..planting.updates import Update
from ..players.attackers import Attacker
from ..players.defenders import Defender
from ..players.learners import Learner
from ..spaces.distributions import Distribution
from .exploring import outcome
from .kinds import (
    ATTACKER,
    BACKDOOR,
    DATASET,
    DEFENDER,
    DELEGATE,
    DETECTOR,
    DISTRIBUTION,
    FORGER,
    FUNCTION_CLASS,
    LEARNER,
    OBFUSCATOR,
    UPDATE,
    Games,
    Kind,
    kind_of,
    subject,
)
from .results import CheckReport


def check_attacker(attacker: Attacker, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether an attacker keeps its contract: legal, deterministic under a seed, metered, no better than optimal.

    Parameters
    ----------
    attacker : Attacker
        It may have Nones left: it is prepared for each game.
    games : BackdoorGame or sequence of them, optional
        Where it is tried; by default small games of every kind of class. Games that it refuses in `prepare` are left
        out, which ``prepares`` says; one of them at least must be played.
    progress : callable
        Called with (checks done, checks in all).

    Returns
    -------
    tuple of CheckResult
        One for each name in ``check_names(attacker)``, in that order; the same on every run if the
        attacker is deterministic.

    Examples
    --------
    >>> from backdoor_game import BackdoorGame, NearestLegal, Thresholds, Uniform
    >>> from backdoor_game.testing import check_attacker
    >>> game = BackdoorGame(Thresholds(points=4), 0.25, Uniform())
    >>> {result.status for result in check_attacker(NearestLegal(), game)} <= {"passed", "skipped"}
    True
    """
    return battery(ATTACKER, "attacker", attacker, games, progress)


def check_defender(defender: Defender, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a defender keeps its contract: suspicions in [0, 1], deterministic under a seed, metered.

    Parameters and answer are those of `check_attacker`.

    Examples
    --------
    >>> from backdoor_game import CoinFlip
    >>> from backdoor_game.testing import check_defender
    >>> [result.name for result in check_defender(CoinFlip()) if result.status == "failed"]
    []
    """
    return battery(DEFENDER, "defender", defender, games, progress)


def check_function_class(functions: FunctionClass, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a function class obeys the laws of one: members, labels, distances, VC dimension, what it lists.

    The distributions are those of the `games` on this class, by default every kind on its domain.

    Examples
    --------
    >>> from backdoor_game import Singletons
    >>> from backdoor_game.testing import check_function_class
    >>> [result.name for result in check_function_class(Singletons(points=3)) if result.status == "failed"]
    []
    """
    return battery(FUNCTION_CLASS, "functions", functions, games, progress)


def check_distribution(distribution: Distribution, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a distribution draws points of its domain, and what it says of itself agrees with its draws.

    The domains are those of the `games`, by default small ones of every kind that it accepts.

    Examples
    --------
    >>> from backdoor_game import Weighted
    >>> from backdoor_game.testing import check_distribution
    >>> [result.name for result in check_distribution(Weighted([0.5, 0.5])) if result.status == "failed"]
    []
    """
    return battery(DISTRIBUTION, "distribution", distribution, games, progress)


def check_learner(learner: Learner, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a learner predicts labels, row by row, and errs no more than it states, over all samples of tiny classes.

    The classes are those of the `games`, by default small ones that it accepts, at 0, 1 and 3 examples.

    Examples
    --------
    >>> from backdoor_game import Memorizer
    >>> from backdoor_game.testing import check_learner
    >>> [result.name for result in check_learner(Memorizer()) if result.status == "failed"]
    []
    """
    return battery(LEARNER, "learner", learner, games, progress)


def check_detector(detector: Detector, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a detector keeps its contract: suspicions in [0, 1], deterministic, metered, blind in a black box.

    The games are `StaticDetection`, `Activation` and their like, by default small ones of both kinds of features.

    Examples
    --------
    >>> from backdoor_game import Moments
    >>> from backdoor_game.testing import check_detector
    >>> [result.name for result in check_detector(Moments(clean=20)) if result.status == "failed"]
    []
    """
    return battery(DETECTOR, "detector", detector, games, progress)


def check_backdoor(backdoor: Backdoor, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a backdoor plants members with keys of their own, which activate inputs and are not in the model.

    It is planted in the classes of the `games` on their data, by default in small ones of both kinds of features.

    Examples
    --------
    >>> from backdoor_game import CLWEBackdoor
    >>> from backdoor_game.testing import check_backdoor
    >>> [result.name for result in check_backdoor(CLWEBackdoor(k=4)) if result.status == "failed"]
    []
    """
    return battery(BACKDOOR, "backdoor", backdoor, games, progress)


def check_dataset(dataset: Dataset, *, progress: Progress = silent) -> CheckReport:
    """Whether a data set's splits are finite labelled examples, the same under the same generator.

    Examples
    --------
    >>> from backdoor_game import GaussianLinear
    >>> from backdoor_game.testing import check_dataset
    >>> [result.name for result in check_dataset(GaussianLinear(dimension=4)) if result.status == "failed"]
    []
    """
    return battery(DATASET, "dataset", dataset, None, progress)


def check_obfuscator(obfuscator: Obfuscator, *, progress: Progress = silent) -> CheckReport:
    """Whether an obfuscator keeps every function, row by row, within the gates that it asks for.

    Examples
    --------
    >>> from backdoor_game import Identity
    >>> from backdoor_game.testing import check_obfuscator
    >>> [result.name for result in check_obfuscator(Identity()) if result.status == "failed"]
    []
    """
    return battery(OBFUSCATOR, "obfuscator", obfuscator, None, progress)


def check_forger(forger: Forger, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a forger hands in inputs, deterministic under a seed, and stops where its budget ends.

    The games are `Replication`, by default small ones in which nothing, one input and several were seen.

    Examples
    --------
    >>> from backdoor_game import Copycat
    >>> from backdoor_game.testing import check_forger
    >>> [result.name for result in check_forger(Copycat()) if result.status == "failed"]
    []
    """
    return battery(FORGER, "forger", forger, games, progress)


def check_delegate(delegate: Delegate, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether a delegate's steps have their form in every protocol that it plays, and are the same under a seed.

    The games are `Delegation`, by default small ones of each protocol.

    Examples
    --------
    >>> from backdoor_game import KeepsCoins
    >>> from backdoor_game.testing import check_delegate
    >>> [result.name for result in check_delegate(KeepsCoins()) if result.status == "failed"]
    []
    """
    return battery(DELEGATE, "delegate", delegate, games, progress)


def check_update(update: Update, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """Whether an update makes a model of a model, the same under a seed, and leaves the user's examples alone.

    It trains models of the classes of the `games`, by default small ones of every kind.

    Examples
    --------
    >>> from backdoor_game import SingleEdits
    >>> from backdoor_game.testing import check_update
    >>> [result.name for result in check_update(SingleEdits()) if result.status == "failed"]
    []
    """
    return battery(UPDATE, "update", update, games, progress)


def check_names(thing: Any) -> tuple[str, ...]:
    """The names of the checks for a thing of this kind, in the order in which they run."""
    return tuple(check.__name__ for check in kind_of(thing).checks)


def check(thing: Any, games: Games = None, *, progress: Progress = silent) -> CheckReport:
    """The battery of whatever kind the thing is, an object or its spec."""
    thing = made(thing, Configured, "thing", "CoinFlip()")
    return battery(kind_of(thing), "thing", thing, games, progress)


def battery(kind: Kind, argument: str, thing: Any, games: Games, progress: Progress) -> CheckReport:
    """Every check of a kind, one after the other."""
    thing = made(thing, kind.base, argument, kind.example)
    held, found = subject(thing, games), []
    for done, single in enumerate(kind.checks):
        progress(done, len(kind.checks))
        found.append(outcome(single.__name__, functools.partial(single, held)))
    progress(len(kind.checks), len(kind.checks))
    return CheckReport(found)
