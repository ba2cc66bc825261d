"""Question 7.1 of the paper, an exploration: which defenders survive a hill climber on circuits of small depth?"""

from __future__ import annotations

import math
from fractions import Fraction

from .. import figures
from ..circuits.classes import Circuits
from ..circuits.players import StructuralDefender
from ..exact.responses import HillClimbAttacker
from ..games import BackdoorGame
from ..games.measuring.mixing import Mixing, mixing
from ..games.measuring.records import Estimate
from ..games.measuring.together import Match
from ..players.defenders import (
    BoltzmannResampling,
    CoinFlip,
    Defender,
    DistillationEnsemble,
    HammingSmoothing,
    NeighbourVote,
)
from ..players.learners import Memorizer, RandomSearch
from ..spaces.distributions import Uniform
from .shared.base import Report, Settings, Table
from .shared.cells import against, blind, measure, point, starred

NAME = "shallow-circuits"
TITLE = "Question 7.1, an exploration: hill climbing against each defender on circuits of small depth"
QUICK = ((6, 10, 2, "1/8"), (6, 12, 3, "1/8"), (8, 12, 3, "1/16"), (8, 20, 4, "1/16"), (9, 24, 4, "1/32"))
FULL = (*QUICK, (8, 40, 5, "1/16"), (10, 24, 4, "1/32"), (10, 40, 5, "1/64"))
STEPS, CHAINED = 200, 16  # of a walk, and walks whose mixing is looked at


def defenders(steps: int) -> dict[str, Defender]:
    """The defenders, by the names that tables and figures use."""
    return {
        "coin flip (control)": CoinFlip(),
        "memorising ensemble": DistillationEnsemble(learner=Memorizer(), members=15),
        "random-search ensemble": DistillationEnsemble(learner=RandomSearch(tries=8), members=5),
        "Metropolis resampling": BoltzmannResampling(steps=steps),
        "neighbour vote": NeighbourVote(),
        "Hamming smoothing": HammingSmoothing(),
        "structural": StructuralDefender(),
    }


def run(settings: Settings) -> Report:
    """Let the hill climber loose on each defender, in each game."""
    grid = FULL if settings.full else QUICK
    rounds, budget, steps = (10_000, 100_000, 4 * STEPS) if settings.full else (2000, 4200, STEPS)
    games = {_label(*line): _game(*line) for line in grid}
    players = defenders(steps)
    cells = {
        (label, name): Match(game, HillClimbAttacker(defender, budget=budget), defender, rounds)
        for label, game in games.items()
        for name, defender in players.items()
    }
    found = dict(zip(cells, measure(list(cells.values()), settings), strict=True))
    walks = {
        label: mixing(game, BoltzmannResampling(steps=steps), rounds=CHAINED, seed=settings.seed)
        for label, game in games.items()
    }
    points = {
        "cells": [
            point(cells[key], result, win_rate_given_plant=result.win_rate_given_plant, plant_rate=_plants(result))
            for key, result in found.items()
        ],
        "walks": {label: one.to_dict() for label, one in walks.items()},
    }
    tables = (_table(games, players, found, budget), _walk_table(walks))
    return Report(NAME, TITLE, tables, (), points, _draw(list(games), list(players), found, settings.output))


def _game(bits: int, gates: int, depth: int, epsilon: str) -> BackdoorGame:
    return BackdoorGame(Circuits(bits, gates, depth), float(Fraction(epsilon)), Uniform())


def _label(bits: int, gates: int, depth: int, epsilon: str) -> str:
    return f"n = {bits}, {gates} gates, depth {depth}, ε = {epsilon}"


def _plants(result: Estimate) -> float:
    """Share of the rounds with a legal plant."""
    return 1 - (result.forfeits + result.illegal + result.undecided) / result.rounds


def _table(
    games: dict[str, BackdoorGame], players: dict[str, Defender], found: dict[tuple[str, str], Estimate], budget: int
) -> Table:
    rows = []
    for label in games:
        for name in players:
            one = found[label, name]
            given = "-" if one.win_rate_given_plant is None else f"{one.win_rate_given_plant:.4f}"
            interval = f"{one.win_rate:.4f}  [{one.low:.4f}, {one.high:.4f}]"
            cost = f"{one.evaluations_per_round:.0f}"
            used = f"{one.examples_per_round:.0f}", cost
            rows.append((label, name, interval, blind(one), given, against(f"{_plants(one):.3f}", one), *used))
    columns = ("circuits, uniform D", "defender", "win rate", "blind", "given a plant", "plants")
    title = f"win rate against the hill climber that searched for its weaknesses, {budget} queries [simulated]"
    return Table(starred(title, rows), (*columns, "examples", "evaluations"), tuple(rows))


def _walk_table(walks: dict[str, Mixing]) -> Table:
    rows = []
    for label, one in walks.items():
        shown = (f"{value:.3f}" if value is not None else "-" for value in (one.distance.rhat, one.label.rhat))
        size = "-" if one.distance.size is None else f"{one.distance.size:.0f} of {one.kept}"
        rows.append((label, str(one.steps), f"{one.acceptance:.3f}", *shown, size))
    columns = ("circuits, uniform D", "steps", "acceptance", "R-hat, distance", "R-hat, label", "sample size, distance")
    return Table("how the Metropolis walks mix, from f' and from random circuits [simulated]", columns, tuple(rows))


def _draw(labels: list[str], names: list[str], found: dict[tuple[str, str], Estimate], folder: str) -> tuple[str, ...]:
    def values(measure: str) -> list[list[float]]:
        cells = [[getattr(found[label, name], measure) for label in labels] for name in names]
        return [[math.nan if value is None else value for value in row] for row in cells]

    plants = [[_plants(found[label, name]) for label in labels] for name in names]
    figure = figures.matrix_figure(
        [
            figures.Panel("win rate", values("win_rate")),
            figures.Panel("win rate given a plant", values("win_rate_given_plant")),
            figures.Panel("rounds in which something was planted", plants),
        ],
        names,
        labels,
        title="Hill climbing on shallow circuits (simulated, exploration)",
        row_label="defender",
        column_label="circuits, uniform D",
        colour_label="probability",
        colour_range=(0.0, 1.0),
        empty="no plant",
    )
    return figures.save(figure, folder, NAME)
