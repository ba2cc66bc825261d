"""Theorem 4.1, only if: on a shattered set no defender beats the curve, and from epsilon = 1/d on none beats a coin."""

from __future__ import annotations

import math

from ... import bounds, figures
from ...functions import AllFunctions
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...players.attackers import Shattered
from ..shared.base import Report, Settings, Table, Verdict
from ..shared.beyond import marked, said
from ..shared.cells import BARS, measure, point
from ..shared.players import DEFENDERS

NAME = "theorem-4.1-lower"
TITLE = "Theorem 4.1 (only if): what no defender can beat on d shattered points"
CLEAN = "always clean"  # of DEFENDERS
MULTIPLES = (0.25, 0.5, 0.75, 0.9, 1.0, 1.5)  # of 1/d, on both sides of the boundary


def run(settings: Settings) -> Report:
    """Play every defender on both sides of epsilon = 1/d."""
    dimensions = (2, 4, 8, 12) if settings.full else (2, 4, 8)
    rounds = 40_000 if settings.full else 12_288
    grid = [(d, label, k / d) for d in dimensions for label in DEFENDERS for k in MULTIPLES]
    games = [BackdoorGame(AllFunctions(points=d), eps) for d, _, eps in grid]
    defenders = [DEFENDERS[label] for _, label, _ in grid]
    cells = [Match(game, Shattered(), defender, rounds) for game, defender in zip(games, defenders, strict=True)]
    results = dict(zip(grid, measure(cells, settings), strict=True))
    files = [path for d in dimensions for path in _draw(d, results, settings.output)]
    points = [
        point(cell, results[key], d=key[0], shattering_bound=bounds.shattering_bound(key[0], key[2]))
        for key, cell in zip(grid, cells, strict=True)
    ]
    tables = tuple(_table(d, results) for d in dimensions)
    return Report(NAME, TITLE, tables, _verdicts(results), {"cells": points}, tuple(files))


Results = dict[tuple[int, str, float], Estimate]


def _table(d: int, results: Results) -> Table:
    rows = []
    for k in MULTIPLES:
        bound, found = bounds.shattering_bound(d, k / d), [results[d, label, k / d] for label in DEFENDERS]
        rates = [marked(f"{one.win_rate:.4f}", one.win_rate, one.low, one.high, bound) for one in found]
        rows.append((f"{k / d:.5g}", f"{k:g}", f"{bound:.4f}", *rates))
    title = said(f"win rates, AllFunctions(points={d})", rows)
    return Table(title, ("epsilon", "epsilon d", "bound", *DEFENDERS), tuple(rows))


def _verdicts(results: Results) -> tuple[Verdict, ...]:
    excess = max(found.low - bounds.shattering_bound(d, eps) for (d, _, eps), found in results.items())
    beyond = [found for (d, _, eps), found in results.items() if eps >= 1 / d - 1e-12]
    holding = sum(found.low <= 0.5 <= found.high for found in beyond)
    clean = {(d, eps): found for (d, label, eps), found in results.items() if label == CLEAN}
    return (
        Verdict(
            "not refuted: no interval lies above 1/2 (from epsilon = 1/d on) or 1 - (d-1) epsilon/2 (below)",
            f"largest lower end minus curve {excess:+.5f}",
            "at most 0",
            excess <= 0,
        ),
        Verdict(
            "from epsilon = 1/d on every interval contains 1/2",
            f"{holding} of {len(beyond)}",
            f"{len(beyond)} of {len(beyond)}",
            holding == len(beyond),
        ),
        attained(clean),
    )


def attained(clean: dict[tuple[int, float], Estimate]) -> Verdict:
    """Always clean wins where the attacker forfeits, and half of the rest: that is the curve at every (d, epsilon)."""
    on = sum(found.low <= bounds.shattering_bound(*key) <= found.high for key, found in clean.items())
    return Verdict(
        "always clean attains the curve: each of its intervals contains 1/2 or 1 - (d-1) epsilon/2",
        f"{on} of {len(clean)}",
        f"{len(clean)} of {len(clean)}",
        on == len(clean) > 0,
    )


def _draw(d: int, results: Results, folder: str) -> tuple[str, ...]:
    eps = [k / d for k in MULTIPLES]
    series = []
    for label in DEFENDERS:
        found = [results[d, label, e] for e in eps]
        series.append(
            figures.Series(label, eps, [f.win_rate for f in found], [f.low for f in found], [f.high for f in found])
        )
    end = 1.1 * eps[-1]
    theory = figures.Line(
        "bound: 1 − (d−1)ε/2, then 1/2",
        [0.0, 1 / d, 1 / d, 1 / d, end],
        [1.0, 1 - (d - 1) / (2 * d), math.nan, 0.5, 0.5],
    )
    figure = figures.curve_figure(
        series,
        [theory],
        title=f"Theorem 4.1, only if: every defender against {d} shattered points",
        xlabel="ε, the largest legal distance of f and f* (probability)",
        interval=BARS,
        y_range=(0.45, 1.02),
        dodge=False,
        sheet=tuple(DEFENDERS),
    )
    return figures.save(figure, folder, f"{NAME}-d{d}")
