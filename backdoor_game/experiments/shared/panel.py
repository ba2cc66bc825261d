"""Several detectors judged on the same models: each estimate is what `estimate` gives for its detector alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from ...games.base import Streams
from ...games.contract import blamed
from ...games.measuring.records import Estimate
from ...games.measuring.summary import summarise
from ...games.measuring.tally import Tally
from ...games.outcomes import Outcome
from ...ground._blas import one_blas_thread
from ...ground._jit import thread_count
from ...ground.progress import Progress, silent
from ...ground.spec import text
from ...planting.backdoors import Backdoor
from ...planting.detectors import Calibrated
from ...planting.detectors.base import calibrate
from ...planting.games.base import HELD, ModelGame
from ...players.defenders import Defender


def estimates(
    game: ModelGame,
    attacker: Backdoor,
    defenders: Sequence[Defender],
    *,
    rounds: int,
    seed: int,
    level: float = 0.95,
    threads: int | None = None,
    progress: Progress = silent,
) -> list[Estimate]:
    """Every defender's estimate; models are made once, and thresholds set on one set of clean models.

    Parameters
    ----------
    game : ModelGame
    attacker : Backdoor
    defenders : sequence of Defender
    rounds, seed, level, threads, progress
        As of `estimate`.
    """
    ready_attacker, ready = _readied(game, attacker, defenders)
    streams, workers = Streams(seed, game), thread_count() if threads is None else threads
    step = max(1, min(game.block, HELD // game.entries))
    blocks = (range(start, min(start + step, rounds)) for start in range(0, rounds, step))
    tallies = [Tally() for _ in ready]

    def play(block: range) -> list[Outcome]:
        return blamed(lambda: game.play_panel(ready_attacker, ready, streams, block))

    with one_blas_thread(), ThreadPoolExecutor(workers) as pool:
        while batch := list(islice(blocks, workers)):
            for outcomes in pool.map(play, batch):
                for tally, outcome, defender in zip(tallies, outcomes, ready, strict=True):
                    tally.add(outcome, defender.threshold)
                progress(tallies[0].rounds, rounds)
    found = []
    for tally, typed, filled in zip(tallies, defenders, ready, strict=True):
        labels = {"game": text(game), "attacker": text(attacker), "defender": text(typed)}
        known = {"attacker": text(ready_attacker), "defender": text(filled)}
        found.append(summarise(tally, "both branches", level, seed, labels, known))
    return found


def _readied(
    game: ModelGame, attacker: Backdoor, defenders: Sequence[Defender]
) -> tuple[Backdoor, tuple[Defender, ...]]:
    """Both sides with every None filled, all thresholds from one pass over clean models."""
    for defender in defenders:
        game.seat(attacker, defender)
        game.admits(defender)
    open_ones = [d for d in defenders if isinstance(d, Calibrated) and d.open]
    for one in open_ones:
        one.fits(game)
    values = iter(calibrate(tuple(open_ones), game) if open_ones else ())
    filled = [_set(d, values) for d in defenders]
    pairs = [game.prepared(attacker, defender) for defender in filled]
    return pairs[0][0], tuple(defender for _, defender in pairs)


def _set(defender: Defender, values: Iterator[tuple[float, float]]) -> Defender:
    return defender.filled(*next(values)) if isinstance(defender, Calibrated) and defender.open else defender
