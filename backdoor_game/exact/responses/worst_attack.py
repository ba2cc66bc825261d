"""The best reply to a given defender: the f that it loses most on, and for each trigger the plant missed most."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...ground import _validate
from ...ground.showing import fields
from ...players.attackers.base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants, fixed_distribution
from ...players.defenders import Defender
from ...players.views import AttackerBlock, GameLike
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..averaging import FlagTable, flag_table
from ..finite.guarantees import worst_attack
from ..finite.kept import keep, kept
from ..variants.guarantees import best_reply
from ..variants.strategy import Strategy, of_reply
from .base import as_game


@dataclasses.dataclass(frozen=True, repr=False)
class WorstAttack(BlockAttacker):
    """Plays one f and one plant for each trigger, those that this defender loses most on. *Enumerated.*

    Where nature offers triggers before f it plays one f for each offer, and of several triggers the one that is best.

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

    def _found(self, game: GameLike) -> Reply:
        mine: Reply | None = kept(self, game)
        return mine or _found(as_game(game), self.defender)

    def choose_block(self, view: AttackerBlock) -> Codes:
        return self._found(view.game).choose(view, np.zeros(len(view)))

    def pick_block(self, view: AttackerBlock) -> Points:
        return self._found(view.game).pick(view, np.zeros(len(view)))

    def plant_block(self, view: AttackerBlock) -> Plants:
        return self._found(view.game).plant(view, np.zeros(len(view)))

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        return self._found(game).choose_law()


@dataclasses.dataclass(frozen=True, eq=False)
class PlainReply:
    """The worst f and the worst triple of each (x, f): the hooks of an attacker, which needs no coins."""

    table: FlagTable
    f: int
    triples: npt.NDArray[np.int64]

    __repr__ = fields

    def choose(self, view: AttackerBlock, coins: Floats) -> Codes:
        return np.repeat(self.table.game.codes[self.f][None], len(view), axis=0)

    def choose_law(self) -> Originals | None:
        return self.table.game.codes[self.f][None], np.ones(1)

    def pick(self, view: AttackerBlock, coins: Floats) -> Points:
        return view.chosen()[1]  # which was drawn

    def plant(self, view: AttackerBlock, coins: Floats) -> Plants:
        codes, x_star = view.chosen()
        game = self.table.game
        chosen = self.triples[game.place(x_star), game.find(codes)]
        planted = codes.copy()
        planted[chosen >= 0] = game.codes[game.partners[chosen[chosen >= 0]]]
        return planted, np.where(chosen >= 0, PLANT, NO_PLANT)


Reply = PlainReply | Strategy


@functools.lru_cache(maxsize=8)
def _found(game: BackdoorGame, defender: Defender) -> Reply:
    """The best reply to the defender's table."""
    assert game.distribution is not None
    table = flag_table(game, game.distribution, defender)
    if isinstance(table, FlagTable):
        return PlainReply(table, *worst_attack(table.game, table.flags))
    return of_reply(table.game, best_reply(table.game, table.flags))
