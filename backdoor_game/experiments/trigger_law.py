"""Who picks the trigger, from what and when: the value of one class from law to law, down to a coin."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from .. import figures
from ..exact.finite import legal_game
from ..exact.players import OptimalAttacker, OptimalDefender
from ..exact.solving import solve
from ..functions import FunctionClass, Singletons, Thresholds
from ..games import BackdoorGame
from ..games.measuring.records import Estimate
from ..games.measuring.together import Match
from ..games.triggers import AfterOriginal, BeforeOriginal, Chosen, TriggerLaw, WorstOf
from ..ground.spec import text
from ..players.attackers import Attacker, ExchangeablePair, NearestLegal, RandomLegal
from ..players.defenders import AlwaysClean, Defender, DistillationEnsemble
from ..spaces.distributions import Uniform
from .shared.base import Report, Settings, Table, Verdict
from .shared.cells import BARS, measure, point
from .shared.players import DEFENDERS

NAME = "trigger-law"
TITLE = "Trigger laws: what optimal play wins, by who picks the trigger and what the clean branch shows"
CLOSE = 1e-6  # the gap to which a variant is solved
FRESH, PAIRED = "fresh", "trigger"


class Law(NamedTuple):
    """A trigger law with a clean input, as a figure names them."""

    label: str
    trigger: TriggerLaw
    clean_input: str = FRESH


LAWS = (
    Law("after f", AfterOriginal()),
    Law("worst of 2", WorstOf(draws=2)),
    Law("worst of 3", WorstOf(draws=3)),
    Law("before f", BeforeOriginal()),
    Law("chosen", Chosen()),
    Law("after f, f shown at x*", AfterOriginal(), PAIRED),
    Law("before f, f shown at x*", BeforeOriginal(), PAIRED),
    Law("chosen, f shown at x*", Chosen(), PAIRED),
)
# (the law that is worth no more, the other): whoever attacks under the left one can play what is played on the right
ORDER = (
    ("chosen", "before f"),
    ("before f", "after f"),
    ("chosen", "worst of 3"),
    ("worst of 3", "worst of 2"),
    ("worst of 2", "after f"),
    ("chosen, f shown at x*", "before f, f shown at x*"),
    ("before f, f shown at x*", "after f, f shown at x*"),
)
# pairs that a proof in theory/trigger_laws.py makes equal
EQUAL = (("chosen", "before f"), ("after f, f shown at x*", "after f"))
COINS = ("before f, f shown at x*", "chosen, f shown at x*")
OPTIMAL = "optimal against optimal"
PLAYS: dict[str, tuple[Attacker, Defender]] = {
    OPTIMAL: (OptimalAttacker(), OptimalDefender()),
    "optimal against always clean": (OptimalAttacker(), AlwaysClean()),
    "optimal against ensemble": (OptimalAttacker(), DistillationEnsemble()),
    "nearest against optimal": (NearestLegal(), OptimalDefender()),
    "nearest against ensemble": (NearestLegal(), DistillationEnsemble()),
    "random against ensemble": (RandomLegal(), DistillationEnsemble()),
    "exchangeable against ensemble": (ExchangeablePair(), DistillationEnsemble()),
}
DRAWN = [who for who in PLAYS if who != "nearest against optimal"]  # as many as there are colours beside the value's
CLASSES = ((Thresholds(points=10), "1/5"), (Singletons(points=8), "1/8"))


@dataclasses.dataclass(frozen=True)
class Value:
    """The exact value of a class under a law.

    Attributes
    ----------
    functions, epsilon, law : str
    value, gap : float
    able : float
        D{x: a legal pair differs at x}.
    """

    functions: str
    epsilon: str
    law: str
    value: float
    gap: float
    able: float


Key = tuple[str, str, str]  # class, law, who plays whom
Results = dict[Key, Estimate]


def run(settings: Settings) -> Report:
    """Solve each class under each law, and play optimal and shipped players there."""
    classes, rounds = (CLASSES, 40_960) if settings.full else (CLASSES[:1], 4_096)
    values = [solved(functions, epsilon, law) for functions, epsilon in classes for law in LAWS]
    plan = {
        (text(functions), law.label, who): Match(game(functions, epsilon, law), *players, rounds)
        for functions, epsilon in classes
        for law in LAWS
        for who, players in played(law).items()
    }
    results = dict(zip(plan, measure(list(plan.values()), settings), strict=True))
    cells = [point(plan[key], results[key], law=key[1], who=key[2]) for key in plan]
    found = {"values": {f"{one.functions}, {one.law}": dataclasses.asdict(one) for one in values}, "cells": cells}
    files = tuple(path for functions, _ in classes for path in _draw(text(functions), values, results, settings.output))
    tables = tuple(_table(text(functions), values, results) for functions, _ in classes)
    return Report(NAME, TITLE, tables, verdicts(values, results), found, files)


def game(functions: FunctionClass, epsilon: str, law: Law) -> BackdoorGame:
    """A class under a law."""
    return BackdoorGame(functions, epsilon, Uniform(), trigger=law.trigger, clean_input=law.clean_input)


def solved(functions: FunctionClass, epsilon: str, law: Law) -> Value:
    """The value, and the mass of the points at which there is a legal pair at all."""
    played = game(functions, epsilon, law)
    found = solve(played)
    legal = legal_game(functions, found.distribution, played.epsilon)
    able = float(legal.weights @ (np.diff(legal.starts).reshape(len(legal.points), -1).any(axis=1)))
    return Value(text(functions), epsilon, law.label, found.value, found.gap, able)


def played(law: Law) -> dict[str, tuple[Attacker, Defender]]:
    """Who plays whom under a law: the pairs of `PLAYS`, and where two branches are one law every shipped defender."""
    late = law.trigger.draws is not None and not law.trigger.before_original  # f is picked for no trigger
    some = {who: pair for who, pair in PLAYS.items() if not (late and isinstance(pair[0], ExchangeablePair))}
    if law.label not in COINS:
        return some
    return some | {_paired(name): (ExchangeablePair(), defender) for name, defender in DEFENDERS.items()}


def _paired(name: str) -> str:
    return f"exchangeable against {name}"


def verdicts(values: list[Value], results: Results) -> tuple[Verdict, ...]:
    """What theory says of the laws, and what play says of the values."""
    exact = {(one.functions, one.law): one.value for one in values}
    gap = max(one.gap for one in values)
    steps = [exact[f, low] - exact[f, high] for f in _classes(values) for low, high in ORDER]
    apart = [abs(exact[f, one] - exact[f, other]) for f in _classes(values) for one, other in EQUAL]
    coins = [abs(one.value - (1 - one.able / 2)) for one in values if one.law == COINS[0]]
    coins += [abs(one.value - (0.5 if one.able else 1.0)) for one in values if one.law == COINS[1]]
    return (
        Verdict("every value is proved from both sides", f"largest gap {gap:.1e}", f"{CLOSE:g}", gap <= CLOSE),
        Verdict(
            "order: chosen <= before f <= after f, chosen <= worst of 3 <= worst of 2 <= after f, paired too",
            f"largest step upwards {max(steps):+.1e} of {len(steps)}",
            f"at most {CLOSE:g}",
            max(steps) <= CLOSE,
        ),
        Verdict(
            "chosen = before f with a fresh clean input, and after f is worth the same when f is shown at x*",
            f"largest difference {max(apart):.1e}",
            f"{CLOSE:g}",
            max(apart) <= CLOSE,
        ),
        Verdict(
            "f shown at x*: before f is worth 1 - D{x: a legal pair}/2, chosen 1/2 where there is one",
            f"largest difference {max(coins):.1e}",
            f"{CLOSE:g}",
            max(coins) <= CLOSE,
        ),
        *_measured(exact, results),
    )


def _classes(values: list[Value]) -> list[str]:
    return list(dict.fromkeys(one.functions for one in values))


def _measured(exact: dict[tuple[str, str], float], results: Results) -> tuple[Verdict, ...]:
    best = {key: found for key, found in results.items() if key[2] == OPTIMAL}
    inside = sum(found.low <= exact[key[:2]] <= found.high for key, found in best.items())
    beyond = [found.low - exact[key[:2]] for key, found in results.items() if key[2].startswith("optimal against")]
    beyond += [exact[key[:2]] - found.high for key, found in results.items() if key[2].endswith("against optimal")]
    coins = [found for key, found in results.items() if key[1] in COINS and key[2].startswith("exchangeable")]
    half = sum(found.low <= 0.5 <= found.high for found in coins)
    return (
        Verdict(
            "optimal play measured: each interval contains the exact value",
            f"{inside} of {len(best)}",
            f"{len(best)} of {len(best)}",
            inside == len(best) > 0,
        ),
        Verdict(
            "no interval lies above the value against the optimal attacker, or under it for the optimal defender",
            f"farthest beyond {max(beyond):+.4f} of {len(beyond)}",
            "at most 0",
            max(beyond) <= 0,
        ),
        Verdict(
            "an exchangeable pair shown at one trigger is a coin: every defender's interval contains 1/2",
            f"{half} of {len(coins)}",
            f"{len(coins)} of {len(coins)}",
            half == len(coins) > 0,
        ),
    )


def _table(functions: str, values: list[Value], results: Results) -> Table:
    rows = []
    for one in (one for one in values if one.functions == functions):
        rates = [results.get((functions, one.law, who)) for who in PLAYS]
        rows.append((one.law, f"{one.value:.6f}", *("-" if r is None else f"{r.win_rate:.4f}" for r in rates)))
    title = f"win rates of the defender, attacker against defender, {functions} [values enumerated, play simulated]"
    return Table(title, ("law", "value", *PLAYS), tuple(rows))


def _draw(functions: str, values: list[Value], results: Results, folder: str) -> tuple[str, ...]:
    mine = [one for one in values if one.functions == functions]
    series = [figures.Series("exact value", range(len(mine)), [one.value for one in mine])]
    for who in DRAWN:
        found_in = [results.get((functions, one.law, who)) for one in mine]
        rows = [(i, found) for i, found in enumerate(found_in) if found is not None]
        ends = [found.low for _, found in rows], [found.high for _, found in rows]
        series.append(figures.Series(who, [i for i, _ in rows], [found.win_rate for _, found in rows], *ends))
    figure = figures.rows_figure(
        [one.law for one in mine],
        series,
        {"blind guessing, 1/2": 0.5},
        title=f"Trigger laws: {functions}, ε = {mine[0].epsilon}, uniform D; attacker against defender",
        xlabel="win rate of the defender (probability)",
        interval=BARS,
    )
    return figures.save(figure, folder, f"{NAME}-{functions.split('(')[0].lower()}")
