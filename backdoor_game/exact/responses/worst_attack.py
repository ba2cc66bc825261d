"""The best reply to a given defender: the f that it loses most on, and for each trigger the plant missed most."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes
from ...games import BackdoorGame
from ...ground import _validate
from ...players.attackers.base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants, fixed_distribution
from ...players.defenders import Defender
from ...players.views import AttackerBlock, GameLike
from ...spaces.distributions import Distribution
from ..averaging import FlagTable, flag_table
from ..finite.guarantees import worst_attack
from ..finite.kept import keep, kept
from .base import as_game

Found = tuple[FlagTable, int, npt.NDArray[np.int64]]


@dataclasses.dataclass(frozen=True, repr=False)
class WorstAttack(BlockAttacker):
    """Plays one f and one plant for each trigger, those that this defender loses most on. *Enumerated.*

    No attacker does better against a defender whose flag probabilities are known exactly; where they can only be
    sampled it is the worst for the estimates. The game must be finite, without budgets, and fix D.

    Parameters
    ----------
    defender : Defender
        The one that it replies to.
    """

    defender: Defender

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.instance("WorstAttack.defender", self.defender, Defender, "CoinFlip()")

    def prepare(self, game: GameLike) -> WorstAttack:
        fixed_distribution(self, game)
        return keep(dataclasses.replace(self), game, self._found(game))

    def _found(self, game: GameLike) -> Found:
        mine: Found | None = kept(self, game)
        return mine or _found(as_game(game), self.defender)

    def choose_block(self, view: AttackerBlock) -> Codes:
        table, f, _ = self._found(view.game)
        return np.repeat(table.game.codes[f][None], len(view), axis=0)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals:
        table, f, _ = self._found(game)
        return table.game.codes[f][None], np.ones(1)

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        table, _, triples = self._found(view.game)
        chosen = triples[table.game.place(x_star), table.game.find(codes)]
        planted = codes.copy()
        planted[chosen >= 0] = table.game.codes[table.game.partners[chosen[chosen >= 0]]]
        return planted, np.where(chosen >= 0, PLANT, NO_PLANT)


@functools.lru_cache(maxsize=8)
def _found(game: BackdoorGame, defender: Defender) -> Found:
    """The defender's table, the worst f and the worst triple of each (x, f)."""
    assert game.distribution is not None
    table = flag_table(game, game.distribution, defender)
    return table, *worst_attack(table.game, table.flags)
