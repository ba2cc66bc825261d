"""Matches named by specs."""

from __future__ import annotations

from typing import Any

from ..games import Game


def players(game: Game | str, attacker: Any, defender: Any) -> tuple[Game, Any, Any]:
    """Game and players, made where they are given as specs; what is none is left for the game to refuse."""
    from ..catalog.names import make

    whole: Any = make(game, Game, "game") if isinstance(game, str) else game  # type: ignore[type-abstract]
    if not isinstance(whole, Game):
        return whole, attacker, defender
    sides = {"attacker": (attacker, whole.attackers), "defender": (defender, whole.defenders)}
    made = (make(one, kind[0], side, kind[1]) if isinstance(one, str) else one for side, (one, kind) in sides.items())
    return (whole, *made)
