"""Triggers that must satisfy a predicate: what one answer is worth to the defender, and its costs."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from ...exact.solving import exact_win_rate
from ...games.measuring.together import Match
from ...games.predicates import HashPrefix
from ...ground.spec import text
from ...players.attackers import NearestLegal
from ..shared.base import Report, Settings, Verdict
from ..shared.cells import measure, planted, point
from .cases import (
    ATTACKERS,
    BITS,
    BUDGETED,
    BUDGETS,
    CLASSES,
    LISTED,
    OPTIMAL,
    PLAYS,
    SALT,
    WITHOUT,
    Bounded,
    Held,
    Results,
    budgets,
    game,
    held,
    of_class,
)
from .frugal import Frugal
from .shown import cost_table, drawn, play_tables, value_table

NAME = "predicate"
TITLE = "Triggers that satisfy a predicate: exact values, the check of x', and what it costs"
CLOSE = 1e-6  # the gap to which a variant is solved


def run(settings: Settings) -> Report:
    """Solve each class under each predicate, play it, and play it again with budgets."""
    rounds = 40_960 if settings.full else 2_048
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
    tables = (value_table([*hashed, *listed]), *play_tables(hashed, results), cost_table(bounded))
    files = tuple(
        path for i in range(len(CLASSES)) for path in drawn(of_class(hashed, i), results, settings.output, NAME)
    )
    told = verdicts(hashed, listed, results, bounded)
    return Report(NAME, TITLE, tables, told, {"values": values, "cells": cells}, files)


def verdicts(hashed: list[Held], listed: list[Held], results: Results, bounded: Bounded) -> tuple[Verdict, ...]:
    """What one answer is worth, exactly and in play, and where a budget ends that."""
    every = [*hashed, *listed]
    gap = max(one.gap for one in every)
    under = [max(one.check, one.unasked) - one.value for one in every]
    falls = [a.value - b.value for i in range(len(CLASSES)) for a, b in itertools.pairwise(of_class(hashed, i))]
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
    known = {
        (one.functions, k): one for i in range(len(CLASSES)) for k, one in zip(BITS, of_class(hashed, i), strict=True)
    }
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


def _bought(hashed: list[Held], bounded: Bounded) -> tuple[Verdict, Verdict]:
    """What budgets on both sides of the cost do."""
    one = next(one for one in of_class(hashed, 1) if one.predicate == text(dataclasses.replace(BUDGETED, cost=1)))
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
