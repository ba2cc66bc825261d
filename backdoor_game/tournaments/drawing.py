"""The heat map of a tournament."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..figures import Panel, matrix_figure
from .records import TournamentResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 12  # panels of one figure: more take minutes to draw, on a page that nobody can look at


def drawn(result: TournamentResult) -> Figure:
    """Defenders down and attackers across, the strongest first; a panel a game, a dash where a pair cannot play."""
    rows = [standing.player for standing in result.defender_ranking]
    columns = [standing.player for standing in result.attacker_ranking]
    rates = {
        (one.game, one.defender, one.attacker): math.nan if one.estimate is None else one.estimate.win_rate
        for one in result.pairs
    }
    values = {one.game: one.value for one in result.exact}
    panels = [
        Panel(_title(game, values.get(game)), [[rates[game, row, column] for column in columns] for row in rows])
        for game in result.games[:MOST]
    ]
    title = f"Win rate of the defender, {result.rounds} rounds a pair; best worst case first"
    if (left := len(result.games) - MOST) > 0:
        title += f"; the first {MOST} games, and {left} more: see the JSON"
    return matrix_figure(
        panels,
        rows,
        columns,
        title=title,
        row_label="defender",
        column_label="attacker",
        empty="cannot play",
    )


def _title(game: str, value: float | None) -> str:
    shown = game.removeprefix("BackdoorGame(").removesuffix(")")
    return shown if value is None else f"{shown}; value of the game: {value:.4f}"
