"""Rounds to a win rate with an interval."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground._jit import thread_count
from ...ground.errors import InvalidArgument
from ...ground.progress import Progress, silent
from ...ground.spec import text
from ...players.attackers import BlockAttacker
from ...players.defenders import BlockDefender
from ..base import Game, Streams
from ..contract import blamed
from ..outcomes import Outcome
from .records import Estimate
from .summary import adaptive_interval, summarise
from .tally import Tally

BLOCK = 4096
CODES = 2**22  # entries of codes that are held at a time
SEEDS = 2**63


def estimate(
    game: Game,
    attacker: Any,
    defender: Any,
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
        Configured objects; None among their fields is filled from the theorem. A game says what sits in its two seats:
        attackers and defenders in `BackdoorGame`, backdoors and detectors in `StaticDetection`.
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
        Called with (rounds done, rounds in all), and before that with (clean rounds done, clean rounds in all) where a
        threshold is set on them.

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
        In one sentence each.
    """
    _validate.instance("game", game, Game, "BackdoorGame(Thresholds(points=10), 0.2, Uniform())")
    game.seat(attacker, defender)
    rounds = _validate.integer("rounds", rounds, 1, 2**48)
    seed = _validate.integer("seed", seed, -SEEDS, SEEDS)
    level = _validate.level(level)
    workers = thread_count() if threads is None else _validate.integer("threads", threads, 1)
    if literal and game.branches == 1:
        raise InvalidArgument("literal plays the coin's branch, and this game has one branch alone: leave it out")
    if half_width is not None:
        half_width = _validate.real("half_width", half_width, 1e-6, 0.5)
        if literal or game.branches == 1:
            raise InvalidArgument("half_width stops on both branches: leave literal=True out, or play a game of two")
    # Where models are trained, BLAS keeps to one thread throughout: to switch for every model costs more than it saves.
    with one_blas_thread() if game.parallel else contextlib.nullcontext():
        ready_attacker, ready_defender = prepared(game, attacker, defender, progress)
        setup = blamed(lambda: game.prepare(ready_attacker))
        streams = Streams(seed, game)
        tally = Tally()
        stop = None if half_width is None else _Stop(level, half_width)
        blocks = (range(start, min(start + game.block, rounds)) for start in range(0, rounds, game.block))
        fast = game.parallel or (
            isinstance(ready_attacker, BlockAttacker) and isinstance(ready_defender, BlockDefender)
        )

        def play(block: range) -> list[Outcome]:
            step = max(1, CODES // game.entries)
            parts = [block[at : at + step] for at in range(0, len(block), step)]
            return [
                blamed(lambda part=part: game.play_block(setup, ready_attacker, ready_defender, streams, part))  # type: ignore[misc]
                for part in parts
            ]

        for outcomes in _played(play, blocks, workers if fast else 0):
            for outcome in outcomes:
                tally.add(outcome, ready_defender.threshold)
            progress(tally.rounds, rounds)
            if stop is not None and stop(tally):
                break
    labels = {"game": text(game), "attacker": text(attacker), "defender": text(defender)}
    filled = {**game.filled(setup), "attacker": text(ready_attacker), "defender": text(ready_defender)}
    mode = "literal" if literal else "adaptive" if half_width is not None else "both branches"
    mode = "one branch" if game.branches == 1 else mode
    return summarise(tally, mode, level, seed, labels, filled)


def prepared(game: Game, attacker: Any, defender: Any, progress: Progress = silent) -> tuple[Any, Any]:
    """Both players with every None filled for the game; `progress` hears of what takes long, such as thresholds."""
    game.seat(attacker, defender)
    return game.prepared(attacker, defender, progress)


def _played(play: Any, blocks: Iterator[range], workers: int) -> Iterator[list[Outcome]]:
    """Outcomes in the order of the blocks, a few of them under way at a time; without workers, in this thread.

    Ctrl-C reaches the main thread alone: where that only waits, no compiled kernel stands in its way.
    """
    if workers == 0:
        yield from map(play, blocks)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        waiting: list[Future[list[Outcome]]] = []
        most = 2 * workers + 1 if workers > 1 else 1  # one worker and this thread would only take turns at the lock
        for block in blocks:
            waiting.append(pool.submit(play, block))
            if len(waiting) >= most:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


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
        low, high = adaptive_interval(tally, self._level)
        self._next = 0.97 * tally.rounds * ((high - low) / (2 * self._half_width)) ** 2
        return high - low <= 2 * self._half_width
