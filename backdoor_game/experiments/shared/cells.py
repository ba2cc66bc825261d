"""A grid of games and players, estimated with intervals that hold all at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ...games.measuring import telling
from ...games.measuring.records import Estimate, Interval
from ...games.measuring.together import Match, estimates
from ...ground.spec import text
from ...ground.statistics import clopper_pearson
from ...matches import scaled
from .base import FAMILY_LEVEL, Settings

BARS = f"simultaneous {FAMILY_LEVEL:.0%} intervals, exact for scores of rounds"  # of win rates, as figures name them


def measure(matches: Sequence[Match], settings: Settings, *, each: int = 1) -> list[Estimate]:
    """Estimates with intervals that hold all at once at the experiment's level; match i under its seed + i.

    Small games come with their exact scale. Where verdicts look at several intervals of an estimate, `each` says at how
    many: they share its level (Bonferroni).
    """
    seeded = [dataclasses.replace(match, seed=settings.seed + i) for i, match in enumerate(matches)]
    level = 1 - (1 - settings.level(1)) / each
    found = estimates(seeded, level=level, threads=settings.threads, progress=settings.progress)
    return scaled(seeded, found)


def planted(found: Estimate) -> float:
    """Share of the rounds with a legal plant."""
    return 1 - (found.forfeits + found.illegal) / found.rounds


def against(attacker: str, found: Estimate) -> str:
    """The attacker of a row, with a star where it planted in under 1% of these rounds; `starred` says what that is."""
    return telling.starred(attacker, found.rarely_plants)


def starred(title: str, rows: Sequence[tuple[str, ...]]) -> str:
    """A table's title, with what a star means where it has any."""
    return f"{title}; {telling.STARRED}" if any(cell.endswith(" *") for row in rows for cell in row) else title


def blind(found: Estimate) -> str:
    """What the better of always-clean and always-flag wins in these rounds, as tables show it beside a win rate."""
    return f"{found.scale.blind:.4f}"


def alarm_rate(found: Estimate) -> Interval:
    """The false-alarm rate of a game of two branches."""
    assert found.false_alarm_rate is not None
    return found.false_alarm_rate


def missed(found: Estimate) -> int:
    """Rounds with a legal plant that was not flagged."""
    return found.rounds - found.detections - found.undecided


def rate_interval(found: Estimate, count: int) -> tuple[float, float]:
    """The Clopper-Pearson interval of false alarms, plants or misses a round: one of those that `each` counts."""
    return clopper_pearson(count, found.rounds, found.level)


def point(match: Match, result: Estimate, **more: float | str | None) -> dict[str, object]:
    """What the JSON keeps of one match."""
    return {
        "functions": text(match.game.functions),
        "epsilon": match.game.epsilon,
        "attacker": text(match.attacker),
        "defender": result.prepared["defender"],
        "distribution": result.prepared["distribution"],
        "win_rate": result.win_rate,
        "low": result.low,
        "high": result.high,
        "blind": result.scale.blind,
        "blind_low": result.scale.blind_low,
        "blind_high": result.scale.blind_high,
        "blind_player": result.scale.blind_player,
        "value": result.scale.value,
        "best_reply": result.scale.best_reply,
        "win_rate_exact": result.scale.win_rate_exact,
        "worst_case": result.scale.worst_case,
        "win_rate_given_plant": result.win_rate_given_plant,
        "given_plant_interval": result.given_plant_interval,
        "forfeit_share": result.forfeit_share,
        "illegal_share": result.illegal_share,
        "rarely_plants": result.rarely_plants,
        "level": result.level,
        "interval": result.interval,
        "rounds": result.rounds,
        "scores": result.scores,
        "forfeits": result.forfeits,
        "illegal": result.illegal,
        "undecided": result.undecided,
        "false_alarms": result.false_alarms,
        "detections": result.detections,
        "seed": result.seed,
        **more,
    }
