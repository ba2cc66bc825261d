"""What both optimal players do: they solve the game that they are made ready for, and hold its solution."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import numpy as np

from ...functions.base import Floats
from ...games.backdoor import refuse_variant
from ...ground import _validate
from ...ground.spec import text
from ...ground.streams import Words, draws
from ...players.views import GameLike
from ...spaces.distributions import Distribution
from ..finite import Equilibrium, distribution_of, equilibrium
from ..finite.kept import keep, kept

Player = TypeVar("Player")


def check_tolerance(tolerance: float | None) -> None:
    """Refuse a gap that is out of range."""
    if tolerance is not None:
        _validate.real("tolerance", tolerance, 1e-9, 1.0)  # finer than float guarantees can be told apart


def law_of(player: Any, game: GameLike) -> Distribution:
    """The D that the player solves: the game's own, else its `law`."""
    return distribution_of(game.functions, game.distribution, player.law, text(player))


def solution(player: Any, game: GameLike) -> Equilibrium:
    """The solution that the player holds; worked out where it was made ready for another game."""
    mine: Equilibrium | None = kept(player, game)
    return mine or equilibrium(game.functions, law_of(player, game), game.epsilon, player.tolerance)


def solved(player: Player, game: GameLike) -> Player:
    """The player with its Nones filled, holding the solution."""
    typed: Any = player
    refuse_variant(game, text(typed)[:200])
    found = solution(player, game)
    filled: Player = dataclasses.replace(typed, law=typed.law or law_of(player, game), tolerance=found.tolerance)
    return keep(filled, game, found)


def fractions(keys: Words) -> Floats:
    """A coin of each round in [0, 1), on the multiples of 2^-53 as numpy's own: a chance of 0 never flags."""
    return (draws(keys, 0, 1)[:, 0] >> np.uint64(11)).astype(np.float64) * 2.0**-53
