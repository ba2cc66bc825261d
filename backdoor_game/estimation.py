"""Rounds to a win rate with an interval."""

from __future__ import annotations

import functools
import platform
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from . import _validate
from ._jit import thread_count
from .attackers import Attacker, BlockAttacker
from .defenders import BlockDefender, Defender
from .errors import InvalidArgument
from .functions.base import Floats
from .games import BackdoorGame
from .games.backdoor import Streams
from .games.contract import blamed, call
from .progress import Progress, silent
from .records import Estimate, Interval, Outcome
from .spec import text
from .statistics import auroc, betting_interval, clopper_pearson, roc, win_rate_interval
from .tally import Tally

BLOCK = 4096
SEEDS = 2**63


def estimate(
    game: BackdoorGame,
    attacker: Attacker,
    defender: Defender,
    *,
    rounds: int = 20_000,
    seed: int = 0,
    level: float = 0.95,
    half_width: float | None = None,
    literal: bool = False,
    threads: int | None = None,
    progress: Progress = silent,
) -> Estimate:
    """Play rounds and measure the defender's win rate.

    Parameters
    ----------
    game, attacker, defender
        Configured objects; None among their fields is filled from the theorem.
    rounds : int
        Rounds to play, each with both branches; the most to play when `half_width` is given.
    seed : int
        The result is a function of (game, attacker, defender, rounds, seed) alone.
    level : float in (0, 1)
        Confidence level of every interval. Both branches: Clopper-Pearson for each at 1 - (1 - level)/2, ends averaged,
        exact for every dependence between the branches of a round.
    half_width : float, optional
        Stop, at a multiple of 4,096 rounds, once an anytime-valid confidence sequence is this narrow to either side.
    literal : bool
        Play the coin's branch alone, as the definition has it; Clopper-Pearson on the wins.
    threads : int, optional
        Threads for block players; changes no number. By default NUMBA_NUM_THREADS, else all cores.
    progress : callable
        Called with (rounds done, rounds in all).

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
        In one sentence each.
    """
    _validate.instance("game", game, BackdoorGame, "BackdoorGame(Thresholds(points=10), 0.2, Uniform())")
    _validate.instance("attacker", attacker, Attacker, "NearestLegal()")
    _validate.instance("defender", defender, Defender, "CoinFlip()")
    rounds = _validate.integer("rounds", rounds, 1, 2**48)
    seed = _validate.integer("seed", seed, -SEEDS, SEEDS)
    level = _validate.level(level)
    workers = thread_count() if threads is None else _validate.integer("threads", threads, 1)
    if half_width is not None:
        half_width = _validate.real("half_width", half_width, 1e-6, 0.5)
        if literal:
            raise InvalidArgument("half_width stops on both branches: leave literal=True out")
    ready_attacker, ready_defender = prepared(game, attacker, defender)
    setup = blamed(lambda: game.prepare(ready_attacker))
    streams = Streams(seed, game)
    tally = Tally()
    stop = None if half_width is None else _Stop(level, half_width)
    blocks = (range(start, min(start + BLOCK, rounds)) for start in range(0, rounds, BLOCK))
    fast = isinstance(ready_attacker, BlockAttacker) and isinstance(ready_defender, BlockDefender)

    def play(block: range) -> Outcome:
        return blamed(lambda: game.play_block(setup, ready_attacker, ready_defender, streams, block))

    for outcome in _played(play, blocks, workers if fast and rounds > BLOCK else 1):
        tally.add(outcome, ready_defender.threshold)
        progress(tally.rounds, rounds)
        if stop is not None and stop(tally):
            break
    labels = {"game": text(game), "attacker": text(attacker), "defender": text(defender)}
    filled = {
        "distribution": text(setup.distribution),
        "attacker": text(ready_attacker),
        "defender": text(ready_defender),
    }
    mode = "literal" if literal else "adaptive" if half_width is not None else "both branches"
    return _summary(tally, mode, level, seed, labels, filled)


def prepared(game: BackdoorGame, attacker: Attacker, defender: Defender) -> tuple[Attacker, Defender]:
    """Both players with every None filled for the game."""
    ready_attacker = call(attacker, "prepare", lambda: attacker.prepare(game))
    ready_defender = call(defender, "prepare", lambda: defender.prepare(game))
    _validate.instance("what the attacker's prepare() returns", ready_attacker, Attacker, "self")
    _validate.instance("what the defender's prepare() returns", ready_defender, Defender, "self")
    _validate.real(f"the threshold of {text(ready_defender)}", ready_defender.threshold, 0.0, 1.0)
    return ready_attacker, ready_defender


def _played(play: Any, blocks: Iterator[range], workers: int) -> Iterator[Outcome]:
    """Outcomes in the order of the blocks, a few of them under way at a time."""
    if workers == 1:
        yield from map(play, blocks)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        waiting: list[Future[Outcome]] = []
        for block in blocks:
            waiting.append(pool.submit(play, block))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _adaptive_interval(tally: Tally, level: float) -> tuple[float, float]:
    (n0, nh, n1), (m0, mh, m1) = tally.scores_low.tolist(), tally.scores_high.tolist()
    return betting_interval(n0, nh, n1, level)[0], betting_interval(m0, mh, m1, level)[1]


class _Stop:
    """Whether the confidence sequence is narrow enough, looked at on whole blocks only.

    A look costs as much as many rounds, and the width falls like one over the root of the rounds: the next look waits
    for 97% of the rounds that this predicts. Any such rule is honest, since the sequence is valid at every look.
    """

    def __init__(self, level: float, half_width: float) -> None:
        self._level, self._half_width, self._next = level, half_width, 0.0

    def __call__(self, tally: Tally) -> bool:
        if tally.rounds % BLOCK or tally.rounds < self._next:
            return False
        low, high = _adaptive_interval(tally, self._level)
        self._next = 0.97 * tally.rounds * ((high - low) / (2 * self._half_width)) ** 2
        return high - low <= 2 * self._half_width


def _win_rate(tally: Tally, mode: str, level: float) -> tuple[Interval, str]:
    n, unsure = tally.rounds, tally.undecided_detections
    if mode == "literal":
        value = (tally.coin_wins_low + tally.coin_wins_high) / (2 * n)
        low = clopper_pearson(tally.coin_wins_low, n, level)[0]
        high = clopper_pearson(tally.coin_wins_high, n, level)[1]
        return Interval(value, low, high), "Clopper-Pearson on the coin's wins"
    value = 0.5 * (1 - tally.false_alarms / n) + 0.5 * (tally.detections + unsure / 2) / n
    if mode == "adaptive":
        low, high = _adaptive_interval(tally, level)
        return Interval(value, low, high), "betting confidence sequence, valid at every look"
    low, high = win_rate_interval(tally.false_alarms, tally.detections, tally.detections + unsure, n, level)
    return Interval(value, low, high), "Clopper-Pearson for each branch at 1 - (1 - level)/2, ends averaged"


def _summary(
    tally: Tally, mode: str, level: float, seed: int, labels: dict[str, str], filled: dict[str, str]
) -> Estimate:
    n, unsure = tally.rounds, tally.undecided_detections
    win, kind = _win_rate(tally, mode, level)
    curve = roc(tally.clean_bins, tally.planted_bins)
    alarm_low, alarm_high = clopper_pearson(tally.false_alarms, n, level)
    return Estimate(
        win_rate=win.value,
        low=win.low,
        high=win.high,
        level=level,
        interval=kind,
        mode=mode,
        rounds=n,
        forfeits=tally.forfeits,
        illegal=tally.illegal,
        undecided=tally.undecided,
        defender_forfeits=tally.defender_forfeits,
        false_alarms=tally.false_alarms,
        detections=tally.detections,
        false_alarm_rate=Interval(tally.false_alarms / n, alarm_low, alarm_high),
        detection_rate=Interval(
            (tally.detections + unsure / 2) / n,
            clopper_pearson(tally.detections, n, level)[0],
            clopper_pearson(tally.detections + unsure, n, level)[1],
        ),
        win_rate_given_plant=tally.plant_score / (2 * tally.plants) if tally.plants else None,
        auroc=auroc(tally.clean_bins, tally.planted_bins),
        roc=() if curve is None else _thinned(*curve),
        examples_per_round=tally.examples / n,
        evaluations_per_round=tally.evaluations / n,
        attacker_evaluations_per_round=tally.attacker_evaluations / n,
        seed=seed,
        spec=labels,
        prepared=filled,
        versions=versions(),
    )


def _thinned(alarms: Floats, detections: Floats) -> tuple[tuple[float, float], ...]:
    """The corners of the ROC curve alone."""
    moved = np.flatnonzero((np.diff(alarms) > 0) | (np.diff(detections) > 0)) + 1
    corners = [0, *moved.tolist()]
    return tuple(zip(alarms[corners].tolist(), detections[corners].tolist(), strict=True))


def versions() -> dict[str, str]:
    """What may change a number: this package, NumPy (whose Generator streams may change), numba, scipy and Python."""
    return {**_installed(), "python": platform.python_version()}


@functools.cache
def _installed() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("backdoor-game", "numpy", "numba", "scipy")}
