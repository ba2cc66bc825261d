"""Theorem 4.1, if: voting keeps its promise; on a hard pair its loss falls like epsilon, one member's like a root."""

from __future__ import annotations

import dataclasses
import math

from ... import bounds, figures
from ...functions import (
    AllFunctions,
    Conjunctions,
    DirectSum,
    FunctionClass,
    Intervals,
    Parities,
    Singletons,
    Thresholds,
)
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...ground.statistics import loglog_slope
from ...players.attackers import Attacker, HiddenTile, NearestLegal, RandomLegal
from ...players.defenders import DistillationEnsemble
from ...spaces.distributions import Mixture, Uniform
from ..shared.base import Report, Settings, Table, Verdict
from ..shared.cells import BARS, against, blind, measure, point, starred
from ..shared.players import DEFENDERS

NAME = "theorem-4.1-upper"
TITLE = "Theorem 4.1 (if): what distillation and voting guarantee"
EXPONENTS = (5, 6, 7, 8, 9, 10)  # epsilon = 2^-k: over a decade and a half for a slope
MEMBERS, LINE_POINTS = 63, 4096  # an odd number of votes; far more points than 1/epsilon, as on a continuum
SINGLE, ENSEMBLE = "single distillation", "ensemble of 63"
KEYS = {SINGLE: "single distillation", ENSEMBLE: "ensemble"}  # the colours that they have beside other defenders


@dataclasses.dataclass(frozen=True)
class Played:
    """A cell with the defender's filled-in numbers, the VC dimension and the bound of section 4 of the theory."""

    label: str
    cell: Match
    found: Estimate
    d: int
    examples: int
    members: int
    bound: float
    proved: bool  # that the learner's expected error is at most d/(m + 1), on which the bound rests


def hard_pair(epsilon: float) -> BackdoorGame:
    """Thresholds on one half of the mass and 1/(2 epsilon) tiles on the other: VC dimension 2 in all."""
    tiles = Singletons(points=round(0.5 / epsilon))
    functions = DirectSum(parts=(Thresholds(points=LINE_POINTS), tiles))
    return BackdoorGame(functions, epsilon, Mixture(parts=(Uniform(), Uniform()), weights=(0.5, 0.5)))


def hard_cells(settings: Settings) -> list[tuple[str, Match]]:
    """Both defenders at each epsilon, with the sizes that show the slopes."""
    cells = []
    for k in EXPONENTS:
        epsilon = 2.0**-k
        game = hard_pair(epsilon)
        m = round(0.5 / epsilon)
        theta = bounds.voting_threshold(epsilon, m)
        single = DistillationEnsemble(members=1, examples=round((2 / epsilon) ** 0.5), threshold=0.5)
        ensemble = DistillationEnsemble(members=MEMBERS, examples=m, threshold=theta)
        rounds = round(max(50 / epsilon, 40_000)) * (4 if settings.full else 1)
        cells.append((SINGLE, Match(game, HiddenTile(), single, 800_000 if settings.full else 200_000)))
        cells.append((ENSEMBLE, Match(game, HiddenTile(), ensemble, rounds)))
    return cells


def plain_cells(settings: Settings) -> list[tuple[str, Match]]:
    """The default ensemble, single and with one-inclusion, on classes of every kind."""
    rounds = 20_480 if settings.full else 4_096
    voters = DistillationEnsemble()
    cells: list[tuple[FunctionClass, Attacker, DistillationEnsemble, tuple[int, ...]]] = [
        (Thresholds(points=256), NearestLegal(), voters, (3, 5, 7)),
        (Thresholds(points=256), RandomLegal(), DistillationEnsemble(members=1), (5, 7)),
        (Singletons(points=256), RandomLegal(), voters, (5, 7)),
        (Intervals(points=64), RandomLegal(), voters, (4, 6)),
        (Conjunctions(bits=5), NearestLegal(), voters, (4, 5)),
        (Parities(bits=4), NearestLegal(), DistillationEnsemble(members=31, examples=12), (1,)),
        (AllFunctions(points=64), NearestLegal(), voters, (6,)),
    ]
    return [
        ("default", Match(BackdoorGame(functions, 2.0**-k, Uniform()), attacker, defender, rounds))
        for functions, attacker, defender, exponents in cells
        for k in exponents
    ]


def run(settings: Settings) -> Report:
    """Play the hard pair and the plain games, and hold each win rate against its bound."""
    cells = hard_cells(settings) + plain_cells(settings)
    found = measure([cell for _, cell in cells], settings)
    played = [_played(label, cell, result) for (label, cell), result in zip(cells, found, strict=True)]
    slopes = {label: _slope(label, played) for label in (SINGLE, ENSEMBLE)}
    files = _draw(played, settings.output)
    points = [
        point(p.cell, p.found, d=p.d, examples=p.examples, members=p.members, voting_bound=p.bound) for p in played
    ]
    tables = (_sizes(played), _against_bounds(played))
    return Report(NAME, TITLE, tables, _verdicts(played, slopes), {"cells": points, "slopes": slopes}, files)


def _played(label: str, cell: Match, found: Estimate) -> Played:
    ready = cell.defender.prepare(cell.game)
    d = cell.game.functions.vc_dimension
    if not isinstance(ready, DistillationEnsemble) or ready.learner is None or ready.threshold is None or d is None:
        raise TypeError("the cells of this experiment hold prepared ensembles on classes of known VC dimension")
    m, T = int(ready.examples or 0), int(ready.members or 0)
    bound = bounds.voting_bound(d, cell.game.epsilon, m, T, ready.threshold)
    return Played(label, cell, found, d, m, T, bound, ready.learner.expected_error(d, m) == d / (m + 1))


def _slope(label: str, played: list[Played]) -> float:
    chosen = [p for p in played if p.label == label]
    return loglog_slope([p.cell.game.epsilon for p in chosen], [1 - p.found.win_rate for p in chosen])


def _sizes(played: list[Played]) -> Table:
    rows = [
        (
            f"2^-{round(-math.log2(p.cell.game.epsilon))}",
            p.label,
            str(round(0.5 / p.cell.game.epsilon)),
            str(p.examples),
            str(p.members),
            str(p.found.rounds),
            f"{1 - p.found.win_rate:.5f}",
            f"{(1 - p.found.win_rate) / p.cell.game.epsilon:.3f}",
            f"{1 - p.found.scale.blind:.5f}",
        )
        for p in played
        if p.label != "default"
    ]
    header = ("epsilon", "defender", "tiles", "m", "members", "rounds", "loss", "loss / epsilon", "blind loss")
    return Table("the hard pair against HiddenTile()", header, tuple(rows))


def _against_bounds(played: list[Played]) -> Table:
    rows = [
        (
            repr(p.cell.game.functions)[:48],
            f"{p.cell.game.epsilon:.5f}",
            against(repr(p.cell.attacker), p.found),
            str(p.d),
            str(p.examples),
            str(p.members),
            f"{p.found.win_rate:.4f}",
            f"{p.found.low:.4f}",
            blind(p.found),
            "vacuous" if bounds.vacuous(p.bound) else f"{p.bound:.4f}",
        )
        for p in played
    ]
    header = ("class", "epsilon", "attacker", "d", "m", "members", "win rate", "lower end", "blind", "voting bound")
    return Table(starred("win rates and the voting bound for these sizes", rows), header, tuple(rows))


def _verdicts(played: list[Played], slopes: dict[str, float]) -> tuple[Verdict, ...]:
    useful = [p for p in played if not bounds.vacuous(p.bound)]
    room = min(p.found.low - p.bound for p in useful)
    forfeits = max(p.found.forfeits / p.found.rounds for p in useful)
    proved = sum(p.proved for p in played)
    return (
        Verdict(
            "every learner's expected error is proved to be at most d/(m + 1), as the bound assumes",
            f"{proved} of {len(played)}",
            f"{len(played)} of {len(played)}",
            proved == len(played),
        ),
        Verdict(
            "every interval of the win rate is above its voting bound, where that is not vacuous",
            f"least lower end minus bound {room:+.4f} over {len(useful)}, {len(played) - len(useful)} are vacuous; "
            f"plants in at least {1 - forfeits:.1%} of rounds",
            "at least 0",
            room >= 0,
        ),
        _slope_verdict("single distillation: slope of the loss near 1/2", slopes[SINGLE], 0.4, 0.6),
        _slope_verdict("ensemble: slope of the loss near 1", slopes[ENSEMBLE], 0.9, 1.1),
    )


def _slope_verdict(claim: str, slope: float, low: float, high: float) -> Verdict:
    return Verdict(claim, f"{slope:.3f}", f"{low:g} to {high:g}", low <= slope <= high)


def _draw(played: list[Played], folder: str) -> tuple[str, ...]:
    series, lines = [], []
    for label in (SINGLE, ENSEMBLE):
        chosen = [p for p in played if p.label == label]
        eps = [p.cell.game.epsilon for p in chosen]
        loss = [1 - p.found.win_rate for p in chosen]
        ends = [1 - p.found.high for p in chosen], [1 - p.found.low for p in chosen]
        series.append(figures.Series(label, eps, loss, *ends, key=KEYS[label]))
        limits = [min(1.0, 1 - p.bound) for p in chosen]
        lines.append(figures.Line(f"bound, {label} (vacuous from 1/2 on)", eps, limits, like=label))
    figure = figures.loglog_figure(
        series,
        (0.5, 1.0),
        title="Theorem 4.1, if: loss on the hard pair, thresholds beside tiles",
        interval=BARS,
        lines=lines,
        sheet=tuple(DEFENDERS),
    )
    return figures.save(figure, folder, NAME)
