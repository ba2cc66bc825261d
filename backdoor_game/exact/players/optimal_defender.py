"""The defender that wins the value of the game against every attacker."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.spec import text
from ...ground.streams import draws
from ...players.defenders.base import BlockDefender
from ...players.views import DefenderBlock, GameLike
from ...spaces.distributions import Distribution
from ..finite import Equilibrium, distribution_of, equilibrium
from ..finite.kept import keep, kept

UNIT = 2.0**-53


@dataclasses.dataclass(frozen=True, repr=False)
class OptimalDefender(BlockDefender):
    """Plays the solution of a finite game: it wins its value at least, up to `tolerance`. *Enumerated.*

    It flags (f', x') with a probability looked up by f's labels where D has mass, and draws its coin.

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
        if self.tolerance is not None:
            _validate.real("tolerance", self.tolerance, 1e-9, 1.0)

    def prepare(self, game: GameLike) -> OptimalDefender:
        found = self._solved(game)
        ready = dataclasses.replace(self, law=self.law or self._law(game), tolerance=found.tolerance)
        return keep(ready, game, found)

    def _law(self, game: GameLike) -> Distribution:
        return distribution_of(game.functions, game.distribution, self.law, text(self))

    def _solved(self, game: GameLike) -> Equilibrium:
        mine: Equilibrium | None = kept(self, game)
        return mine or equilibrium(game.functions, self._law(game), game.epsilon, self.tolerance)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        fractions = (draws(view.keys, 0, 1)[:, 0] >> np.uint64(11)) * UNIT
        return (fractions < self.suspicion_probability(view)).astype(np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        found = self._solved(view.game)
        flags = found.flags[found.game.place(view.X), found.game.find(view.codes)]
        return np.asarray(flags if self.threshold > 0 else np.ones(len(view)))
