"""A swept win rate as a table and as a figure, the theorems' lines among the points."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..bounds import shattering_bound, vacuous, voting_bound
from ..figures import Line, Series, curve_figure
from ..games import BackdoorGame
from ..games.measuring.records import Estimate
from ..games.measuring.telling import given_plant, remarks, starred
from ..ground.results import Block
from ..players.defenders import Defender, DistillationEnsemble
from .sweeping import Lines, Sweep, Texts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GRID = 200  # places of a theorem's line between the points: more than a figure has room to show
NAN = math.nan
Found = dict[str, tuple[Estimate | None, ...]]  # None where a player broke down
EPSILON = "ε, the largest legal distance of f and f* (probability)"
MOST_LETTERS = 190  # about two lines of a title at the width of a figure


def draw(texts: Texts, sweep: Sweep, found: Found, lines: Sequence[Line], level: float, *, log_x: bool) -> Figure:
    """Measured points with bars, theory dashed."""
    x = [value.number for value in sweep.values]
    return curve_figure(
        measured(sweep, found),
        [*lines, *scale_lines(x, found)],
        title=_title(texts, sweep, found),
        xlabel=axis(texts, sweep),
        interval=f"simultaneous {100 * level:g}% intervals",
        guessing=True,
        log_x=_base(x) if log_x else None,
    )


def measured(sweep: Sweep, found: Found) -> list[Series]:
    """The points of each defender with their bars."""
    x = [value.number for value in sweep.values]
    return [_series(label, x, column) for label, column in found.items() if any(column)]


def _series(label: str, x: Sequence[float], column: Sequence[Estimate | None]) -> Series:
    """The points that there are."""
    there = [(at, one) for at, one in zip(x, column, strict=True) if one is not None]
    ends = zip(*((one.win_rate, one.low, one.high) for _, one in there), strict=True)
    return Series(label, [at for at, _ in there], *ends)


def theory(sweep: Sweep, lines: Lines, *, log_x: bool) -> list[Line]:
    """The shattering curve once, the voting guarantee for each defender that has one; nothing for other games.

    The theorems are about the game whose trigger is drawn after f, with a fresh clean input and nothing revealed.
    """
    x = [value.number for value in sweep.values]
    games = [match.game for match in next(iter(lines.values())) if isinstance(match.game, BackdoorGame)]
    if len(games) < len(x) or not all(game.plain for game in games):
        return []
    of_epsilon = len({game.functions for game in games}) == 1 and [game.epsilon for game in games] == x
    drawn = shattering_line(games, x, of_epsilon, log_x)
    for label, matches in lines.items():
        ready = [match.game.ready(match.attacker, match.defender).defenders[0] for match in matches]
        drawn += voting_line(label, games, ready, x)
    return drawn


def tabulated(sweep: Sweep, found: Found, level: float) -> Block:
    """The points as a table, with what the intervals are."""
    lines = [
        (value, label, one)
        for label, column in found.items()
        for value, one in zip(sweep.values, column, strict=True)
        if one is not None
    ]
    exact = [name for name in ("best_reply", "value") if any(getattr(one.scale, name) is not None for *_, one in lines)]
    rows = [
        (
            starred(value.text, one.rarely_plants),
            label,
            *(one.win_rate, one.low, one.high, one.scale.blind),
            *(getattr(one.scale, name) for name in exact),
            *(given_plant(one), one.forfeits, one.illegal),
        )
        for value, label, one in lines
    ]
    words = [name.replace("_", " ") for name in exact]
    header = (
        sweep.name,
        "defender",
        "win rate",
        "low",
        "high",
        "blind",
        *words,
        "given a plant",
        "forfeits",
        "illegal",
    )
    said = f"low and high: simultaneous {100 * level:g}% intervals over all {len(rows)} lines"
    told = remarks([one for *_, one in lines], marks=any(one.rarely_plants for *_, one in lines))
    return Block(rows, header, notes=[*told, said, f"seed {lines[0][-1].seed}"])


def _title(texts: Texts, sweep: Sweep, found: Found) -> str:
    who = next(iter(found)) if len(found) == 1 else "Defenders"
    where = f"{who} against {texts.attacker} on {texts.functions}"
    where = where if texts.game is None else f"{who}: {texts.game}"
    under = "" if texts.distribution is None else f" under {texts.distribution}"
    variant = "".join(f", {name}={given}" for name, given in texts.variant.items())
    said = (where + under + variant).replace(f"{{{sweep.name}}}", sweep.name)
    return textwrap.shorten(said, MOST_LETTERS)


def axis(texts: Texts, sweep: Sweep) -> str:
    """What the parameter is: epsilon by its definition, anything else by the spec that it stands in."""
    if sweep.name == "epsilon":
        return EPSILON
    place = f"{{{sweep.name}}}"
    named = [spec.replace(place, sweep.name) for spec in texts.written() if place in spec]
    return textwrap.shorten(f"{sweep.name}, as in {', '.join(named)}", MOST_LETTERS)


def _base(x: Sequence[float]) -> int:
    """2 for powers of two, 10 otherwise."""
    powers = all(one.hex().split("p")[0] in ("0x1.0000000000000", "-0x1.0000000000000") for one in x)
    return 2 if powers else 10


def scale_lines(x: Sequence[float], found: Found) -> list[Line]:
    """What win rates stand beside, where it is known at every point: looking at nothing, the best reply, the value.

    They are the attacker's and the game's, whoever defends: the first estimate of each point says them.
    """
    first = [next((one for one in column if one is not None), None) for column in zip(*found.values(), strict=True)]
    scales = [None if one is None else one.scale for one in first]
    every: dict[str, list[float | None]] = {
        "looks at nothing: the blind baseline": [one and one.blind for one in scales],
        "best reply to this attacker (exact at the points)": [one and one.best_reply for one in scales],
        "value of the game (exact at the points)": [one and one.value for one in scales],
    }
    return [Line(label, x, known) for label, heights in every.items() if (known := _all_known(heights)) is not None]


def _all_known(heights: Sequence[float | None]) -> list[float] | None:
    known = [height for height in heights if height is not None]
    return known if len(known) == len(heights) else None


def shattering_line(games: Sequence[BackdoorGame], x: Sequence[float], of_epsilon: bool, log_x: bool) -> list[Line]:
    """What no defender guarantees to beat; for games whose attacker picks D, at known VC dimensions.

    Over epsilon the line is drawn between the points too, and breaks where it jumps, at epsilon = 1/d.
    """
    dimensions = [game.functions.vc_dimension for game in games]
    if any(game.distribution is not None for game in games) or None in dimensions:
        return []
    known = [d for d in dimensions if d is not None]
    if of_epsilon and len(set(known)) == 1:
        return [Line(f"no defender guarantees more (d = {known[0]})", *_over_epsilon(known[0], x, log_x))]
    heights = [shattering_bound(d, game.epsilon) for d, game in zip(known, games, strict=True)]
    return [Line("no defender guarantees more (shattering)", x, heights)]


def _over_epsilon(d: int, x: Sequence[float], log_x: bool) -> tuple[list[float], list[float]]:
    low, high = min(x), max(x)
    spaced = np.geomspace if log_x and low > 0 else np.linspace
    grid = sorted({*map(float, spaced(low, high, GRID)), *x})
    if d < 2 or not low < 1 / d <= high:
        return grid, [shattering_bound(d, e) for e in grid]
    before, after = [e for e in grid if e < 1 / d - 1e-12], [e for e in grid if e >= 1 / d - 1e-12]
    left = 1 - (d - 1) / (2 * d)  # the limit from below
    heights = [shattering_bound(d, e) for e in before] + [left, NAN, 0.5] + [shattering_bound(d, e) for e in after]
    return [*before, 1 / d, 1 / d, 1 / d, *after], heights


def voting_line(
    label: str, games: Sequence[BackdoorGame], defenders: Sequence[Defender], x: Sequence[float]
) -> list[Line]:
    """What voting guarantees, point by point; nothing where it is not proved or promises no more than guessing."""
    heights = [_promise(game, defender) for game, defender in zip(games, defenders, strict=True)]
    if all(map(math.isnan, heights)):
        return []
    return [Line(f"guarantee of {label}", x, heights, like=label)]


def _promise(game: BackdoorGame, defender: Defender) -> float:
    d = game.functions.vc_dimension
    if not isinstance(defender, DistillationEnsemble) or d is None or game.defender_examples is not None:
        return NAN
    learner, m, members = defender.learner, defender.examples, defender.members
    if learner is None or m is None or members is None or defender.threshold is None or defender.threshold <= 0:
        return NAN
    if game.defender_evaluations is not None or learner.expected_error(d, m) is None:
        return NAN
    bound = voting_bound(d, game.epsilon, m, members, defender.threshold)
    return NAN if vacuous(bound) else bound
