"""Rounds to a win rate with an interval."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground._jit import thread_count
from ...ground.errors import InvalidArgument
from ...ground.progress import Progress, silent
from ...ground.seeds import fresh_or
from ...players.attackers import BlockAttacker
from ...players.defenders import BlockDefender
from ..base import Game, Run, Streams
from ..outcomes import Outcome
from .recording import Recorder
from .records import Estimate
from .summary import adaptive_interval, summarise
from .tally import Tally

BLOCK = 4096  # rounds between two looks of an adaptive run: part of what its numbers mean, so never tuned
CODES = 2**22  # entries of codes that are held at a time, 32 MiB of int64: twenty thousand gates take 0.3 GB, not 5
ROUNDS = 2**48  # counts of twice as many branches stay exact as floats, which the intervals compute with


def estimate(
    game: Game,
    attacker: Any,
    defender: Any,
    *,
    rounds: int = 20_000,
    seed: int | None = None,
    level: float = 0.95,
    half_width: float | None = None,
    literal: bool = False,
    threads: int | None = None,
    records: bool = False,
    progress: Progress = silent,
) -> Estimate:
    """The core's `backdoor_game.estimate`, which says what each parameter is: objects alone, and no exact numbers.

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
        In one sentence each.

    Notes
    -----
    Several processes may play at once, each started by *spawn* (``multiprocessing.get_context("spawn")``): one that is
    forked while another thread compiles a kernel inherits the compiler's lock with nobody to open it, and hangs.
    """
    _validate.instance("game", game, Game, "BackdoorGame(Thresholds(points=10), 0.2, Uniform())")
    how = Measure(rounds, seed, level, half_width, literal, threads)
    if literal and game.branches == 1:
        raise InvalidArgument("literal plays the coin's branch, and this game has one branch alone: leave it out")
    if half_width is not None and (literal or game.branches == 1):
        raise InvalidArgument("half_width stops on both branches: leave literal=True out, or play a game of two")
    with quiet_blas(game):
        run = game.ready(attacker, defender, progress=progress)
        if not records:
            return how.of(run, progress)[0]
        run = dataclasses.replace(run, keep=True)
        recorder = Recorder(run, Streams(fresh_or(how.seed), game), how.rounds)
        (found,) = how.of(run, progress, recorder)
    return dataclasses.replace(found, records=recorder.records())


def quiet_blas(game: Game) -> contextlib.AbstractContextManager[None]:
    """One BLAS thread throughout where models are trained: to switch for every model costs more than it saves."""
    return one_blas_thread() if game.parallel else contextlib.nullcontext()


Listener = Callable[[list[Outcome]], None]


def unheard(outcomes: list[Outcome]) -> None:
    """Keep nothing of a block."""


@dataclasses.dataclass(frozen=True)
class Measure:
    """How a run is measured; the fields are those of `estimate`, and a seed of None is drawn when this is made.

    Raises
    ------
    InvalidArgument
        For values outside their range.
    """

    rounds: int = 20_000
    seed: int | None = None
    level: float = 0.95
    half_width: float | None = None
    literal: bool = False
    threads: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "rounds", _validate.integer("rounds", self.rounds, 1, ROUNDS))
        object.__setattr__(self, "seed", fresh_or(self.seed))
        object.__setattr__(self, "level", _validate.asked_level(self.level))
        if self.threads is not None:
            object.__setattr__(self, "threads", _validate.integer("threads", self.threads, 1))
        if self.half_width is not None:
            object.__setattr__(self, "half_width", _validate.real("half_width", self.half_width, 1e-6, 0.5))

    def of(self, run: Run, progress: Progress = silent, listener: Listener = unheard) -> list[Estimate]:
        """An estimate for each defender of a run, as if it were alone; a listener hears all outcomes, in order."""
        if self.half_width is not None and len(run.defenders) != 1:
            raise InvalidArgument(f"half_width stops on one defender's interval, got {len(run.defenders)} defenders")
        game, seed = run.game, fresh_or(self.seed)  # no longer None
        streams = Streams(seed, game)
        tallies = [Tally() for _ in run.defenders]
        stop = None if self.half_width is None else _Stop(self.level, self.half_width)
        step = max(1, CODES // game.entries)
        blocks = (range(at, min(at + game.block, self.rounds)) for at in range(0, self.rounds, game.block))

        def play(block: range) -> list[list[Outcome]]:
            return [run.play(streams, block[at : at + step]) for at in range(0, len(block), step)]

        for parts in _played(play, blocks, self._workers(run)):
            for outcomes in parts:
                listener(outcomes)
                for tally, outcome, defender in zip(tallies, outcomes, run.defenders, strict=True):
                    tally.add(outcome, defender.threshold)
            progress(tallies[0].rounds, self.rounds)
            if stop is not None and stop(tallies[0]):
                break
        mode = "literal" if self.literal else "adaptive" if stop is not None else "both branches"
        mode = "one branch" if game.branches == 1 else mode
        found = [summarise(tally, mode, self.level, seed, *run.specs(place)) for place, tally in enumerate(tallies)]
        asked: dict[str, Any] = {} if stop is None else {"half_width": self.half_width, "most_rounds": self.rounds}
        origins = (run.origins(place) for place in range(len(found)))
        return [
            dataclasses.replace(one, players=players, sources=sources, **asked)
            for one, (players, sources) in zip(found, origins, strict=True)
        ]

    def _workers(self, run: Run) -> int:
        """Threads for the blocks of a run; 0 where a player that is written round by round would only wait for them."""
        if not (run.game.parallel or in_blocks(run.attacker, *run.defenders)):
            return 0
        return thread_count(self.threads)


def in_blocks(*players: Any) -> bool:
    """Whether all of these players of the backdoor game answer a block of rounds at a time."""
    return all(isinstance(player, BlockAttacker | BlockDefender) for player in players)


def _played(play: Any, blocks: Iterator[range], workers: int) -> Iterator[list[list[Outcome]]]:
    """Outcomes in the order of the blocks, a few of them under way at a time; without workers, in this thread.

    Ctrl-C reaches the main thread alone: where that only waits, no compiled kernel stands in its way.
    """
    if workers == 0:
        yield from map(play, blocks)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        waiting: list[Future[list[list[Outcome]]]] = []
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
        # A little short of what the width predicts, lest the run goes on for a block that it did not need.
        self._next = 0.97 * tally.rounds * ((high - low) / (2 * self._half_width)) ** 2
        return high - low <= 2 * self._half_width
