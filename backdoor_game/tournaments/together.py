"""Several estimates whose intervals all hold together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..games import Game
from ..games.measuring.estimation import estimate
from ..games.measuring.records import Estimate
from ..ground.progress import Progress
from ..ground.spec import text
from ..ground.statistics import line_level

Match = tuple[Game, Any, Any]


def measure_together(
    matches: Sequence[Match], *, rounds: int, seed: int, level: float, threads: int | None, progress: Progress
) -> list[Estimate]:
    """An estimate of every match, in order, with intervals that all hold together at `level`; see `line_level`."""
    each = line_level([text(game) for game, _, _ in matches], level)
    return [
        estimate(
            *match,
            rounds=rounds,
            seed=seed,
            level=each,
            threads=threads,
            progress=_share(progress, done, len(matches)),
        )
        for done, match in enumerate(matches)
    ]


def _share(progress: Progress, done: int, total: int) -> Progress:
    """Progress of one match as a share of all."""
    return lambda rounds, most: progress(done * most + rounds, total * most)
