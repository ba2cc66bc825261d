"""The games and players of a sweep, checked before the first round, and their measurement."""

from __future__ import annotations

import argparse
import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..games import Game
from ..games.measuring.estimation import prepared
from ..games.measuring.records import Estimate
from ..ground.errors import InvalidArgument
from ..ground.progress import Progress
from ..ground.spec import text
from ..tournaments import measure_together
from . import options as shared


@dataclasses.dataclass(frozen=True, eq=False)
class Cell:
    """One defender at one value: as typed, and as prepared."""

    game: Game
    attacker: Any
    defender: Any
    ready: Any


Lines = dict[str, list[Cell]]


def plan(filled: Sequence[argparse.Namespace]) -> Lines:
    """The cells of each defender, by its label; whatever is wrong at any value is said now."""
    lines: Lines = {}
    for options in filled:
        game = shared.any_game(options)
        attacker = shared.seated(game, "attacker", options.attacker)
        for place, source in enumerate(options.defender):
            defender = shared.seated(game, "defender", source)
            cell = Cell(game, attacker, defender, prepared(game, attacker, defender)[1])
            lines.setdefault(str(place), []).append(cell)
    return _named(lines)


def _named(lines: Lines) -> Lines:
    """Labels from the specs: a defender's own where it stays the same, its class's name where it is swept."""
    labels = []
    for cells in lines.values():
        specs = {text(cell.defender) for cell in cells}
        labels.append(specs.pop() if len(specs) == 1 else type(cells[0].defender).__name__)
    if twice := [label for label, count in Counter(labels).items() if count > 1]:
        raise InvalidArgument(f"defender {twice[0]!r} is named twice: name it once")
    return dict(zip(labels, lines.values(), strict=True))


def measure(
    lines: Lines, *, rounds: int, seed: int, level: float, threads: int | None, progress: Progress
) -> dict[str, list[Estimate]]:
    """Every cell's estimate, with intervals that all hold together at `level`."""
    matches = [(cell.game, cell.attacker, cell.defender) for column in lines.values() for cell in column]
    found = iter(measure_together(matches, rounds=rounds, seed=seed, level=level, threads=threads, progress=progress))
    return {label: [next(found) for _ in column] for label, column in lines.items()}
