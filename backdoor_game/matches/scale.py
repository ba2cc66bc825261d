"""The scale of a win rate: what looking at nothing wins, and what optimal play wins where the game is small."""

from __future__ import annotations

from typing import Any

from ..games import Game
from ..games.measuring.records import Estimate, Scale


def scale(game: Game, attacker: Any, defender: Any, found: Estimate) -> Scale:
    """What the measured win rate of this match stands beside."""
    flagged = 0.5  # a plant told, a clean branch not
    clean = 0.5 + 0.5 * (found.forfeits + found.illegal) / found.rounds
    return Scale(blind=max(clean, flagged), blind_player="AlwaysClean" if clean >= flagged else "AlwaysFlag")
