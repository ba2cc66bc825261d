"""`play`: one round of a match, told step by step."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ..games import BackdoorGame
from ..ground import _validate
from ..ground.results import Block, Result
from ..ground.seeds import fresh_or
from .narration import told
from .outline import outcome, outline
from .players import game_of, player_of
from .story import story

LAST = 2**48  # rounds that a run may have at most


@dataclasses.dataclass(frozen=True, repr=False)
class Story(Result):
    """One round as `play` tells it.

    Attributes
    ----------
    facts : dict
        Plain data. Of every game: `game`, `attacker` and `defender` as prepared, `seed`, `round`, `status`, and
        `players`, `sources` and `versions` as in `Estimate`. Of the backdoor game also `distribution`, `epsilon`,
        `threshold`, `f`, `x_star`, `f_star` (None where there is none), `distance`, and `calls`, what the defender was
        shown and said, in order. Of other games `clean` and `planted`, what it said of either branch.
    """

    facts: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return dict(self.facts)

    def blocks(self) -> Sequence[Block]:
        said = told(self.facts) if "calls" in self.facts else outline(self.facts)
        return [Block(notes=said.splitlines())]

    def headline(self) -> str:
        return ", ".join(f"{name}={self.facts[name]!r}" for name in ("round", "seed", "status"))


def play(game: Any, attacker: Any, defender: Any, *, seed: int | None = None, round: int = 0) -> Story:
    """One round: round number `round` of the run that `estimate` plays under the same seed.

    Parameters
    ----------
    game, attacker, defender
        As for `estimate`, or their specs.
    seed : int, optional
        By default drawn from the operating system, and held by the answer.
    round : int
        From 0 on.

    Raises
    ------
    InvalidArgument, MissingCapability, ContractError
        In one sentence each.

    Examples
    --------
    >>> from backdoor_game import AllFunctions, BackdoorGame, CoinFlip, Shattered
    >>> play(BackdoorGame(AllFunctions(points=8), "1/8"), Shattered(), CoinFlip(), seed=1, round=7)
    Story(round=7, seed=1, status='planted')
    """
    number = _validate.integer("round", round, 0, LAST)
    seed = fresh_or(seed)
    game = game_of(game)
    attacker, defender = (player_of(game, "attacker", attacker), player_of(game, "defender", defender))
    tell = story if isinstance(game, BackdoorGame) else outcome
    return Story(tell(game, attacker, defender, seed=seed, number=number))
