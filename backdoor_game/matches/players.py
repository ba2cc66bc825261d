"""Games and players as they were given, or of the specs that were given in their place."""

from __future__ import annotations

from typing import Any

from ..games import Game
from ..ground import _validate
from ..ground.errors import InvalidArgument

EXAMPLE = "BackdoorGame(Thresholds(points=10), 0.2, Uniform())"


def game_of(game: Any) -> Game:
    """The game, or the one that this spec describes."""
    if isinstance(game, str):
        from ..catalog import make

        return make(game, Game, "game", EXAMPLE)  # type: ignore[type-abstract]
    _validate.instance("game", game, Game, EXAMPLE)
    found: Game = game
    return found


def player_of(game: Game, side: str, player: Any) -> Any:
    """The player, or the one that this spec describes, of the kind that the game has on this side.

    Parameters
    ----------
    side : str
        "attacker" or "defender".
    """
    kind, example = game.attackers if side == "attacker" else game.defenders
    if isinstance(player, str):
        from ..catalog import make

        return make(player, kind, side, example)
    _validate.instance(side, player, kind, example)
    return player


def several(name: str, given: Any) -> list[Any]:
    """One or several things as a list."""
    many = list(given) if isinstance(given, list | tuple) else [given]
    if not many:
        raise InvalidArgument(f"{name} must be one or several, got none: pass for example CoinFlip()")
    return many
