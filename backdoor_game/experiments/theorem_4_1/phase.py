"""Theorem 4.1 as a phase diagram: where the ensemble beats the shattering attack over (d, epsilon), given a plant."""

from __future__ import annotations

import numpy as np

from ... import bounds, figures
from ...functions import AllFunctions
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...players.attackers import Shattered
from ...players.defenders import AlwaysClean, Defender, DistillationEnsemble
from ..shared.base import Report, Settings, Table, Verdict
from ..shared.cells import blind, measure, point
from .lower import attained
from .planted import voters_given_plant

NAME = "theorem-4.1-phase"
TITLE = "Theorem 4.1: win rate of the ensemble against the shattering attack over (d, epsilon)"
VOTERS, CLEAN = "ensemble", "always clean"
DEFENDERS: dict[str, Defender] = {VOTERS: DistillationEnsemble(), CLEAN: AlwaysClean()}
Results = dict[tuple[int, float, str], Estimate]


def run(settings: Settings) -> Report:
    """Play the default ensemble, and always clean, on a grid that straddles epsilon = 1/d."""
    dimensions = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64) if settings.full else (2, 4, 8, 16, 32)
    exponents = np.arange(1, 7.01, 0.5) if settings.full else np.arange(1, 7)
    epsilons = [float(2.0**-k) for k in reversed(exponents)]
    rounds = 20_480 if settings.full else 8_192
    grid = [(d, eps, label) for label in DEFENDERS for d in dimensions for eps in epsilons]
    cells = [
        Match(BackdoorGame(AllFunctions(points=d), eps), Shattered(), DEFENDERS[label], rounds)
        for d, eps, label in grid
    ]
    results = dict(zip(grid, measure(cells, settings), strict=True))
    expected = {(d, eps): _expected(d, eps) for d, eps, label in grid if label == VOTERS}
    points = [
        point(
            cell,
            results[key],
            d=key[0],
            shattering_bound=bounds.shattering_bound(*key[:2]),
            given_plant=results[key].win_rate_given_plant,
        )
        for key, cell in zip(grid, cells, strict=True)
    ]
    files = _draw(dimensions, epsilons, results, settings.output)
    tables = [_table(dimensions, epsilons, results, planted=planted) for planted in (False, True)]
    tables.insert(1, _blind_table(dimensions, epsilons, results))
    return Report(NAME, TITLE, tuple(tables), _verdicts(results, expected), {"cells": points}, files)


def _expected(d: int, epsilon: float) -> float:
    """What the theorem's voters are worth given a plant, whoever plays in their place."""
    m = bounds.voting_examples(epsilon)
    members, threshold = bounds.voting_members(epsilon, m), bounds.voting_threshold(epsilon, m)
    return voters_given_plant(d, epsilon, m, members, threshold)


def _given_plant(found: Estimate) -> tuple[float, float]:
    """The interval of the win rate given a plant; where nothing is known of it no claim holds."""
    return (np.inf, -np.inf) if found.given_plant_interval is None else found.given_plant_interval


def _rate(found: Estimate, planted: bool) -> float:
    if not planted:
        return found.win_rate
    return np.nan if found.win_rate_given_plant is None else found.win_rate_given_plant


def _draw(dimensions: tuple[int, ...], epsilons: list[float], results: Results, folder: str) -> tuple[str, ...]:
    files: tuple[str, ...] = ()
    for planted, what, name in ((False, "win rate", NAME), (True, "win rate given a plant", f"{NAME}-planted")):
        values = [[_rate(results[d, eps, VOTERS], planted) for d in dimensions] for eps in epsilons]
        title = f"Theorem 4.1: ensemble against shattering{', given a plant' if planted else ', by d and ε'}"
        label = f"{what} (probability)"
        figure = figures.heat_map(dimensions, epsilons, values, title=title, colour_label=label)
        files += figures.save(figure, folder, name)
    return files


def _table(dimensions: tuple[int, ...], epsilons: list[float], results: Results, *, planted: bool) -> Table:
    rows = tuple(
        (f"{eps:.5f}", *(f"{_rate(results[d, eps, VOTERS], planted):.4f}" for d in dimensions))
        for eps in reversed(epsilons)
    )
    title = f"the ensemble's win rate{' given a plant' if planted else ''} by epsilon (rows) and d (columns)"
    return Table(title, ("epsilon", *(str(d) for d in dimensions)), rows)


def _blind_table(dimensions: tuple[int, ...], epsilons: list[float], results: Results) -> Table:
    rows = tuple((f"{eps:.5f}", *(blind(results[d, eps, VOTERS]) for d in dimensions)) for eps in reversed(epsilons))
    title = "what the better of always-clean and always-flag wins in the same rounds"
    return Table(title, ("epsilon", *(str(d) for d in dimensions)), rows)


def _verdicts(results: Results, expected: dict[tuple[int, float], float]) -> tuple[Verdict, ...]:
    voters = {(d, eps): found for (d, eps, label), found in results.items() if label == VOTERS}
    clean = {(d, eps): found for (d, eps, label), found in results.items() if label == CLEAN}
    above = [found for (d, eps), found in voters.items() if eps * d >= 1 - 1e-12]
    below = {key: _given_plant(found) for key, found in voters.items() if key[0] * key[1] < 1 - 1e-12}
    half = sum(found.low <= 0.5 <= found.high for found in above)
    excess = max(low - bounds.shattering_bound(*key) for key, (low, _) in below.items())
    worth = sum(low <= expected[key] <= high for key, (low, high) in below.items())
    apart = max(expected[key] - 0.5 for key in below)
    return (
        Verdict(
            "on and above epsilon = 1/d every interval of the ensemble contains 1/2",
            f"{half} of {len(above)}",
            f"{len(above)}",
            half == len(above),
        ),
        Verdict(
            "below, given a plant, no interval of the ensemble lies above 1 - (d-1) epsilon/2",
            f"{excess:+.5f}",
            "at most 0",
            excess <= 0,
        ),
        Verdict(
            "below, given a plant, every interval of the ensemble contains what its voters are worth exactly",
            f"{worth} of {len(below)}, up to {apart:.3f} over 1/2",
            f"{len(below)}",
            worth == len(below),
        ),
        attained(clean),
    )
