"""`estimate` for everybody: players or their specs, and a result that stands on its scale."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..games import Game
from ..games.measuring import estimation
from ..games.measuring.records import Estimate
from ..ground.progress import Progress, silent
from .players import game_of, player_of
from .scaling import scale as scale_of


def estimate(
    game: Game | str,
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
    scale: bool = True,
    progress: Progress = silent,
) -> Estimate:
    """Play rounds and measure the defender's win rate, beside what looking at nothing and what optimal play wins.

    Parameters
    ----------
    game : Game or str
        Such as ``BackdoorGame(Thresholds(points=10), "1/5", Uniform())``, or its spec as text.
    attacker, defender : player or str
        Configured objects or their specs, such as ``"NearestLegal()"`` and ``"mine.py:Mine()"``; None among their
        fields is filled from the theorem. A game says who plays it: attackers and defenders in `BackdoorGame`,
        backdoors and detectors in `StaticDetection`.
    rounds : int
        Rounds to play, each with both branches; the most to play when `half_width` is given.
    seed : int, optional
        The result is a function of (game, attacker, defender, rounds, seed) alone. By default 63 bits drawn from the
        operating system, which `Estimate.seed` holds: a player could find a small seed, since its coins follow from it.
    level : float in (0, 1)
        Confidence level of every interval. Both branches: see `score_interval`, proved for every number of rounds and
        every dependence between the branches of a round.
    half_width : float, optional
        Stop, at a multiple of 4,096 rounds, once an anytime-valid confidence sequence is this narrow to either side.
    literal : bool
        Play the coin's branch alone, as the definition has it; Clopper-Pearson on the wins.
    threads : int, optional
        Threads for block players, as many as there are cores at most; changes no number. By default NUMBA_NUM_THREADS,
        else all cores.
    records : bool
        Keep what happened in each round as `Estimate.records`, at most 256 MiB of it.
    scale : bool
        Also work out the exact numbers of `Estimate.scale` where the game is small, after the rounds: under a second
        or so, and no other number depends on it. The blind baseline is there either way.
    progress : callable
        Called with (rounds done, rounds in all), and before that with (clean rounds done, clean rounds in all) where a
        threshold is set on them.

    Returns
    -------
    Estimate

    Raises
    ------
    InvalidArgument, MissingCapability, SpecError, ContractError
        In one sentence each.
    """
    game = game_of(game)
    attacker, defender = player_of(game, "attacker", attacker), player_of(game, "defender", defender)
    found = estimation.estimate(
        game,
        attacker,
        defender,
        rounds=rounds,
        seed=seed,
        level=level,
        half_width=half_width,
        literal=literal,
        threads=threads,
        records=records,
        progress=progress,
    )
    if not scale:
        return found
    return dataclasses.replace(found, scale=scale_of(game, attacker, defender, found))
