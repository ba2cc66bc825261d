"""The price of information: what optimal play wins that sees less, and what shipped learners make of what they see."""

from __future__ import annotations

import dataclasses
import math

from ...exact.solving import solve
from ...games.observations import Examples, Observation
from ...ground.spec import text
from ..shared.base import Report, Settings, Verdict
from .axis import GAMES, KNOWN, no_finer, seen_of
from .learners import LEARNED, Weighed, shipped, voters
from .shown import NAME, draw, tables

TITLE = "The price of information: exact values from blind to white box, and learners beside the best"
CLOSE = 1e-6  # the gap to which the linear program is solved


@dataclasses.dataclass(frozen=True)
class Value:
    """What optimal play wins on one class that sees so much, from both sides."""

    label: str
    sees: Observation
    lower: float
    upper: float


def run(settings: Settings) -> Report:
    """Weigh the shipped defenders on every class, then solve it for what may be seen of it, and for what they see."""
    total, defaults, votes = 2 * len(GAMES), [], []
    for done, label in enumerate(GAMES):
        defaults += shipped(label)
        votes += voters(label) if label in LEARNED else []
        settings.progress(done + 1, total)
    values: dict[str, list[Value]] = {}
    for done, label in enumerate(GAMES):
        used = [one.sees for one in (*defaults, *votes) if one.label == label]
        plan = dict.fromkeys((*seen_of(label, settings.full), *used, *([few(label)] if label in LEARNED else [])))
        values[label] = [_solved(label, sees) for sees in plan]
        settings.progress(len(GAMES) + done + 1, total)
    every = [value for found in values.values() for value in found]
    best = {(value.label, value.sees): value.lower for value in every}
    points = {
        "values": [{**_of(value), "lower": value.lower, "upper": value.upper} for value in every],
        "defenders": [_weighed(one, best) for one in defaults],
        "votes": [_weighed(one, best) for one in votes],
    }
    axes = {label: seen_of(label, settings.full) for label in GAMES}
    files = draw(axes, best, votes, settings.output)
    return Report(NAME, TITLE, tables(axes, best, defaults, votes), verdicts(every, defaults, votes), points, files)


def _solved(label: str, sees: Observation) -> Value:
    found = solve(GAMES[label], sees=sees)
    return Value(label, sees, found.lower, found.upper)


def _of(one: Value | Weighed) -> dict[str, object]:
    return {"class": one.label, "game": text(GAMES[one.label]), "sees": text(one.sees)}


def _weighed(one: Weighed, best: dict[tuple[str, Observation], float]) -> dict[str, object]:
    told = {"defender": text(one.defender), "worst_case": one.worst}
    return {**_of(one), **told, "best_of_what_it_sees": best[one.label, one.sees]}


def verdicts(values: list[Value], defaults: list[Weighed], votes: list[Weighed]) -> tuple[Verdict, ...]:
    """What holds of the values; without a value that it speaks of no claim does."""
    best = {(value.label, value.sees): value for value in values}
    gap = max((value.upper - value.lower for value in values), default=math.inf)
    finer = [
        one.lower - other.upper
        for one in values
        for other in values
        if one.label == other.label and no_finer(one.sees, other.sees)
    ]
    over = max(finer, default=math.inf)
    known = [best["thresholds", sees].lower - value for sees, value in KNOWN.items() if ("thresholds", sees) in best]
    off = max(map(abs, known), default=math.inf)
    weighed = [*defaults, *votes]
    gain = max((one.worst - best[one.label, one.sees].upper for one in weighed), default=math.inf)
    return (
        Verdict("every value is proved from both sides", f"largest gap {gap:.1e}", f"{CLOSE:g}", gap <= CLOSE),
        Verdict("who sees no more wins no more", f"{over:+.1e} over {len(finer)} pairs", f"{CLOSE:g}", over <= CLOSE),
        Verdict(
            "thresholds on 10 points at 1/5: the values of THEORY",
            f"largest difference {off:.1e} over {len(known)} of {len(KNOWN)} values",
            f"{CLOSE:g}",
            off <= CLOSE and len(known) == len(KNOWN),
        ),
        Verdict(
            "no shipped defender wins more than what it sees allows",
            f"{gain:+.1e} over {len(weighed)} defenders",
            f"{CLOSE:g}",
            gain <= CLOSE,
        ),
        _far(values, weighed),
    )


def few(label: str) -> Examples:
    """2 d examples."""
    return Examples(2 * int(GAMES[label].functions.vc_dimension or 0))


def _far(values: list[Value], weighed: list[Weighed]) -> Verdict:
    """Whether learners are far from optimal: with any number of examples they win less than optimal play with 2 d."""
    short = []
    for label in LEARNED:
        used = [value.lower for value in values if value.label == label and value.sees == few(label)]
        most = [one.worst for one in weighed if one.label == label and isinstance(one.sees, Examples)]
        short.append(min(used, default=-math.inf) - max(most, default=math.inf))
    return Verdict(
        "2 d examples at best use win more than every learner with any number of them",
        f"least distance {min(short):+.4f} over {len(short)} classes",
        "above 0",
        min(short) > CLOSE,
    )
