"""How far strategies are from optimal play, beside what looking at nothing wins there."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ..exact.averaging.ways import ESTIMATED
from ..exact.responses import WorstAttack
from ..exact.solving import Exploitability, exploitability
from ..games import BackdoorGame
from ..ground.errors import BackdoorGameError
from ..ground.progress import Progress
from ..ground.results import Block
from ..ground.spec import text
from ..players.defenders import Defender
from .exactness import against


@dataclasses.dataclass(frozen=True)
class Weighed:
    """A strategy, its exploitability, and what always-clean or always-flag wins where it meets its best reply."""

    strategy: Any
    found: Exploitability
    blind: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {**self.found.to_dict(), "blind": self.blind}


def weigh(
    game: BackdoorGame, strategies: Sequence[Any], *, tolerance: Any, rounds: int, seed: int | None, progress: Progress
) -> list[Weighed]:
    """The exploitability of each strategy, as `exploitability` finds it."""
    how = {"tolerance": tolerance, "rounds": rounds, "seed": seed, "progress": progress}
    found = [exploitability(game, strategy, **how) for strategy in strategies]
    return [Weighed(one, much, _blind(game, one, rounds)) for one, much in zip(strategies, found, strict=True)]


def _blind(game: BackdoorGame, strategy: Any, rounds: int) -> float | None:
    """What always-clean or always-flag wins where a strategy meets its best reply; None where that is not known."""
    attacker = WorstAttack(strategy) if isinstance(strategy, Defender) else strategy
    try:
        return float(against(game, attacker, rounds)["blind_exact"])
    except BackdoorGameError:
        return None


def tabulated(weighed: Sequence[Weighed]) -> Block:
    """The strategies' distance from optimal play, as a table."""
    rows = [
        (text(one.strategy), one.found.with_ends(), one.found.win_rate, one.blind, one.found.how) for one in weighed
    ]
    header = ("strategy", "exploitability", "win rate against the best reply", "blind", "averaged")
    note = "estimated: of the best reply found, in fresh rounds, with a 95% interval; a better one may exist"
    return Block(rows, header, notes=[note] if any(one.found.how == ESTIMATED for one in weighed) else [])
