"""What is checked, and the games on which: those that it accepts."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

from ..attackers import Attacker, Shattered
from ..defenders import Defender
from ..distributions import Distribution
from ..errors import BackdoorGameError, ContractError
from ..games import BackdoorGame
from ..games.contract import blamed, call
from ..spec import Configured, text
from .results import NothingToCheck
from .rounds import Rounds


@dataclasses.dataclass(frozen=True)
class Subject:
    """A configured thing and the games on which it is tried."""

    thing: Any
    games: tuple[BackdoorGame, ...]


Check = Callable[[Subject], None]


@dataclasses.dataclass(frozen=True)
class Seat:
    """A player made ready for a game that it accepts, and D."""

    game: BackdoorGame
    ready: Any
    distribution: Distribution

    def __str__(self) -> str:
        return text(self.game)

    def rounds(self, seed: int, count: int) -> Rounds:
        """The first rounds of the game under a seed."""
        return Rounds(self.game, self.distribution, seed, count)


@dataclasses.dataclass(frozen=True)
class Seating:
    """Where a player sits, which games it refuses and in which words, and where `prepare` breaks."""

    seats: tuple[Seat, ...]
    refusals: tuple[tuple[BackdoorGame, str], ...]
    breaks: tuple[tuple[BackdoorGame, str], ...]


@functools.lru_cache(maxsize=64)
def seating(subject: Subject) -> Seating:
    """The player at each of its games."""
    seats, refusals, breaks = [], [], []
    for game in subject.games:
        try:
            seats.append(seat(subject.thing, game))
        except ContractError as error:
            breaks.append((game, str(error)))
        except BackdoorGameError as error:
            refusals.append((game, str(error)))
    return Seating(tuple(seats), tuple(refusals), tuple(breaks))


def seat(player: Attacker | Defender, game: BackdoorGame) -> Seat:
    """The player made ready for a game."""
    ready = blamed(lambda: call(player, "prepare", lambda: player.prepare(game)))
    if not isinstance(ready, Attacker | Defender):
        raise ContractError(f"prepare() must return a player, got {ready!r}")
    # A defender meets an open game on the hard distribution of its class.
    attacker = ready if isinstance(ready, Attacker) else Shattered()
    return Seat(game, ready, game.prepare(attacker).distribution)


def seats(subject: Subject) -> tuple[Seat, ...]:
    """The seats of a player; without one there is nothing to check."""
    found = seating(subject).seats
    if not found:
        raise NothingToCheck("it has no game to play: see `prepares`")
    return found


def forms(subject: Subject) -> list[Any]:
    """The thing as typed and, a player, as prepared for its games."""
    plays = isinstance(subject.thing, Attacker | Defender)
    return [subject.thing, *(seat.ready for seat in (seating(subject).seats if plays else ()))]


def drawn_rounds(subject: Subject, rows: int = 8) -> dict[str, Any]:
    """Strategies for a seat, a seed and a number of rounds."""
    from hypothesis import strategies

    return {
        "game": strategies.sampled_from(seats(subject)),
        "seed": strategies.integers(0, 255),
        "rounds": strategies.integers(1, rows),
    }


def name(thing: Configured) -> str:
    """The spec of a thing, cut to one line."""
    return text(thing)[:200]
