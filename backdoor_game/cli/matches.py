"""The matches of a sweep, checked before the first round."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from ..games.measuring.together import Match
from ..ground.errors import InvalidArgument
from ..ground.spec import text
from . import options as shared

Lines = dict[str, list[Match]]


def plan(filled: Sequence[argparse.Namespace], *, rounds: int, seed: int) -> Lines:
    """The matches of each defender, by its label; whatever is wrong at any value is said now."""
    lines: Lines = {}
    for options in filled:
        game = shared.any_game(options)
        attacker = shared.player(game, "attacker", options.attacker)
        game.ready(attacker)
        for place, source in enumerate(options.defender):
            defender = shared.player(game, "defender", source)
            game.admit(defender)
            lines.setdefault(str(place), []).append(Match(game, attacker, defender, rounds, seed))
    return _named(lines)


def _named(lines: Lines) -> Lines:
    """Labels from the specs: a defender's own where it stays the same, its class's name where it is swept."""
    labels = []
    for matches in lines.values():
        specs = {text(match.defender) for match in matches}
        labels.append(specs.pop() if len(specs) == 1 else type(matches[0].defender).__name__)
    if twice := [label for label, count in Counter(labels).items() if count > 1]:
        raise InvalidArgument(f"defender {twice[0]!r} is named twice: name it once")
    return dict(zip(labels, lines.values(), strict=True))
