"""Triggers that must satisfy a predicate: what one answer is worth to the defender, and its costs."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from ... import figures
from ...exact.players import OptimalAttacker, OptimalDefender
from ...exact.solving import exact_win_rate, solve
from ...functions import FunctionClass, Singletons, Thresholds
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...games.predicates import HashPrefix, OneOf, Predicate
from ...games.triggers import Satisfying
from ...ground.spec import text
from ...players.attackers import Attacker, NearestLegal
from ...players.defenders import AlwaysClean, Defender, PredicateCheck
from ...spaces.distributions import Uniform
from ..shared.base import Report, Settings, Table, Verdict
from ..shared.cells import BARS, measure, planted, point
from .frugal import Frugal

NAME = "predicate"
TITLE = "Triggers that satisfy a predicate: exact values, the check of x', and what it costs"
CLOSE = 1e-6  # the gap to which a variant is solved
N = 32  # points
FINE = 60  # points of a drawn curve: no corner is seen at the width of a page
BITS = tuple(range(5))
SALT = 13  # with it each zero more leaves about half of the points 0 .. 31: 32, 18, 9, 5, 2
CLASSES: tuple[tuple[FunctionClass, str], ...] = ((Thresholds(points=N), "1/8"), (Singletons(points=N), "1/16"))
# the same mass beside each other and apart
LISTED = (OneOf(points=tuple(range(4))), OneOf(points=tuple(range(3, N, 8))))
OPTIMAL, CHECKS, WITHOUT = "optimal against optimal", "optimal against check", "optimal against no check"
PLAYS: dict[str, tuple[Attacker, Defender]] = {
    OPTIMAL: (OptimalAttacker(), OptimalDefender()),
    CHECKS: (OptimalAttacker(), PredicateCheck()),
    "nearest against check": (NearestLegal(), PredicateCheck()),
    WITHOUT: (OptimalAttacker(), Frugal(asks=False)),
    "nearest against always clean": (NearestLegal(), AlwaysClean()),
}
BUDGETED = HashPrefix(bits=3, salt=SALT, cost=16)  # an answer costs as much as that
BUDGETS = (0, BUDGETED.cost - 1, BUDGETED.cost)  # of the defender's branch
ATTACKERS = (N * BUDGETED.cost - 1, N * BUDGETED.cost)  # a shipped attacker asks of every point that D can draw


@dataclasses.dataclass(frozen=True)
class Held:
    """A class under a predicate.

    Attributes
    ----------
    functions, epsilon, predicate : str
    points, mass : int and float
        On how many points the predicate holds, and D(P).
    value, gap : float
    check : float
        1 - D(P)/2.
    unasked : float
        The value where any trigger will do: what a defender wins here that never asks.
    """

    functions: str
    epsilon: str
    predicate: str
    points: int
    mass: float
    value: float
    gap: float
    check: float
    unasked: float


Key = tuple[str, int, str]  # class, bits, who plays whom
Results = dict[Key, Estimate]


def run(settings: Settings) -> Report:
    """Solve each class under each predicate, play it, and play it again with budgets."""
    rounds = 40_960 if settings.full else 4_096
    hashed = [held(*played, HashPrefix(bits=k, salt=SALT)) for played in CLASSES for k in BITS]
    listed = [held(*played, predicate) for played in CLASSES for predicate in LISTED]
    plan = {
        (text(functions), k, who): Match(game(functions, epsilon, HashPrefix(bits=k, salt=SALT)), *players, rounds)
        for functions, epsilon in CLASSES
        for k in BITS
        for who, players in PLAYS.items()
    }
    limited = budgets(rounds)
    found = measure([*plan.values(), *limited.values()], settings)
    results = dict(zip(plan, found, strict=False))
    bounded = dict(zip(limited, found[len(plan) :], strict=True))
    cells = [point(plan[key], results[key], bits=key[1], who=key[2]) for key in plan]
    cells += [point(limited[key], bounded[key], who=key[0], budget=key[1], cost=BUDGETED.cost) for key in limited]
    values = {f"{one.functions}, {one.predicate}": dataclasses.asdict(one) for one in (*hashed, *listed)}
    tables = (_table([*hashed, *listed]), *_played(hashed, results), _costs(bounded))
    files = tuple(path for i in range(len(CLASSES)) for path in _draw(_of(hashed, i), results, settings.output))
    told = verdicts(hashed, listed, results, bounded)
    return Report(NAME, TITLE, tables, told, {"values": values, "cells": cells}, files)


def game(functions: FunctionClass, epsilon: str, predicate: Predicate, **budgets: int) -> BackdoorGame:
    """A class whose triggers must satisfy a predicate."""
    return BackdoorGame(functions, epsilon, Uniform(), trigger=Satisfying(predicate), **budgets)


def held(functions: FunctionClass, epsilon: str, predicate: Predicate) -> Held:
    """The value under a predicate, and beside it what the check and what no check are worth."""
    found = solve(game(functions, epsilon, predicate))
    unasked = solve(BackdoorGame(functions, epsilon, Uniform(), trigger="Chosen()"))
    points = int(predicate.holds(functions.domain.points()).sum())
    mass = points / N
    return Held(
        text(functions), epsilon, text(predicate), points, mass, found.value, found.gap, 1 - mass / 2, unasked.value
    )


def budgets(rounds: int) -> dict[tuple[str, int], Match]:
    """Who plays with so many evaluations: defenders on both sides of the cost, an attacker that looks everywhere."""
    functions, epsilon = CLASSES[1]  # where the check is what there is
    asked = {
        (who, b): Match(game(functions, epsilon, BUDGETED, defender_evaluations=b), NearestLegal(), player, rounds)
        for who, player in (("check", PredicateCheck()), ("frugal", Frugal()))
        for b in BUDGETS
    }
    clean = AlwaysClean()
    return asked | {
        ("nearest", b): Match(game(functions, epsilon, BUDGETED, attacker_evaluations=b), NearestLegal(), clean, rounds)
        for b in ATTACKERS
    }


def _of(values: list[Held], i: int) -> list[Held]:
    return [one for one in values if one.functions == text(CLASSES[i][0])]


def verdicts(
    hashed: list[Held], listed: list[Held], results: Results, bounded: dict[tuple[str, int], Estimate]
) -> tuple[Verdict, ...]:
    """What one answer is worth, exactly and in play, and where a budget ends that."""
    every = [*hashed, *listed]
    gap = max(one.gap for one in every)
    under = [max(one.check, one.unasked) - one.value for one in every]
    falls = [a.value - b.value for i in range(len(CLASSES)) for a, b in itertools.pairwise(_of(hashed, i))]
    return (
        Verdict("every value is proved from both sides", f"largest gap {gap:.1e}", f"{CLOSE:g}", gap <= CLOSE),
        Verdict(
            "no value is under 1 - D(P)/2, nor under the value where any trigger will do",
            f"farthest under {max(under):+.1e} of {len(under)}",
            f"at most {CLOSE:g}",
            max(under) <= CLOSE,
        ),
        Verdict(
            "a predicate that holds on fewer points is never worth less: one more zero of the hash",
            f"largest fall {max(falls):+.1e} of {len(falls)} steps",
            f"at most {CLOSE:g}",
            max(falls) <= CLOSE,
        ),
        *_measured(hashed, results),
        *_bought(hashed, bounded),
    )


def _measured(hashed: list[Held], results: Results) -> tuple[Verdict, ...]:
    known = {(one.functions, k): one for i in range(len(CLASSES)) for k, one in zip(BITS, _of(hashed, i), strict=True)}
    best = {key: found for key, found in results.items() if key[2] == OPTIMAL}
    inside = sum(found.low <= known[key[:2]].value <= found.high for key, found in best.items())
    checks = {key: found for key, found in results.items() if key[2].endswith("against check")}
    on = sum(found.low <= known[key[:2]].check <= found.high for key, found in checks.items())
    worst = [found.scale.worst_case for found in checks.values()]
    off = [
        np.inf if exact is None else abs(exact - known[key[:2]].check) for key, exact in zip(checks, worst, strict=True)
    ]
    under = [known[key[:2]].unasked - found.high for key, found in results.items() if key[2] == WITHOUT]
    return (
        Verdict(
            "optimal play measured: each interval contains the exact value",
            f"{inside} of {len(best)}",
            f"{len(best)} of {len(best)}",
            inside == len(best) > 0,
        ),
        Verdict(
            "the check of x' wins 1 - D(P)/2 against whomever: in play, and in the worst case exactly",
            f"{on} of {len(checks)} intervals, worst cases {max(off):.1e} away",
            f"{len(checks)} of {len(checks)}, {CLOSE:g}",
            on == len(checks) > 0 and max(off) <= CLOSE,
        ),
        Verdict(
            "who never asks wins at least what it would if any trigger did",
            f"farthest under {max(under):+.4f} of {len(under)}",
            "at most 0",
            max(under) <= 0,
        ),
    )


def _bought(hashed: list[Held], bounded: dict[tuple[str, int], Estimate]) -> tuple[Verdict, Verdict]:
    """What budgets on both sides of the cost do."""
    one = next(one for one in _of(hashed, 1) if one.predicate == text(dataclasses.replace(BUDGETED, cost=1)))
    dear, enough = BUDGETS[:-1], BUDGETS[-1]
    able = bounded["frugal", enough]
    without = [bounded["frugal", b] for b in dear]
    lost = [bounded["check", b] for b in dear]
    few, all_of_it = (bounded["nearest", b] for b in ATTACKERS)
    # what goes over its budget has lost the branch; what the attacker forfeits is won before anything is asked
    only = all(found.win_rate == found.forfeits / found.rounds / 2 for found in lost)
    free = game(*CLASSES[1], BUDGETED)
    worth = exact_win_rate(free, NearestLegal(), Frugal(asks=False))
    plays = all(found.low <= worth <= found.high and found.evaluations_per_round == 0 for found in without)
    return (
        Verdict(
            "a budget of one answer buys the frugal defender 1 - D(P)/2; under it asking loses, and it does not ask",
            f"[{able.low:.4f}, {able.high:.4f}]; without [{without[0].low:.4f}, {without[0].high:.4f}]",
            f"contain {one.check:.4f}; {worth:.4f}",
            able.low <= one.check <= able.high and only and plays,
        ),
        Verdict(
            "an attacker that must look at every point forfeits every round of a budget one short of that",
            f"planted {planted(few):.4f} with {ATTACKERS[0]}, {planted(all_of_it):.4f} with {ATTACKERS[1]}",
            "0, more than 0",
            planted(few) == 0 < planted(all_of_it),
        ),
    )


def _table(values: list[Held]) -> Table:
    rows = tuple(
        (
            one.functions,
            one.epsilon,
            one.predicate if len(one.predicate) < 30 else f"{one.predicate[:26]}...",
            f"{one.mass:.4f}",
            f"{one.value:.6f}",
            f"{one.check:.6f}",
            f"{one.unasked:.6f}",
        )
        for one in values
    )
    columns = ("class, uniform D", "epsilon", "predicate", "D(P)", "value", "check: 1 - D(P)/2", "value, any trigger")
    return Table("exact values [enumerated], the check [proved]", columns, rows)


def _played(hashed: list[Held], results: Results) -> list[Table]:
    """Win rates and evaluations of each class."""
    tables = []
    for i in range(len(CLASSES)):
        rows = []
        for k, one in zip(BITS, _of(hashed, i), strict=True):
            found = [results[one.functions, k, who] for who in PLAYS]
            rows.append((str(k), f"{one.value:.4f}", *(f"{each.win_rate:.4f}" for each in found)))
        title = f"win rates of the defender, attacker against defender, {text(CLASSES[i][0])} [simulated]"
        tables.append(Table(title, ("zeros", "value", *PLAYS), tuple(rows)))
    return tables


def _costs(bounded: dict[tuple[str, int], Estimate]) -> Table:
    """What budgets do, with the mean evaluations of both sides and the attack's success."""
    rows = tuple(
        (
            who,
            str(budget),
            f"{found.evaluations_per_round / 2:.2f}",
            f"{found.attacker_evaluations_per_round:.2f}",
            f"{planted(found):.4f}",
            f"{1 - found.detections / found.rounds:.4f}",
            f"{found.win_rate:.4f}",
        )
        for (who, budget), found in bounded.items()
    )
    title = (
        f"budgets of evaluations, {text(CLASSES[1][0])}, {text(BUDGETED)}: of a defender's branch, an attacker's round"
    )
    columns = ("who has it", "budget", "defender's, a branch", "attacker's, a round", "planted", "missed", "win rate")
    return Table(title, columns, rows)


def _draw(values: list[Held], results: Results, folder: str) -> tuple[str, ...]:
    series, mass = [], [one.mass for one in values]
    functions, fine = values[0].functions, np.geomspace(mass[-1], mass[0], FINE).tolist()
    for who in PLAYS:
        found = [results[functions, k, who] for k in BITS]
        ends = [one.low for one in found], [one.high for one in found]
        series.append(figures.Series(who, mass, [one.win_rate for one in found], *ends))
    lines = [
        figures.Line("exact value", mass, [one.value for one in values]),
        figures.Line("check of x': 1 − D(P)/2", fine, [1 - p / 2 for p in fine]),
        figures.Line("exact value where any trigger will do", mass, [one.unasked for one in values]),
    ]
    figure = figures.curve_figure(
        series,
        lines,
        title=f"Triggers that satisfy P: {functions}, ε = {values[0].epsilon}, uniform D; attacker against defender",
        xlabel="D(P), the mass of the points that satisfy the predicate (probability)",
        interval=BARS,
        log_x=2,
    )
    return figures.save(figure, folder, f"{NAME}-{functions.split('(')[0].lower()}")
