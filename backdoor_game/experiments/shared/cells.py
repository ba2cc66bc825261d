"""A grid of games and players, estimated with intervals that hold all at once."""

from __future__ import annotations

import dataclasses

from ...games import BackdoorGame
from ...games.measuring.estimation import estimate, prepared
from ...games.measuring.records import Estimate, Interval
from ...ground.spec import text
from ...ground.statistics import clopper_pearson, simultaneous_level
from ...players.attackers import Attacker
from ...players.defenders import Defender
from .base import FAMILY_LEVEL, Settings


@dataclasses.dataclass(frozen=True)
class Cell:
    """One line of an experiment: who plays what, and for how long."""

    game: BackdoorGame
    attacker: Attacker
    defender: Defender
    rounds: int


def measure(cells: list[Cell], settings: Settings) -> list[Estimate]:
    """Estimates of all cells with intervals simultaneous at the family level .99 (Sidak)."""
    level = simultaneous_level(simultaneous_level(FAMILY_LEVEL, settings.families), len(cells))
    for cell in cells:
        prepared(cell.game, cell.attacker, cell.defender)
    total = sum(cell.rounds for cell in cells)
    done = 0
    found = []
    for number, cell in enumerate(cells):
        before = done
        found.append(
            estimate(
                cell.game,
                cell.attacker,
                cell.defender,
                rounds=cell.rounds,
                seed=settings.seed + number,
                level=level,
                threads=settings.threads,
                progress=lambda n, _, before=before: settings.progress(before + n, total),
            )
        )
        done += cell.rounds
    return found


def planted(found: Estimate) -> float:
    """Share of the rounds with a legal plant."""
    return 1 - (found.forfeits + found.illegal) / found.rounds


def alarm_rate(found: Estimate) -> Interval:
    """The false-alarm rate of a game of two branches."""
    assert found.false_alarm_rate is not None
    return found.false_alarm_rate


def missed(found: Estimate) -> int:
    """Rounds with a legal plant that was not flagged."""
    return found.rounds - found.detections - found.undecided


def rate_interval(found: Estimate, count: int) -> tuple[float, float]:
    """The Clopper-Pearson interval of false alarms or of misses, a round.

    The win rate's interval is made of these two at (1 + level)/2 each, so that all three hold at once at `level`.
    """
    return clopper_pearson(count, found.rounds, (1 + found.level) / 2)


def point(cell: Cell, result: Estimate, **more: float | str | None) -> dict[str, object]:
    """What the JSON keeps of one cell."""
    return {
        "functions": text(cell.game.functions),
        "epsilon": cell.game.epsilon,
        "attacker": text(cell.attacker),
        "defender": result.prepared["defender"],
        "distribution": result.prepared["distribution"],
        "win_rate": result.win_rate,
        "low": result.low,
        "high": result.high,
        "level": result.level,
        "interval": result.interval,
        "rounds": result.rounds,
        "forfeits": result.forfeits,
        "illegal": result.illegal,
        "undecided": result.undecided,
        "false_alarms": result.false_alarms,
        "detections": result.detections,
        "seed": result.seed,
        **more,
    }
