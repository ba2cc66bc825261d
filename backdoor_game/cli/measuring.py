"""The games and players of a sweep, checked before the first round, and their measurement."""

from __future__ import annotations

import argparse
import dataclasses
from collections import Counter
from collections.abc import Sequence

from ..attackers import Attacker
from ..defenders import Defender
from ..errors import InvalidArgument
from ..estimation import estimate, prepared
from ..games import BackdoorGame
from ..progress import Progress
from ..records import Estimate
from ..spec import text
from ..statistics import simultaneous_level
from . import options as shared


@dataclasses.dataclass(frozen=True, eq=False)
class Cell:
    """One defender at one value: as typed, and as prepared."""

    game: BackdoorGame
    attacker: Attacker
    defender: Defender
    ready: Defender


Lines = dict[str, list[Cell]]


def plan(filled: Sequence[argparse.Namespace]) -> Lines:
    """The cells of each defender, by its label; whatever is wrong at any value is said now."""
    lines: Lines = {}
    for options in filled:
        game, attacker = shared.game(options), shared.attacker(options)
        for place, source in enumerate(options.defender):
            defender = shared.defender(source)
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
    cells = [cell for column in lines.values() for cell in column]
    each = line_level([text(cell.game) for cell in cells], level)
    found = []
    for done, cell in enumerate(cells):
        found.append(
            estimate(
                cell.game,
                cell.attacker,
                cell.defender,
                rounds=rounds,
                seed=seed,
                level=each,
                threads=threads,
                progress=_share(progress, done, len(cells)),
            )
        )
    columns = iter(found)
    return {label: [next(columns) for _ in column] for label, column in lines.items()}


def line_level(games: Sequence[str], level: float) -> float:
    """The level of each interval so that all hold at `level`.

    Different games have independent streams, so Sidak's product is exact over them; estimates of one game share
    their triggers, and Bonferroni's sum covers every dependence among those.
    """
    shared_by = Counter(games)
    per_game = simultaneous_level(level, len(shared_by))
    return 1 - (1 - per_game) / max(shared_by.values())


def _share(progress: Progress, done: int, total: int) -> Progress:
    """Progress of one cell as a share of all."""
    return lambda rounds, most: progress(done * most + rounds, total * most)
