"""Several estimates whose intervals all hold together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from ...ground import _validate
from ...ground.errors import ContractError
from ...ground.progress import Progress, silent
from ...ground.seeds import fresh_or
from ...ground.spec import text
from ...ground.statistics import line_level
from ..base import Game, Run
from ..outcomes import Outcome
from .estimation import Listener, Measure, in_blocks, quiet_blas
from .records import Estimate


@dataclasses.dataclass(frozen=True)
class Match:
    """Who plays what, for how long, under which seed; the fields are those of `estimate`.

    Matches whose seed is None are played under one that is drawn for all of them, when they are played.
    """

    game: Any  # a `Game`; which one, the reader of its results knows
    attacker: Any
    defender: Any
    rounds: int = 20_000
    seed: int | None = None


Heard = Callable[[int, Outcome, float], None]


def ignored(place: int, outcome: Outcome, threshold: float) -> None:
    """Keep nothing of a block."""


def estimates(
    matches: Sequence[Match],
    *,
    level: float,
    threads: int | None = None,
    heard: Heard = ignored,
    progress: Progress = silent,
) -> list[Estimate]:
    """An estimate of every match, the one that it has alone, with intervals that all hold together.

    Matches that differ in the defender alone are played as one run: what the attacker does, a trained model among it,
    is done once, and thresholds are set on one set of clean rounds. (In a game on several threads for block players
    alone, the others are a run of their own.) All players are made ready before the first round.

    Parameters
    ----------
    matches : sequence of Match
        At least one.
    level : float in (0, 1)
        All intervals hold at once at this level: Sidak over games and seeds, whose rounds are independent, Bonferroni
        over the matches of one game and seed, which share triggers.
    threads : int, optional
        Threads to use; changes no number.
    heard : callable
        Called with the place of a match, a block of its outcomes and its defender's threshold, block by block in the
        order of the rounds.
    progress : callable
        Called with (rounds done, rounds in all), all matches together, and before that with (clean rounds done, clean
        rounds in all) where thresholds are set on them.

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
        In one sentence each.
    """
    return [one for one in _each(matches, level, threads, heard, progress, False) if isinstance(one, Estimate)]


def attempts(
    matches: Sequence[Match], *, level: float, threads: int | None = None, progress: Progress = silent
) -> list[Estimate | ContractError]:
    """`estimates`, with the error of a match whose player breaks its contract during play in that match's place.

    Who breaks it before the first round still ends everything. The others' numbers are what they would be anyway.
    """
    return _each(matches, level, threads, ignored, progress, True)


def _each(
    matches: Sequence[Match], level: float, threads: int | None, heard: Heard, progress: Progress, go_on: bool
) -> list[Estimate | ContractError]:
    matches = _seeded(matches)
    each = line_level([f"{match.seed} {text(match.game)}" for match in matches], _validate.asked_level(level))
    panels: dict[Hashable, list[int]] = {}
    for place, match in enumerate(matches):
        # A defender that is written round by round would keep the others on one thread, where it matters.
        apart = not match.game.parallel and in_blocks(match.attacker, match.defender)
        key = (match.game, match.attacker, match.rounds, match.seed, apart)
        panels.setdefault(key, []).append(place)
    hows = [Measure(match.rounds, match.seed, each, threads=threads) for match in matches]
    total = sum(how.rounds for how in hows)
    runs = {places: _ready([matches[place] for place in places], progress) for places in map(tuple, panels.values())}
    found: dict[int, Estimate | ContractError] = {}
    done = 0
    for places, run in runs.items():
        how, share = hows[places[0]], len(places) * hows[places[0]].rounds
        part, listener = _Share(progress, done, share, total), _passed_on(heard, places, run)
        try:
            found |= zip(places, _measured(how, run, part, listener), strict=True)
        except ContractError as error:
            if not go_on:
                raise
            one_by_one = {place: _alone(how, matches[place], part) for place in places} if len(places) > 1 else {}
            found |= one_by_one or {places[0]: error}
        done += share
    return [found[place] for place in range(len(matches))]


def _measured(how: Measure, run: Run, progress: Progress, listener: Listener) -> list[Estimate]:
    with quiet_blas(run.game):
        return how.of(run, progress, listener)


def _alone(how: Measure, match: Match, progress: Progress) -> Estimate | ContractError:
    """One of several matches that were played as one run, in which somebody broke a contract."""
    try:
        with quiet_blas(match.game):
            return how.of(_ready([match], silent), progress)[0]
    except ContractError as error:
        return error


def _seeded(matches: Sequence[Match]) -> Sequence[Match]:
    """The matches, those without a seed under one that is drawn for all of them, so that they may share a run."""
    if all(match.seed is not None for match in matches):
        return matches
    fresh = fresh_or(None)
    return [match if match.seed is not None else dataclasses.replace(match, seed=fresh) for match in matches]


def _ready(matches: Sequence[Match], progress: Progress) -> Run:
    game: Game = matches[0].game
    with quiet_blas(game):
        return game.ready(matches[0].attacker, *(match.defender for match in matches), progress=progress)


def _passed_on(heard: Heard, places: Sequence[int], run: Run) -> Listener:
    """A listener of the run that knows the places of its matches."""

    def listen(outcomes: list[Outcome]) -> None:
        for place, outcome, defender in zip(places, outcomes, run.defenders, strict=True):
            heard(place, outcome, defender.threshold)

    return listen


class _Share:
    """Progress of one run as a share of all."""

    def __init__(self, progress: Progress, before: int, share: int, total: int) -> None:
        self._progress, self._before, self._share, self._total = progress, before, share, total

    def __call__(self, done: int, total: int) -> None:
        self._progress(self._before + self._share * done // total, self._total)
