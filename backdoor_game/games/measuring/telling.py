"""An estimate in a dozen lines, as people read it."""

from __future__ import annotations

from typing import Any

from ...ground.results import Block, rate

Estimate = Any  # the record says how it is told, so that its file imports this one
Interval = Any


def summary(found: Estimate) -> Block:
    """What was measured, line by line."""
    return Block(
        [
            ("win rate", rate(found.win_rate, found.low, found.high)),
            ("interval", f"{100 * found.level:.12g}%: {found.interval}"),
            ("win rate given a plant", _maybe(found.win_rate_given_plant, found.given_plant_interval)),
            ("false-alarm rate", found.false_alarm_rate and _interval(found.false_alarm_rate)),
            *([("detection rate", _interval(found.detection_rate))] if found.mode != "one branch" else []),
            ("AUROC", _maybe(found.auroc, found.auroc_interval)),
            ("rounds", f"{found.rounds} ({found.mode})"),
            ("forfeits", _without_plant(found)),
            ("defender forfeits", found.defender_forfeits),
            ("defender's use a round", _use(found, "")),
            ("attacker's use a round", _use(found, "attacker_")),
            ("game", found.spec["game"]),
            *((name, value) for name, value in found.prepared.items()),
            ("seed", found.seed),
        ]
    )


def _without_plant(found: Estimate) -> str:
    """Rounds in which nothing was planted, and those of which nobody can say."""
    return f"{found.forfeits}, and {found.illegal} illegal plants, {found.undecided} undecided rounds"


def _use(found: Estimate, player: str) -> str:
    """What a player used a round, all branches together."""
    used = (getattr(found, f"{player}{what}_per_round") for what in ("examples", "queries", "evaluations"))
    return "{:.6g} examples, {:.6g} queries, {:.6g} evaluations".format(*used)


def _interval(one: Interval) -> str:
    return rate(one.value, one.low, one.high)


def _maybe(value: float | None, ends: tuple[float, float] | None) -> str | None:
    return None if value is None or ends is None else rate(value, *ends)
