"""Theorem 4.1 as a phase diagram: where the ensemble beats the shattering attack over (d, epsilon)."""

from __future__ import annotations

import numpy as np

from ... import bounds, figures
from ...functions import AllFunctions
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...players.attackers import Shattered
from ...players.defenders import DistillationEnsemble
from ..shared.base import Report, Settings, Table, Verdict
from ..shared.cells import measure, point

NAME = "theorem-4.1-phase"
TITLE = "Theorem 4.1: win rate of the ensemble against the shattering attack over (d, epsilon)"


def run(settings: Settings) -> Report:
    """Play the default ensemble on a grid that straddles epsilon = 1/d."""
    dimensions = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64) if settings.full else (2, 4, 8, 16, 32)
    exponents = np.arange(1, 7.01, 0.5) if settings.full else np.arange(1, 7)
    epsilons = [float(2.0**-k) for k in reversed(exponents)]
    rounds = 20_480 if settings.full else 8_192
    grid = [(d, eps) for d in dimensions for eps in epsilons]
    games = [BackdoorGame(AllFunctions(points=d), eps) for d, eps in grid]
    cells = [Match(game, Shattered(), DistillationEnsemble(), rounds) for game in games]
    results = dict(zip(grid, measure(cells, settings), strict=True))
    values = [[results[d, eps].win_rate for d in dimensions] for eps in epsilons]
    title = "Theorem 4.1: ensemble against shattering, by d and ε"
    figure = figures.heat_map(dimensions, epsilons, values, title=title)
    files = figures.save(figure, settings.output, NAME)
    points = [
        point(cell, results[key], d=key[0], shattering_bound=bounds.shattering_bound(*key))
        for key, cell in zip(grid, cells, strict=True)
    ]
    rows = tuple((f"{eps:.5f}", *(f"{results[d, eps].win_rate:.4f}" for d in dimensions)) for eps in reversed(epsilons))
    table = Table("win rate by epsilon (rows) and d (columns)", ("epsilon", *(str(d) for d in dimensions)), rows)
    return Report(NAME, TITLE, (table,), _verdicts(results), {"cells": points}, files)


def _verdicts(results: dict[tuple[int, float], Estimate]) -> tuple[Verdict, ...]:
    above = [found for (d, eps), found in results.items() if eps * d >= 1 - 1e-12]
    below = {key: found for key, found in results.items() if key[0] * key[1] < 1 - 1e-12}
    half = sum(found.low <= 0.5 <= found.high for found in above)
    excess = max(found.low - bounds.shattering_bound(*key) for key, found in below.items())
    better = sum(found.low > 0.5 for found in below.values())
    return (
        Verdict(
            "on and above epsilon = 1/d every interval contains 1/2",
            f"{half} of {len(above)}",
            f"{len(above)}",
            half == len(above),
        ),
        Verdict("below, no interval lies above 1 - (d-1) epsilon/2", f"{excess:+.5f}", "at most 0", excess <= 0),
        Verdict(
            "below, every interval lies above 1/2", f"{better} of {len(below)}", f"{len(below)}", better == len(below)
        ),
    )
