"""What a prepared player has worked out for its game: kept beside its fields, and so no part of its spec or of ==."""

from __future__ import annotations

from typing import Any, TypeVar

Player = TypeVar("Player")


def keep(player: Player, game: Any, found: Any) -> Player:
    """The player, which from now on answers `kept(player, game)` with what was found."""
    object.__setattr__(player, "_kept", (game, found))  # frozen, as all configured things are
    return player


def kept(player: object, game: Any) -> Any:
    """What the player keeps for this game; None where it was made ready for another one, or for none."""
    mine, found = vars(player).get("_kept", (None, None))
    return found if mine is not None and (mine is game or mine == game) else None
