"""What is checked, and the games on which: those that it accepts."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..games import BackdoorGame
from ..games.contract import blamed, call
from ..ground.errors import BackdoorGameError, ContractError
from ..ground.spec import Configured, text
from ..planting.detectors import Detector
from ..players.attackers import Attacker, Shattered
from ..players.defenders import Defender
from ..players.defenders.base import refuse_game
from ..spaces.distributions import Distribution
from .exploring import CASES, for_all
from .results import NothingToCheck, demand, same
from .rounds import Rounds

LONG = 300  # rounds of a block that is longer than what anybody draws at random
BETWEEN = 8  # rounds that are played in between, to see whether they leave a trace


@dataclasses.dataclass(frozen=True)
class Subject:
    """A configured thing and the games on which it is tried."""

    thing: Any
    games: tuple[Any, ...]


Check = Callable[[Subject], str | None]


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
    if isinstance(player, Defender):
        refuse_game(player, game)
    ready = blamed(lambda: call(player, "prepare", lambda: player.prepare(game)))
    if not isinstance(ready, Attacker | Defender):
        raise ContractError(f"prepare() must return a player, got {ready!r}")
    # A defender meets an open game on the hard distribution of its class.
    attacker = ready if isinstance(ready, Attacker) else Shattered()
    return Seat(game, ready, game.setup(attacker))


def seats(subject: Subject) -> tuple[Seat, ...]:
    """The seats of a player; without one there is nothing to check."""
    found = seating(subject).seats
    if not found:
        raise NothingToCheck("it has no game to play: see `prepares`")
    return found


def forms(subject: Subject) -> list[Any]:
    """The thing as typed and, a player, as prepared for its games."""
    plays = isinstance(subject.thing, Attacker | Defender) and not isinstance(subject.thing, Detector)
    return [subject.thing, *(seat.ready for seat in (seating(subject).seats if plays else ()))]


def on_every_seat(
    subject: Subject, body: Callable[..., None], *, cases: int = CASES, least: int = 3, **strategies: Any
) -> None:
    """Call `body` with each seat, smallest first, and drawn keywords: `cases` in all, but `least` for each seat."""
    from hypothesis.strategies import just

    found = seats(subject)
    each = max(least, -(-cases // len(found)))
    for sitting in found:
        for_all(body, cases=each, game=just(sitting), **strategies)


def drawn_rounds(rows: int = 8) -> dict[str, Any]:
    """Strategies for a seed and a number of rounds."""
    from hypothesis import strategies

    return {"seed": strategies.integers(0, 255), "rounds": strategies.integers(1, rows)}


def pieces(rounds: int) -> list[slice]:
    """The block turned round; its rounds one by one or, of a long block, seven by seven and some one by one."""
    step, apart = (1, rounds) if rounds <= 8 else (7, 75)
    cut = [slice(r, min(r + step, rounds)) for r in range(0, rounds, step)]
    return [slice(None, None, -1), *cut, *(slice(r, r + 1) for r in range(0, rounds, apart))]


def demand_same(what: str, whole: Any, piece: Any, rounds: int) -> None:
    """Refuse rows of a block that are others in a smaller block, telling the first."""
    if not same(whole, piece):
        pairs = zip(np.asarray(whole), np.asarray(piece), strict=False)
        one, other = next((pair for pair in pairs if not same(*pair)), (np.shape(whole), np.shape(piece)))
        told = [np.asarray(value).tolist() for value in (one, other)]
        demand(False, f"{what}{told[0]} in a block of {rounds}, {told[1]} in one of {len(piece)}")


def on_long_blocks(subject: Subject, body: Callable[..., None]) -> None:
    """Call `body` with the first and the last seat and one long block each."""
    from hypothesis.strategies import just

    for sitting in dict.fromkeys((seats(subject)[0], seats(subject)[-1])):
        for_all(body, cases=1, game=just(sitting), seed=just(0), rounds=just(LONG))


def name(thing: Configured) -> str:
    """The spec of a thing, cut to one line."""
    return text(thing)[:200]
