"""How much of the training must one see: the value of the game against the revealed bits of the original."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import figures
from ..exact.players import OptimalAttacker, OptimalDefender
from ..exact.solving import solve
from ..functions import FunctionClass, Intervals, Singletons, Thresholds
from ..functions.base import Booleans, Codes
from ..functions.table import table
from ..games import BackdoorGame
from ..games.measuring.records import Estimate
from ..games.measuring.together import Match
from ..games.reveals import AttackerRun, Original, Reveal
from ..games.reveals.base import Trace
from ..ground.spec import text
from ..players.attackers import Attacker, NearestLegal
from ..players.defenders import AlwaysClean, Defender, TraceReader
from ..players.views import DefenderBlock
from ..spaces.distributions import Uniform
from .shared.base import Report, Settings, Table, Verdict
from .shared.cells import BARS, alarm_rate, measure, point

NAME = "trace"
TITLE = "Traces: the value against how much of the attacker's original is revealed"
CLOSE = 1e-6  # the gap to which a variant is solved
BITS = tuple(range(11))  # with ten of them no two functions of either class have one trace
# the first is played, too
CLASSES: tuple[tuple[FunctionClass, str], ...] = ((Thresholds(points=32), "1/8"), (Intervals(points=8), "1/8"))
OPTIMAL = "optimal against optimal"
PLAYS: dict[str, tuple[Attacker, Defender]] = {
    OPTIMAL: (OptimalAttacker(), OptimalDefender()),
    "optimal against trace reader": (OptimalAttacker(), TraceReader()),
    "nearest against trace reader": (NearestLegal(), TraceReader()),
    "optimal against always clean": (OptimalAttacker(), AlwaysClean()),
}
# of which the number of f modulo 2 is shown: thresholds by t, singletons with the empty one first
PARITIES: tuple[tuple[FunctionClass, str], ...] = (
    (Thresholds(points=10), "1/5"),
    (Thresholds(points=10), "1/10"),
    (Thresholds(points=6), "1/3"),
    (Singletons(points=8), "1/8"),
    (Singletons(points=8), "2/8"),
)


@dataclasses.dataclass(frozen=True, repr=False)
class Remainder(Reveal):
    """The number of f in its class's list modulo `modulus`; 1 shows nothing."""

    modulus: int = 2

    @property
    def nothing(self) -> bool:
        return self.modulus == 1

    def trace_block(self, run: AttackerRun) -> Trace:
        return self.symbols(run.functions, run.codes)

    def contradicts(self, view: DefenderBlock, attacker: Any) -> Booleans:
        """Where the number of f' has another remainder."""
        return np.asarray(self.symbols(view.game.functions, view.codes) != view.trace)

    def symbols(self, functions: FunctionClass, codes: Codes) -> npt.NDArray[np.int64]:
        place = {code.tobytes(): number for number, code in enumerate(table(functions).codes)}
        numbers = np.fromiter((place[code.tobytes()] for code in codes), dtype=np.int64, count=len(codes))
        return np.asarray(numbers % self.modulus)


@dataclasses.dataclass(frozen=True)
class Shown:
    """A game with a reveal: its value, and how many traces there are to tell functions apart by.

    Attributes
    ----------
    functions, epsilon, reveal : str
    traces : int
    value, gap : float
    """

    functions: str
    epsilon: str
    reveal: str
    traces: int
    value: float
    gap: float


Results = dict[tuple[int, str], Estimate]
Lines = list[list[Shown]]


def run(settings: Settings) -> Report:
    """Solve the game for every number of bits, play it, and solve games with remainders too."""
    rounds = 40_960 if settings.full else 4_096
    bits = [[shown(*played, Original(bits=k)) for k in BITS] for played in CLASSES]
    remainders = [[shown(*played, Remainder(m)) for m in (1, 2, len(table(played[0]).codes))] for played in PARITIES]
    plan = {
        (k, who): Match(game(*CLASSES[0], Original(bits=k)), *players, rounds)
        for k in BITS
        for who, players in PLAYS.items()
        if k or not isinstance(players[1], TraceReader)  # who refuses a game that reveals nothing
    }
    results = dict(zip(plan, measure(list(plan.values()), settings), strict=True))
    found = {
        "values": {f"{one.functions}, {one.reveal}": dataclasses.asdict(one) for line in bits for one in line},
        "remainders": {
            f"{one.functions} at {one.epsilon}, {one.reveal}": dataclasses.asdict(one)
            for line in remainders
            for one in line
        },
        "cells": [point(plan[key], results[key], bits=key[0], who=key[1]) for key in plan],
    }
    tables = (_table(bits[0], results), *(_table(line, {}) for line in bits[1:]), _remainders(remainders))
    files = _draw(bits, results, settings.output)
    return Report(NAME, TITLE, tables, verdicts(bits, remainders, results), found, files)


def game(functions: FunctionClass, epsilon: str, reveal: Reveal) -> BackdoorGame:
    """A class with a reveal."""
    return BackdoorGame(functions, epsilon, Uniform(), reveal=reveal)


def shown(functions: FunctionClass, epsilon: str, reveal: Reveal) -> Shown:
    """The value of a game with a reveal."""
    found, numbers = solve(game(functions, epsilon, reveal)), reveal.symbols(functions, table(functions).codes)
    assert numbers is not None
    return Shown(text(functions), epsilon, _named(reveal), len(np.unique(numbers)), found.value, found.gap)


def _named(reveal: Reveal) -> str:
    return f"number modulo {reveal.modulus}" if isinstance(reveal, Remainder) else text(reveal)


def verdicts(bits: Lines, remainders: Lines, results: Results) -> tuple[Verdict, ...]:
    """What a reveal is worth: monotone, in the end everything; and what play says of it."""
    every = [one for line in (*bits, *remainders) for one in line]
    gap = max(one.gap for one in every)
    falls = [before.value - after.value for line in bits for before, after in itertools.pairwise(line)]
    falls += [line[0].value - one.value for line in remainders for one in line]
    ends = [abs(1 - line[-1].value) for line in (*bits, *remainders)]
    value = {(k, OPTIMAL): one.value for k, one in zip(BITS, bits[0], strict=True)}
    best = {key: found for key, found in results.items() if key[1] == OPTIMAL}
    inside = sum(found.low <= value[key] <= found.high for key, found in best.items())
    return (
        Verdict("every value is proved from both sides", f"largest gap {gap:.1e}", f"{CLOSE:g}", gap <= CLOSE),
        Verdict(
            "more revealed is never worth less: more bits, and a remainder beside nothing",
            f"largest fall {max(falls):+.1e} of {len(falls)} steps",
            f"at most {CLOSE:g}",
            max(falls) <= CLOSE,
        ),
        Verdict(
            "what tells all functions apart is worth 1",
            f"largest distance {max(ends):.1e} over {len(ends)} lines",
            f"{CLOSE:g}",
            max(ends) <= CLOSE,
        ),
        Verdict(
            "optimal play measured: each interval contains the exact value",
            f"{inside} of {len(best)}",
            f"{len(best)} of {len(best)}",
            inside == len(best) > 0,
        ),
        *_readers(value, results),
    )


def _readers(value: dict[tuple[int, str], float], results: Results) -> tuple[Verdict, Verdict]:
    """What the shipped reader of traces does: no false alarm, and no more than the value."""
    read = {key: found for key, found in results.items() if "trace reader" in key[1]}
    alarms = sum(round(alarm_rate(found).value * found.rounds) for found in read.values())
    above = [found.low - value[key[0], OPTIMAL] for key, found in results.items() if key[1].startswith("optimal")]
    return (
        Verdict(
            "a trace reader never flags a clean round, and always wins once all functions are told apart",
            f"{alarms} false alarms, {_won(read)} wins in every round",
            f"0, {len(PLAYS) - 2}",
            alarms == 0 and _won(read) == len(PLAYS) - 2,
        ),
        Verdict(
            "no interval lies above the value against the optimal attacker",
            f"farthest above {max(above):+.4f} of {len(above)}",
            "at most 0",
            max(above) <= 0,
        ),
    )


def _won(read: Results) -> int:
    """How many readers win in every round where the most bits are shown."""
    return sum(key[0] == BITS[-1] and found.win_rate == 1 for key, found in read.items())


def _table(line: list[Shown], results: Results) -> Table:
    who = list(PLAYS) if results else []
    rows = []
    for k, one in enumerate(line):
        found = [results.get((k, name)) for name in who]
        rates = ["-" if r is None else f"{r.win_rate:.4f}" for r in found]
        rows.append((str(k), str(one.traces), f"{one.value:.6f}", *rates))
    title = f"bits of the original that are revealed, {line[0].functions} at {line[0].epsilon} [values enumerated]"
    return Table(title, ("bits", "different traces", "value", *who), tuple(rows))


def _remainders(lines: Lines) -> Table:
    rows = tuple((line[0].functions, line[0].epsilon, *(f"{one.value:.6f}" for one in line)) for line in lines)
    title = "the number of f in its class modulo a number that is revealed [values enumerated]"
    return Table(title, ("class, uniform D", "epsilon", "nothing", "modulo 2", "all of f"), rows)


def _draw(lines: Lines, results: Results, folder: str) -> tuple[str, ...]:
    series = []
    for who in PLAYS:
        at = [k for k in BITS if (k, who) in results]
        found = [results[k, who] for k in at]
        ends = [one.low for one in found], [one.high for one in found]
        series.append(figures.Series(who, at, [one.win_rate for one in found], *ends))
    exact = [
        figures.Line(f"exact value, {line[0].functions}, ε = {line[0].epsilon}", BITS, [one.value for one in line])
        for line in lines
    ]
    figure = figures.curve_figure(
        series,
        exact,
        title=f"Bits of f revealed, uniform D; played: {lines[0][0].functions}, attacker against defender",
        xlabel="revealed bits of SHA-256 of f's label table",
        interval=BARS,
    )
    return figures.save(figure, folder, NAME)
