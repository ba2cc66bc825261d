"""The best reply to a given attacker: flag what it is likelier to have planted than left alone."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...players.attackers import Attacker
from ...players.defenders.base import BlockDefender
from ...players.views import DefenderBlock, GameLike
from ..averaging import AttackTable, VariantAttackTable, attack_table
from ..finite.kept import keep, kept
from .base import as_game

Table = AttackTable | VariantAttackTable


@dataclasses.dataclass(frozen=True, repr=False)
class LikelihoodRatio(BlockDefender):
    """Flags (f', x') where this attacker shows it more often planted than clean: no defender does better. *Enumerated.*

    Against an attacker whose coins can only be sampled the frequencies are estimates. Against any other attacker than
    its own it promises nothing. The game must be finite and without budgets.

    Parameters
    ----------
    attacker : Attacker
        The one that it replies to.
    """

    attacker: Attacker
    reads_code = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.instance("LikelihoodRatio.attacker", self.attacker, Attacker, "NearestLegal()")

    def prepare(self, game: GameLike) -> LikelihoodRatio:
        return keep(dataclasses.replace(self), game, self._table(game))

    def _table(self, game: GameLike) -> Table:
        mine: Table | None = kept(self, game)
        if mine is not None:
            return mine
        here = as_game(game)
        return attack_table(here, here.setup(self.attacker), self.attacker)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return self._table(view.game).likelier_planted(view).astype(np.float64)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        return (self.suspicion_block(view) >= self.threshold).astype(np.float64)
