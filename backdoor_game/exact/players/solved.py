"""What optimal players share: the solution of their game, held from `prepare` on, and their coins."""

from __future__ import annotations

import dataclasses
from typing import Any, Protocol, TypeVar

from ...functions.base import Codes, Floats
from ...games import BackdoorGame
from ...ground import _validate
from ...ground.spec import text
from ...players.attackers.base import Originals, PickLaw, PlantLaw, Plants
from ...players.views import AttackerBlock, DefenderBlock, GameLike
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..finite import Equilibrium, distribution_of, equilibrium
from ..finite.kept import keep, kept
from ..variants import optimum
from .plain import Plain
from .varied import Varied

Player = TypeVar("Player")


class Play(Protocol):
    """Optimal play of both sides: the hooks of an attacker, with coins (B,) where it draws, and a defender's flags.

    Those are asked for once it has looked (`decide`), or on average over what it may see (`flags`).
    """

    @property
    def tolerance(self) -> float: ...
    def choose(self, view: AttackerBlock, coins: Floats) -> Codes: ...
    def pick(self, view: AttackerBlock, coins: Floats) -> Points: ...
    def plant(self, view: AttackerBlock, coins: Floats) -> Plants: ...
    def choose_law(self) -> Originals | None: ...
    def choose_given_law(self, view: AttackerBlock) -> PlantLaw | None: ...
    def pick_law(self, view: AttackerBlock) -> PickLaw | None: ...
    def plant_law(self, view: AttackerBlock) -> PlantLaw: ...
    def decide(self, view: DefenderBlock) -> Floats: ...
    def flags(self, view: DefenderBlock) -> Floats: ...


def check_tolerance(tolerance: float | None) -> None:
    """Refuse a gap that is out of range."""
    if tolerance is not None:
        _validate.real("tolerance", tolerance, 1e-9, 1.0)  # finer than float guarantees can be told apart


def law_of(player: Any, game: GameLike) -> Distribution:
    """The D that the player solves: the game's own, else its `law`."""
    return distribution_of(game.functions, game.distribution, player.law, text(player))


def solution(player: Any, game: GameLike) -> Play:
    """The solution that the player holds; worked out where it was made ready for another game."""
    mine: Play | None = kept(player, game)
    return mine or _worked_out(player, game)


def _worked_out(player: Any, game: GameLike) -> Play:
    law = law_of(player, game)
    if not isinstance(game, BackdoorGame):
        return Plain(equilibrium(game.functions, law, game.epsilon, player.tolerance))
    found = optimum(game, law, player.tolerance, sees=player.sees)
    return Plain(found) if isinstance(found, Equilibrium) else Varied(found, player.sees)


def solved(player: Player, game: GameLike) -> Player:
    """The player with its Nones filled, holding the solution."""
    typed: Any = player
    found = solution(player, game)
    filled: Player = dataclasses.replace(typed, law=typed.law or law_of(player, game), tolerance=found.tolerance)
    return keep(filled, game, found)
