"""What an attacker's budget buys: plants and win rates against metered looks, for a trigger, for a plant, at D."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

from ... import figures
from ...exact.solving import solve
from ...functions import Thresholds
from ...functions.base import Floats
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...games.predicates import HashPrefix
from ...games.triggers import AfterOriginal, Satisfying, TriggerLaw
from ...ground.statistics import clopper_pearson
from ...players.attackers import Attacker
from ...players.defenders import AlwaysClean, Defender, DistillationEnsemble
from ...spaces.distributions import Uniform
from ..shared.base import FAMILY_LEVEL, Report, Settings, Table, Verdict
from ..shared.cells import measure, planted, point
from . import laws
from .searchers import PlantSearch, SampleSearch, TriggerSearch

NAME = "attacker-budget"
TITLE = "Attackers on a budget: shares of rounds planted, and what defenders win, by what a look costs"
CLOSE = 1e-9  # sums of some 5,000 probabilities
N, EPSILON, COUNT = 16, "1/4", 4  # f* differs on at most COUNT of N points
FUNCTIONS = Thresholds(points=N)
PREDICATE = HashPrefix(bits=2, salt=3)  # holds on 4 of them, so spread that each f has a plant at one
CLEAN, ENSEMBLE = "always clean", "ensemble"
DEFENDERS: dict[str, Defender] = {CLEAN: AlwaysClean(), ENSEMBLE: DistillationEnsemble()}
LOOKED_AT = 2  # intervals of one estimate: win rate, share of rounds planted


@dataclasses.dataclass(frozen=True)
class Resource:
    """What is paid for: who pays, in which game, and what comes of it exactly.

    Attributes
    ----------
    label, unit : str
        For a figure: what the axis counts.
    budgets : tuple of int
    budget : str
        The game's field.
    spent : str
        The field of an estimate that says how much was.
    attacker : callable
        Of a budget.
    law : callable
        Of a budget: Pr[f, x*, f* planted], see `laws`.
    trigger : TriggerLaw
    pointwise : bool
        Whether a larger budget makes each (f, x*, f*) likelier.
    """

    label: str
    unit: str
    budgets: tuple[int, ...]
    budget: str
    spent: str
    attacker: Callable[[int], Attacker]
    law: Callable[[int], Floats]
    trigger: TriggerLaw
    pointwise: bool = True


def _by_triggers(budget: int) -> Floats:
    legal = laws.legal_triples(FUNCTIONS, COUNT)
    return laws.of_triggers(legal, PREDICATE.holds(FUNCTIONS.domain.points()), budget)


RESOURCES = {
    "triggers": Resource(
        "hash calls for a trigger",
        "hash calls a round, one for each point that the predicate is asked of",
        (0, 1, 2, 4, 8),
        "attacker_evaluations",
        "attacker_evaluations_per_round",
        lambda budget: TriggerSearch(),
        _by_triggers,
        Satisfying(PREDICATE),
    ),
    "plants": Resource(
        "evaluations for a plant",
        "evaluations a round, one for each member that is tried",
        (0, 1, 4, 16, 64),
        "attacker_evaluations",
        "attacker_evaluations_per_round",
        lambda budget: PlantSearch(),
        lambda budget: laws.of_plants(laws.legal_triples(FUNCTIONS, COUNT), budget),
        AfterOriginal(),
    ),
    "samples": Resource(
        "examples of D",
        "examples a round",
        (0, 1, 4, 16, 64),
        "attacker_examples",
        "attacker_examples_per_round",
        lambda budget: SampleSearch(examples=budget),
        lambda budget: laws.of_samples(N, COUNT, budget),
        AfterOriginal(),
        pointwise=False,
    ),
}


@dataclasses.dataclass(frozen=True)
class Exact:
    """What a budget comes to, without a round.

    Attributes
    ----------
    planted, best_reply : float
        The share of the rounds with a plant, and what the best defender wins.
    """

    planted: float
    best_reply: float


Key = tuple[str, int]  # resource, budget
Exacts = dict[Key, Exact]
Results = dict[tuple[str, int, str], Estimate]


def run(settings: Settings) -> Report:
    """Work out every budget exactly, and play it against two defenders."""
    rounds = 20_480 if settings.full else 1_024
    exact = {(name, b): worked_out(one, b) for name, one in RESOURCES.items() for b in one.budgets}
    ends = {name: solve(game(one)).value for name, one in RESOURCES.items()}
    plan = {
        (name, b, who): Match(game(one, b), one.attacker(b), defender, rounds)
        for name, one in RESOURCES.items()
        for b in one.budgets
        for who, defender in DEFENDERS.items()
    }
    results = dict(zip(plan, measure(list(plan.values()), settings, each=LOOKED_AT), strict=True))
    cells = [
        point(
            plan[key],
            results[key],
            resource=key[0],
            budget=key[1],
            spent=getattr(results[key], RESOURCES[key[0]].spent),
            planted=planted(results[key]),
        )
        for key in plan
    ]
    found = {
        "exact": {f"{name}, {b}": dataclasses.asdict(one) for (name, b), one in exact.items()},
        "unbounded": ends,
        "cells": cells,
    }
    tables = tuple(_table(name, exact, ends[name], results) for name in RESOURCES)
    files = tuple(path for name in RESOURCES for path in _draw(name, exact, ends[name], results, settings.output))
    return Report(NAME, TITLE, tables, verdicts(exact, ends, results), found, files)


def game(one: Resource, budget: int | None = None) -> BackdoorGame:
    """The game of a resource, with a budget or without."""
    limit: dict[str, Any] = {} if budget is None else {one.budget: budget}
    return BackdoorGame(FUNCTIONS, EPSILON, Uniform(), trigger=one.trigger, **limit)


def worked_out(one: Resource, budget: int) -> Exact:
    """What a budget comes to."""
    law = one.law(budget)
    return Exact(laws.planted(law), laws.best_reply(law))


def verdicts(exact: Exacts, ends: dict[str, float], results: Results) -> tuple[Verdict, ...]:
    """What a budget buys, exactly and in play."""
    steps = [
        (RESOURCES[name], exact[name, a], exact[name, b])
        for name, one in RESOURCES.items()
        for a, b in itertools.pairwise(one.budgets)
    ]
    fewer = max(before.planted - after.planted for _, before, after in steps)
    better = max(after.best_reply - before.best_reply for one, before, after in steps if one.pointwise)
    under = max(ends[name] - one.best_reply for (name, _), one in exact.items())
    return (
        *_measured(exact, results),
        Verdict(
            "a larger budget never plants less",
            f"largest fall {fewer:+.1e} of {len(steps)} steps",
            f"at most {CLOSE:g}",
            fewer <= CLOSE,
        ),
        Verdict(
            "nor is it better for the best reply, where it makes every plant likelier: looks for triggers and plants",
            f"largest rise {better:+.1e}",
            f"at most {CLOSE:g}",
            better <= CLOSE,
        ),
        Verdict(
            "no best reply wins less than the value against an attacker without a budget",
            f"farthest under {under:+.4f}",
            "at most 0",
            under <= 0,
        ),
    )


def _measured(exact: Exacts, results: Results) -> tuple[Verdict, ...]:
    inside = sum(low <= exact[key[:2]].planted <= high for key, (low, high) in _shares(results).items())
    clean = {key: found for key, found in results.items() if key[2] == CLEAN}
    half = sum(found.low <= 1 - exact[key[:2]].planted / 2 <= found.high for key, found in clean.items())
    above = max(found.low - exact[key[:2]].best_reply for key, found in results.items())
    over = [key for key, found in results.items() if getattr(found, RESOURCES[key[0]].spent) > key[1]]
    idle = [key for key, found in results.items() if key[1] and getattr(found, RESOURCES[key[0]].spent) == 0]
    return (
        Verdict(
            "shares of rounds planted: each interval contains the exact one",
            f"{inside} of {len(results)}",
            f"{len(results)} of {len(results)}",
            inside == len(results) > 0,
        ),
        Verdict(
            "always clean wins 1 - planted/2: each interval contains the exact one",
            f"{half} of {len(clean)}",
            f"{len(clean)} of {len(clean)}",
            half == len(clean) > 0,
        ),
        Verdict("no interval lies above the best reply", f"farthest above {above:+.4f}", "at most 0", above <= 0),
        Verdict(
            "nobody spends more than its budget, nor nothing of one",
            f"{len(over)} over it, {len(idle)} idle, of {len(results)}",
            "0, 0",
            not over and not idle,
        ),
    )


def _shares(results: Results) -> dict[tuple[str, int, str], tuple[float, float]]:
    """Intervals of the shares of rounds with a plant."""
    return {
        key: clopper_pearson(found.rounds - found.forfeits - found.illegal, found.rounds, found.level)
        for key, found in results.items()
    }


def _table(name: str, exact: Exacts, end: float, results: Results) -> Table:
    one, rows = RESOURCES[name], []
    for b in one.budgets:
        known, found = exact[name, b], [results[name, b, who] for who in DEFENDERS]
        spent = [f"{getattr(each, one.spent):.2f}" for each in found[:1]]
        rates = [f"{each.win_rate:.4f}" for each in found]
        shares = (f"{planted(found[0]):.4f}", f"{known.planted:.4f}")
        rows.append((str(b), *spent, *shares, f"{known.best_reply:.4f}", *rates))
    title = f"{one.label}, {FUNCTIONS!r} at {EPSILON} [shares and best replies enumerated]; without a budget {end:.4f}"
    columns = ("budget", "spent, mean", "planted", "planted, exact", "best reply wins", *DEFENDERS)
    return Table(title, columns, tuple(rows))


def _draw(name: str, exact: Exacts, end: float, results: Results, folder: str) -> tuple[str, ...]:
    one, shares = RESOURCES[name], _shares(results)
    budgets = [b for b in one.budgets if b]  # the axis is logarithmic
    ends = [shares[name, b, CLEAN] for b in budgets]
    series = [
        figures.Series(
            "rounds planted",
            budgets,
            [planted(results[name, b, CLEAN]) for b in budgets],
            [low for low, _ in ends],
            [high for _, high in ends],
        )
    ]
    for who in DEFENDERS:
        found = [results[name, b, who] for b in budgets]
        rates = [each.win_rate for each in found]
        series.append(figures.Series(f"{who} wins", budgets, rates, [e.low for e in found], [e.high for e in found]))
    lines = [
        figures.Line("rounds planted, exact", budgets, [exact[name, b].planted for b in budgets], "rounds planted"),
        figures.Line("the best reply wins, exact", budgets, [exact[name, b].best_reply for b in budgets]),
        figures.Line("exact value, no budget", (budgets[0], budgets[-1]), (end, end)),
    ]
    figure = figures.curve_figure(
        series,
        lines,
        title=f"An attacker's {one.label}: {FUNCTIONS!r}, ε = {EPSILON}, uniform D",
        xlabel=one.unit,
        ylabel="share of rounds, win rate of the defender (probability)",
        interval=f"simultaneous {FAMILY_LEVEL:.0%} intervals",
        log_x=2,
    )
    return figures.save(figure, folder, f"{NAME}-{name}")
