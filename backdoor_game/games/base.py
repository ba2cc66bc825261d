"""The contract of a game: two players, and rounds that depend on the seed and their number alone."""

from __future__ import annotations

import abc
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..ground.progress import Progress, silent
from ..ground.spec import Configured, text
from ..ground.streams import Words, role_keys
from ..players.views import Meter
from .outcomes import Outcome


class Game(Configured, abc.ABC):
    """Writes `prepare` and `play_block`; `estimate` knows nothing else.

    Attributes
    ----------
    plays : str
        What its defenders see: "rounds" or "models".
    attackers, defenders : (type, str)
        The kind of player in each seat, and an example's spec.
    branches : int
        2: each round is played clean and planted. 1: there is one, row 1 of an outcome (row 0 holds zeros), and the
        rounds that the defender wins are counted.
    block : int
        Rounds that are played in one call; it changes no number.
    parallel : bool
        Whether blocks are played on several threads whatever the players; else where both are block players.
    black_box : bool
        The defender cannot read the code of what it is shown.
    """

    plays: ClassVar[str]
    attackers: ClassVar[tuple[type[Any], str]]
    defenders: ClassVar[tuple[type[Any], str]]
    branches: ClassVar[int] = 2
    block: ClassVar[int] = 4096
    parallel: ClassVar[bool] = False

    @abc.abstractmethod
    def prepared(self, attacker: Any, defender: Any, progress: Progress = silent) -> tuple[Any, Any]:
        """Both players with every None filled for the game, called before the first round; it may take long."""

    @abc.abstractmethod
    def prepare(self, attacker: Any) -> Any:
        """What holds for a whole run, such as its distribution."""

    @abc.abstractmethod
    def play_block(self, setup: Any, attacker: Any, defender: Any, streams: Streams, rounds: range) -> Outcome:
        """Play rounds `rounds`; what happens in each depends on the players, the seed and its number alone."""

    @property
    @abc.abstractmethod
    def entries(self) -> int:
        """Numbers that one round holds at a time: long codes are played a few rounds at a time."""

    def filled(self, setup: Any) -> dict[str, str]:
        """What `setup` has settled beyond the players, by name."""
        return {}

    def seat(self, attacker: Any, defender: Any) -> None:
        """Refuse players of the wrong kind."""
        _validate.instance("attacker", attacker, *self.attackers)
        _validate.instance("defender", defender, *self.defenders)


class Streams:
    """The keys of a game under one seed."""

    def __init__(self, seed: int, game: Configured, purpose: str = "") -> None:
        self._seed, self._text = seed, text(game) + purpose

    def keys(self, role: str, rounds: range) -> Words:
        """Keys of consecutive rounds for one role, uint64 (B,)."""
        return role_keys(self._seed, self._text, role, rounds.start, len(rounds))


def blank(
    status: npt.NDArray[np.int8],
    shown: npt.NDArray[np.bool_],
    coin: npt.NDArray[np.uint8],
    attacker: Meter,
) -> Outcome:
    """An outcome whose answers are still to come; `attacker` is what the attacker has used."""
    B = len(status)
    examples, evaluations, queries = np.zeros((3, 2, B), dtype=np.int64)
    return Outcome(
        status=status,
        suspicion=np.full((2, B), np.nan),
        shown=shown,
        over_budget=np.zeros((2, B), dtype=bool),
        coin=coin,
        examples=examples,
        evaluations=evaluations,
        queries=queries,
        attacker_examples=attacker.examples,
        attacker_evaluations=attacker.evaluations,
        attacker_queries=attacker.queries,
    )
