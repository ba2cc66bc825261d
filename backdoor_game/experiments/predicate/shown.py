"""Tables and figures of the experiment with predicates."""

from __future__ import annotations

import numpy as np

from ... import figures
from ...ground.spec import text
from ..shared.base import Table
from ..shared.cells import BARS, planted
from .cases import BITS, BUDGETED, CLASSES, PLAYS, Bounded, Held, Results, of_class

FINE = 60  # points of a drawn curve: no corner is seen at the width of a page


def value_table(values: list[Held]) -> Table:
    """Every class under every predicate."""
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


def play_tables(hashed: list[Held], results: Results) -> list[Table]:
    """Win rates in each class."""
    tables = []
    for i in range(len(CLASSES)):
        rows = []
        for k, one in zip(BITS, of_class(hashed, i), strict=True):
            found = [results[one.functions, k, who] for who in PLAYS]
            rows.append((str(k), f"{one.value:.4f}", *(f"{each.win_rate:.4f}" for each in found)))
        title = f"win rates of the defender, attacker against defender, {text(CLASSES[i][0])} [simulated]"
        tables.append(Table(title, ("zeros", "value", *PLAYS), tuple(rows)))
    return tables


def cost_table(bounded: Bounded) -> Table:
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


def drawn(values: list[Held], results: Results, folder: str, name: str) -> tuple[str, ...]:
    """The figure of one class."""
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
    return figures.save(figure, folder, f"{name}-{functions.split('(')[0].lower()}")
