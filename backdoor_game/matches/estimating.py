"""`estimate` for everybody: players or their specs, and a result that stands on its scale."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..games import Game
from ..games.measuring import estimation
from ..games.measuring.records import Estimate
from ..ground.progress import Progress, silent
from .scale import scale as scale_of


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
    scale: bool = True,
    progress: Progress = silent,
) -> Estimate:
    """Play rounds and measure the defender's win rate."""
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
        progress=progress,
    )
    if not scale:
        return found
    return dataclasses.replace(found, scale=scale_of(game, attacker, defender, found))
