"""The contract of a game: players made ready for a run, whose rounds depend on the seed and their number alone."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..ground.inheritance import keep_old_names
from ..ground.origins import sources, written_out
from ..ground.progress import Progress, silent
from ..ground.showing import fields
from ..ground.spec import Configured, text
from ..ground.streams import Words, role_keys
from ..players.views import Meter
from ..spaces.distributions import Distribution
from .contract import blamed
from .outcomes import Outcome


class Game(Configured, abc.ABC):
    """Makes a `Run` of an attacker and one or several defenders; `estimate` knows nothing else.

    Attributes
    ----------
    plays : str
        What its defenders see: "rounds" or "models".
    attackers, defenders : (type, str)
        The kind of player on each side, and an example's spec.
    branches : int
        2: each round is played clean and planted. 1: there is one, row 1 of an outcome (row 0 holds zeros), and the
        rounds that the defender wins are counted.
    block : int
        Rounds that are played in one call; it changes no number.
    parallel : bool
        Whether blocks are played on several threads whatever the players; else where all are block players.
    black_box : bool
        The defender cannot read the code of what it is shown.
    """

    plays: ClassVar[str]
    attackers: ClassVar[tuple[type[Any], str]]
    defenders: ClassVar[tuple[type[Any], str]]
    branches: ClassVar[int] = 2
    block: ClassVar[int] = 4096
    parallel: ClassVar[bool] = False

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        keep_old_names(cls, _attacking="attacking", _defending="defending")

    @final
    def ready(self, attacker: Any, *defenders: Any, progress: Progress = silent) -> Run:
        """Players made ready for this game, each with every None among its fields filled, before the first round.

        Parameters
        ----------
        attacker, *defenders
            Configured players of the kinds that the game names. Each defender answers as if it were alone.
        progress : callable
            Hears of what takes long, such as thresholds that are set on clean rounds.

        Raises
        ------
        InvalidArgument, MissingCapability, ContractError
            In one sentence each.
        """
        self._accept("attacker", attacker)
        for defender in defenders:
            self._accept("defender", defender)
        able = self.attacking(attacker)
        answering = self.defending(defenders, progress)
        typed = text(attacker), tuple(map(text, defenders))
        return Run(self, able, answering, blamed(lambda: self.setup(able)), typed, (attacker, defenders))

    def admit(self, defender: Any) -> None:
        """Refuse a defender that cannot play this game, as `ready` would; what takes long, such as thresholds, is left.

        Raises
        ------
        InvalidArgument, MissingCapability, ContractError
        """
        self._accept("defender", defender)
        self.defending((defender,), silent)

    def _accept(self, side: str, player: Any) -> None:
        """Refuse a player of the wrong kind."""
        _validate.instance(side, player, *(self.attackers if side == "attacker" else self.defenders))

    @abc.abstractmethod
    def attacking(self, attacker: Any) -> Any:
        """The attacker with every None filled."""

    @abc.abstractmethod
    def defending(self, defenders: Sequence[Any], progress: Progress) -> tuple[Any, ...]:
        """The defenders with every None filled."""

    def setup(self, attacker: Any) -> Distribution | None:
        """The distribution of a run with this attacker, made ready; None where the game has none to settle."""
        return None

    @abc.abstractmethod
    def play(self, run: Run, streams: Streams, rounds: range) -> list[Outcome]:
        """See `Run.play`: what happens in a round depends on the players, the seed and its number alone."""

    @property
    @abc.abstractmethod
    def entries(self) -> int:
        """Numbers that one round holds at a time: long codes are played a few rounds at a time."""


@dataclasses.dataclass(frozen=True, eq=False)
class Run:
    """Players at a game, ready to play any of its rounds.

    Attributes
    ----------
    game : Game
    attacker : Attacker, or what the game has on that side
        As its `prepare` returned it.
    defenders : tuple
        Likewise.
    distribution : Distribution or None
        What the run is played on: the game's, or the attacker's own.
    typed : (str, tuple of str)
        The specs of the attacker and of the defenders as they were given.
    given : (object, tuple)
        The attacker and the defenders themselves, before `prepare`.
    keep : bool
        Whether outcomes hold what was shown: see `outcomes.Kept`.
    """

    game: Game
    attacker: Any
    defenders: tuple[Any, ...]
    distribution: Distribution | None
    typed: tuple[str, tuple[str, ...]]
    given: tuple[Any, tuple[Any, ...]]
    keep: bool = False

    __repr__ = fields

    def play(self, streams: Streams, rounds: range) -> list[Outcome]:
        """Play rounds `rounds`: an outcome for each defender, in their order, each the one that it has alone."""
        return blamed(lambda: self.game.play(self, streams, rounds))

    def specs(self, place: int) -> tuple[dict[str, str], dict[str, str]]:
        """The specs of the match with the defender at this place: as typed, and as prepared."""
        attacker, defenders = self.typed
        typed = {"game": text(self.game), "attacker": attacker, "defender": defenders[place]}
        prepared = {"attacker": text(self.attacker), "defender": text(self.defenders[place])}
        return typed, ({} if self.distribution is None else {"distribution": text(self.distribution)}) | prepared

    def origins(self, place: int) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
        """Every field of the game and of the players as prepared, and the digests of the plug-in files behind them."""
        played = {"game": self.game, "attacker": self.attacker, "defender": self.defenders[place]}
        files = sources(*played.values(), self.distribution, self.given[0], self.given[1][place])
        return {role: written_out(thing) for role, thing in played.items()}, files


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
