"""The defender that wins the value of the game against every attacker."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...games.observations import Observation
from ...ground.origins import WHERE_SET
from ...ground.spec import text
from ...players.defenders.base import BlockDefender
from ...players.views import DefenderBlock, GameLike
from ...spaces.distributions import Distribution
from .coins import fractions
from .seeing import check_traces
from .solved import check_tolerance, solution, solved


@dataclasses.dataclass(frozen=True, repr=False)
class OptimalDefender(BlockDefender):
    """Plays the solution of a finite game: it wins its value at least, up to `tolerance`. *Enumerated.*

    It flags (f', x') with a probability looked up by the labels of f' where D has mass, and draws its coin; where the
    trace of a game with a reveal is not one of f', it flags.

    Parameters
    ----------
    law : Distribution, optional
        The D to expect in a game that fixes none; against another D nothing is promised.
    tolerance : float, optional
        The gap that is proved: by default 1e-6 up to 60,000 legal triples and 1e-4 beyond.
    sees : Observation, optional
        What the defender looks at, by default (f', x') itself: it draws its own examples and asks its own queries.
    """

    law: Distribution | None = None
    tolerance: float | None = None
    sees: Observation | None = dataclasses.field(default=None, metadata=WHERE_SET)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_tolerance(self.tolerance)

    @property
    def reads_code(self) -> bool:  # type: ignore[override]
        """Whether a black box hides what it looks at."""
        return self.sees is None or self.sees.reads_code

    def prepare(self, game: GameLike) -> OptimalDefender:
        if self.sees is not None:
            check_traces(game, text(self)[:200])
        return solved(self, game)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        flags = solution(self, view.game).decide(view) if self.threshold > 0 else np.ones(len(view))
        return (fractions(view.keys) < flags).astype(np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """Averaged over what it would see; that reads the code whatever `sees` is."""
        return solution(self, view.game).flags(view) if self.threshold > 0 else np.ones(len(view))
