"""Checks that nobody reads the game's randomness: who searches small seeds for its own keys wins what cannot be won.

Each plays some rounds under each of a few small seeds where a theorem says how often anybody can be right at most, and
fails a player whose whole interval is above that. What a player that searches seeds finds under them it does not find
under the 63 bits that `estimate` draws.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..catalog.names import resolve
from ..functions import AllFunctions
from ..games import BackdoorGame, Game
from ..games.base import Run
from ..games.measuring.estimation import Measure, quiet_blas
from ..games.measuring.score_interval import score_interval
from ..ground.errors import BackdoorGameError, InvalidArgument, MissingCapability
from ..ground.spec import parse, text
from ..ground.statistics import clopper_pearson
from ..players.attackers import Attacker, NoAttack, RandomLegal, Shattered
from ..players.defenders import Defender, DistillationEnsemble
from ..spaces.distributions import Uniform
from .learner_subjects import SIZES
from .model_subjects import chairs, each
from .results import Broken, NothingToCheck
from .subjects import Subject, seats

SMALL = (0, 1, 2, 3)  # what people type, and what is tried first
LARGE = 0x5DEECE66D2B51A07 >> 1  # 63 bits that nobody comes to by counting, written down so that a check repeats itself
ROUNDS = 160  # under each small seed: in four times as many an advantage of 0.12 over a coin is found
TRAINED = 2  # games in which models are trained, a second each
PLAIN = ("CLWEBackdoor(k=4)", "PlantsAnyway(CLWEBackdoor(k=4))")
MODELS = 40  # of a game that trains one model after another
FAMILY = 1e-6  # an honest player fails one time in a million
STOLEN = "it reads the game's randomness"
SEEDS = f"under seeds {SMALL[0]} to {SMALL[-1]}"
ROUNDING = 1e-9  # of bounds that are sums of floats


@dataclasses.dataclass(frozen=True)
class Counted:
    """Rounds under several seeds together: plants, clean branches that were flagged, and scores of 0, 1/2 and 1."""

    rounds: int
    plants: int
    alarms: int
    scores: tuple[int, int, int]

    @property
    def win_rate(self) -> float:
        """The defender's, both branches played."""
        return (self.scores[1] / 2 + self.scores[2]) / self.rounds

    def wins(self, level: float) -> tuple[float, float]:
        """An interval for it."""
        return score_interval(*self.scores, level)


def tells_no_equal_laws_apart(subject: Subject) -> None:
    """On shattered points at epsilon >= 1/d clean and planted rounds have one law: under small seeds it wins half."""
    plain = (at.game for at in seats(subject) if at.game.plain)
    own = [(game, Shattered()) for one in plain if (game := _shattered(one)) is not None]
    games = [(game, attacker) for game, attacker in dict.fromkeys((*own, *_coins())) if _admits(game, subject.thing)]
    if not games:
        raise NothingToCheck("it plays no class that names two shattered points where clean and planted have one law")
    for game, attacker in games:
        found = played(game, attacker, subject.thing, lent=(game, attacker) not in own)
        if found is None:
            continue
        low, high = found.wins(1 - FAMILY / len(games))
        if low > 0.5:
            told = f"wins {found.win_rate:.4f} (between {low:.4f} and {high:.4f}) {SEEDS}"
            raise Broken(f"{STOLEN}: it {told}, where nobody wins more than half", text(game))


def guesses_at_unseen_points(subject: Subject) -> None:
    """On a uniform labelling nobody is right with probability above 1 - (1/2) sum_x D(x) (1 - D(x))^m."""
    tried = [(game, attacker, m) for game, attacker in _labelled(subject) for m in SIZES if _learns(subject, game, m)]
    if not tried:
        raise NothingToCheck("it learns no class that names two shattered points")
    for game, attacker, m in tried:
        support = game.setup(attacker).atoms()
        D = np.array([1.0]) if support is None else support[1]
        bound = 1 - 0.5 * float((D * (1 - D) ** m).sum())
        defender = DistillationEnsemble(learner=subject.thing, examples=m, members=1, threshold=0.5)
        found = counted(game.ready(attacker, defender), SMALL, ROUNDS)
        right = found.rounds - found.alarms
        low, high = clopper_pearson(right, found.rounds, 1 - FAMILY / len(tried))
        if low > bound + ROUNDING:
            told = f"is right in {right} of {found.rounds} rounds (between {low:.4f} and {high:.4f}) {SEEDS}"
            raise Broken(f"{STOLEN}: it {told}, where {bound:.6g} is the most after m={m} examples", text(game))


def wins_no_more_under_small_seeds(subject: Subject) -> None:
    """Where no theorem says what is the most, its wins under small seeds are those under a large one."""
    ready = (_run(chair.game, subject.thing) for chair in each(chairs(subject)[0]))
    runs = list(itertools.islice((run for run in ready if run is not None), TRAINED))
    if not runs:
        raise NothingToCheck("no backdoor that is known here fits its games")
    for run in runs:
        small, large = counted(run, SMALL, MODELS), counted(run, (LARGE,), MODELS * len(SMALL))
        level = 1 - FAMILY / (2 * TRAINED)
        if small.wins(level)[0] > large.wins(level)[1]:
            what = f"wins {small.win_rate:.4f} {SEEDS} and {large.win_rate:.4f} under {LARGE}"
            raise Broken(f"{STOLEN}: it {what}", text(run.game))


def _coins() -> tuple[tuple[BackdoorGame, Attacker], ...]:
    """All labelings of four points, one of which may be flipped: D open, and fixed for those who need it so.

    There a random legal plant of a random function is what `Shattered` plants.
    """
    table = AllFunctions(points=4)
    return (BackdoorGame(table, 1 / 4), Shattered()), (BackdoorGame(table, 1 / 4, Uniform()), RandomLegal())


def _labelled(subject: Subject) -> list[tuple[BackdoorGame, Attacker]]:
    """Games with every labelling of D's points equally likely, in other classes where it does not learn all functions.

    Only clean branches count there: plants of `Shattered` change nothing, and `NoAttack` picks a member at random.
    """
    tables = [game for game in subject.games if isinstance(game.functions, AllFunctions) and game.distribution]
    tables = list(dict.fromkeys((*tables, BackdoorGame(AllFunctions(points=4), 1 / 4, Uniform()))))
    if any(_learns(subject, game, m) for game in tables for m in SIZES):
        return [(game, NoAttack()) for game in tables]
    found = (_shattered(game) for game in subject.games)
    return [(game, Shattered()) for game in dict.fromkeys(found) if game is not None]


def _shattered(game: BackdoorGame) -> BackdoorGame | None:
    """The game with D uniform on a shattered set and epsilon at least 1/d; None where d is under two."""
    try:
        d = len(game.functions.shattered_set())
    except (MissingCapability, InvalidArgument):
        return None
    return None if d < 2 else dataclasses.replace(game, epsilon=max(game.epsilon, 1 / d), distribution=None)


def _run(game: Game, detector: Any) -> Run | None:
    """The detector against a backdoor that is plain enough for small models; None where none fits."""
    for spec in PLAIN:
        with contextlib.suppress(InvalidArgument, MissingCapability), quiet_blas(game):
            return game.ready(parse(spec, resolve), detector)
    return None


def _admits(game: Game, thing: Any) -> bool:
    try:
        game.admit(thing)
    except BackdoorGameError:
        return False
    return True


def _learns(subject: Subject, game: BackdoorGame, m: int) -> bool:
    try:
        subject.thing.prepare(game.functions, m)
    except (InvalidArgument, MissingCapability, NotImplementedError):
        return False
    return True


def played(
    game: BackdoorGame, attacker: Attacker, defender: Defender, *, lent: bool, rounds: int = ROUNDS
) -> Counted | None:
    """Rounds under the small seeds; None where a player breaks in a lent game, which nobody said that it plays."""
    try:
        return counted(game.ready(attacker, defender), SMALL, rounds)
    except BackdoorGameError:
        if lent:
            return None
        raise


def counted(run: Run, seeds: Sequence[int], rounds: int) -> Counted:
    """The counts of so many rounds under each of the seeds."""
    with quiet_blas(run.game):
        found = [Measure(rounds, seed, threads=1).of(run)[0] for seed in seeds]
    return Counted(
        sum(one.rounds for one in found),
        sum(one.rounds - one.forfeits - one.illegal for one in found),
        sum(one.false_alarms for one in found),
        _total([one.scores or (0, 0, 0) for one in found]),
    )


def _total(scores: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    losses, halves, wins = (sum(column) for column in zip(*scores, strict=True))
    return losses, halves, wins
