"""A swept win rate as a table and as a figure."""

from __future__ import annotations

import argparse
import pathlib
import textwrap
from collections.abc import Sequence

from ..figures import Line, Series, curve_figure, save
from ..games import BackdoorGame
from ..records import Estimate
from ..tables import aligned
from .measuring import Lines
from .promises import shattering_line, voting_line
from .sweeping import FIELDS, Sweep

Found = dict[str, list[Estimate]]
EPSILON = "ε, the largest legal distance of f and f* (probability)"
MOST_LETTERS = 190


def draw(
    options: argparse.Namespace, sweep: Sweep, lines: Lines, found: Found, level: float, folder: pathlib.Path
) -> tuple[str, ...]:
    """PNG and SVG: measured points with bars, theory dashed."""
    x = [value.number for value in sweep.values]
    series = [
        Series(label, x, *zip(*((one.win_rate, one.low, one.high) for one in column), strict=True))
        for label, column in found.items()
    ]
    figure = curve_figure(
        series,
        theory(sweep, lines, log_x=options.log_x),
        title=_title(options, sweep, found),
        xlabel=_axis(options, sweep),
        interval=f"simultaneous {100 * level:g}% intervals",
        guessing=True,
        log_x=_base(x) if options.log_x else None,
    )
    return save(figure, folder, "curve")


def theory(sweep: Sweep, lines: Lines, *, log_x: bool) -> list[Line]:
    """The shattering curve once, the voting guarantee for each defender that has one; nothing for other games."""
    x = [value.number for value in sweep.values]
    games = [cell.game for cell in next(iter(lines.values())) if isinstance(cell.game, BackdoorGame)]
    if len(games) < len(x):
        return []
    of_epsilon = len({game.functions for game in games}) == 1 and [game.epsilon for game in games] == x
    drawn = shattering_line(games, x, of_epsilon, log_x)
    for label, cells in lines.items():
        drawn += voting_line(label, games, [cell.ready for cell in cells], x)
    return drawn


def tabulated(sweep: Sweep, found: Found, level: float, files: Sequence[str]) -> str:
    """The points as a table, with what the intervals are and where the files went."""
    rows = [
        (value.text, label, one.win_rate, one.low, one.high, one.win_rate_given_plant, one.forfeits, one.illegal)
        for label, column in found.items()
        for value, one in zip(sweep.values, column, strict=True)
    ]
    header = (sweep.name, "defender", "win rate", "low", "high", "given a plant", "forfeits", "illegal")
    said = f"low and high: simultaneous {100 * level:g}% intervals over all {len(rows)} lines"
    return "\n".join([aligned(header, rows), said, *(f"wrote {path}" for path in files)])


def _title(options: argparse.Namespace, sweep: Sweep, found: Found) -> str:
    who = next(iter(found)) if len(found) == 1 else "Defenders"
    where = f"{who} against {options.attacker} on {options.functions}"
    where = where if options.game is None else f"{who}: {options.game}"
    under = "" if options.distribution is None else f" under {options.distribution}"
    said = (where + under).replace(f"{{{sweep.name}}}", sweep.name)
    return textwrap.shorten(said, MOST_LETTERS)


def _axis(options: argparse.Namespace, sweep: Sweep) -> str:
    """What the parameter is: epsilon by its definition, anything else by the spec that it stands in."""
    if sweep.name == "epsilon":
        return EPSILON
    place = f"{{{sweep.name}}}"
    specs = [getattr(options, field) for field in FIELDS] + list(options.defender)
    named = [spec.replace(place, sweep.name) for spec in specs if spec is not None and place in spec]
    return textwrap.shorten(f"{sweep.name}, as in {', '.join(named)}", MOST_LETTERS)


def _base(x: Sequence[float]) -> int:
    """2 for powers of two, 10 otherwise."""
    powers = all(one.hex().split("p")[0] in ("0x1.0000000000000", "-0x1.0000000000000") for one in x)
    return 2 if powers else 10
