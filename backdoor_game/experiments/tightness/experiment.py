"""How much of each proved bound is really lost, on worst cases that are computed exactly."""

from __future__ import annotations

import dataclasses

from ... import figures
from ..shared.base import Report, Settings, Table, Verdict
from . import leaves, resampling, searching, voters
from .cases import Case

NAME = "tightness"
TITLE = "Tightness: what worst cases really lose of what each bound allows"
ROUNDING = 1e-12  # of losses that are sums of products of floats


def run(settings: Settings) -> Report:
    """Every worst case beside its bound; nothing is played."""
    found: list[Case] = []
    parts = (resampling, voters, leaves)
    for part in parts:
        found += part.cases()
        settings.progress(len(found), len(found) + 1)
    game, learner, _ = voters.careless_game()
    error = voters.largest_error(game, learner, voters.SAMPLES)
    searched = searching.searches()
    points = {
        "cases": [{**dataclasses.asdict(one), "share": one.share} for one in found],
        "careless_error": error,
        "searches": [{"budget": one.budget, "advantage": one.advantage} for one in searched],
    }
    tables, verdicts = (_table(found), searching.table(searched)), _verdicts(found, error)
    files = _draw(found, settings.output)
    return Report(NAME, TITLE, tables, (*verdicts, *searching.verdicts(searched)), points, files)


def _table(found: list[Case]) -> Table:
    rows = tuple(
        (one.bound, one.what, one.how, f"{one.loss:.6f}", f"{one.limit:.6f}", f"{one.share:.4f}", f"{one.least:g}")
        for one in found
    )
    header = ("bound", "worst case", "how", "loss", "bound on the loss", "share", "pinned")
    return Table("losses [enumerated] over bounds [proved]", header, rows)


def _verdicts(found: list[Case], error: float) -> tuple[Verdict, ...]:
    most, expected = max(one.share for one in found), 1 / (voters.SAMPLES + 1)
    told = [
        Verdict(
            "no worst case loses more than its bound",
            f"largest share {most:.4f} over {len(found)}",
            "at most 1",
            all(one.loss <= one.limit + ROUNDING for one in found),
        ),
        Verdict(
            "the careless learner's expected error is at most d/(m + 1), as the bound for votes assumes",
            f"{error:.6f}",
            f"at most {expected:.6f}",
            error <= expected + ROUNDING,
        ),
    ]
    for name in dict.fromkeys(one.bound for one in found):
        mine = [one for one in found if one.bound == name]
        best = max(mine, key=lambda one: one.share)
        told.append(
            Verdict(
                f"{name}: worst cases lose the shares that they are known to lose",
                f"up to {best.share:.4f}: a bound {1 / best.share:.2f} times too strong is broken",
                ", ".join(f"over {one.least:g}" for one in mine),
                all(one.share > one.least for one in mine),
            )
        )
    return tuple(told)


def _draw(found: list[Case], folder: str) -> tuple[str, ...]:
    figure = figures.rows_figure(
        [f"{one.bound}: {one.what}" for one in found],
        [figures.Series("worst case", range(len(found)), [one.share for one in found])],
        {"the bound": 1.0},
        title="Worst cases as shares of their bounds (exact)",
        xlabel="loss / bound on the loss",
        ylabel="bound: worst case",
        x_range=(0.0, 1.05),
    )
    return figures.save(figure, folder, NAME)
