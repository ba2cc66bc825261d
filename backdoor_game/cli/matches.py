"""The matches of a sweep, checked before the first round."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import options as shared

if TYPE_CHECKING:
    from ..matches.sweeping import Lines


def plan(filled: Sequence[argparse.Namespace], *, rounds: int, seed: int) -> Lines:
    """The matches of each defender, by its label; whatever is wrong at any value is said now."""
    from ..games.measuring.together import Match
    from ..matches.sweeping import named

    columns: dict[int, list[Match]] = {}
    for options in filled:
        game = shared.any_game(options)
        attacker = shared.player(game, "attacker", options.attacker)
        game.ready(attacker)
        for place, source in enumerate(options.defender):
            defender = shared.player(game, "defender", source)
            game.admit(defender)
            columns.setdefault(place, []).append(Match(game, attacker, defender, rounds, seed))
    return named(list(columns.values()))
