"""An estimate in a dozen lines, as people read it."""

from __future__ import annotations

from typing import Any

from ...ground.columns import pairs

Estimate = Any  # the record says how it is told, so that its file imports this one
Interval = Any


def summary(found: Estimate) -> str:
    """What was measured, line by line."""
    return pairs(
        [
            ("win rate", _with_ends(found.win_rate, found.low, found.high)),
            ("interval", f"{100 * found.level:.12g}%: {found.interval}"),
            ("win rate given a plant", _maybe(found.win_rate_given_plant, found.given_plant_interval)),
            ("false-alarm rate", found.false_alarm_rate and _interval(found.false_alarm_rate)),
            *([("detection rate", _interval(found.detection_rate))] if found.mode != "one branch" else []),
            ("AUROC", _maybe(found.auroc, found.auroc_interval)),
            ("rounds", f"{found.rounds} ({found.mode})"),
            ("forfeits", found.forfeits),
            ("illegal plants", found.illegal),
            ("undecided rounds", found.undecided),
            ("defender forfeits", found.defender_forfeits),
            ("examples a round", found.examples_per_round),
            ("queries a round", found.queries_per_round),
            ("evaluations a round", found.evaluations_per_round),
            ("attacker's use a round", _attacker_use(found)),
            ("game", found.spec["game"]),
            *((name, value) for name, value in found.prepared.items()),
            ("seed", found.seed),
        ]
    )


def _attacker_use(found: Estimate) -> str:
    use = found.attacker_examples_per_round, found.attacker_queries_per_round, found.attacker_evaluations_per_round
    return "{:.6g} examples, {:.6g} queries, {:.6g} evaluations".format(*use)


def _interval(rate: Interval) -> str:
    return _with_ends(rate.value, rate.low, rate.high)


def _maybe(value: float | None, ends: tuple[float, float] | None) -> str | None:
    return None if value is None or ends is None else _with_ends(value, *ends)


def _with_ends(value: float, low: float, high: float) -> str:
    return f"{value:.4f}  [{low:.4f}, {high:.4f}]"
