"""What the responses share: the finite game that a view belongs to."""

from __future__ import annotations

from ...games import BackdoorGame
from ...ground import _validate
from ...players.views import GameLike
from ..averaging.defender import refuse_budgets


def as_game(game: GameLike) -> BackdoorGame:
    """The game as one that exact methods can take apart: a backdoor game without budgets."""
    _validate.instance("game", game, BackdoorGame, "BackdoorGame(Thresholds(points=10), 0.2, Uniform())")
    assert isinstance(game, BackdoorGame)
    refuse_budgets(game)
    return game
