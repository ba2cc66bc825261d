"""The defender that wins the value of the game against every attacker."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...players.defenders.base import BlockDefender
from ...players.views import DefenderBlock, GameLike
from ...spaces.distributions import Distribution
from .solved import check_tolerance, fractions, solution, solved


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
    """

    law: Distribution | None = None
    tolerance: float | None = None
    reads_code = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_tolerance(self.tolerance)

    def prepare(self, game: GameLike) -> OptimalDefender:
        return solved(self, game)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return (fractions(view.keys) < self.suspicion_probability(view)).astype(np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        return solution(self, view.game).flags(view) if self.threshold > 0 else np.ones(len(view))
