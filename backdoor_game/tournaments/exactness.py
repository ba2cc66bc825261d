"""A tournament's game against optimal play, and its players against each other without a round, where it is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..games import BackdoorGame, Game
from ..games.measuring.together import Match
from ..ground.errors import BackdoorGameError, InvalidArgument, MissingCapability
from ..ground.spec import text
from ..players.attackers import Attacker
from ..players.defenders import Defender
from .records import ExactGame, ExactPlayer

if TYPE_CHECKING:
    from ..exact.averaging import AttackTable, FlagTable

# Solved in seconds, and everybody weighed in a minute or so; `solve` and `exploitability` take far larger games.
MEMBERS, TRIPLES, CELLS = 4096, 20_000, 16_384
Players = list[Attacker | Defender]
Rates = dict[tuple[str, str], float]  # by attacker and defender


def players_of(game: Game, able: Sequence[Match]) -> Players:
    """All who play a game, each once: attackers, then defenders."""
    here = [match for match in able if match.game == game]
    attackers = {text(match.attacker): match.attacker for match in here}
    defenders = {text(match.defender): match.defender for match in here}
    return [*attackers.values(), *defenders.values()]


def play_exactly(
    game: Game, players: Players, *, rounds: int, seed: int, done: Callable[[], None]
) -> tuple[ExactGame, Rates]:
    """The game's value and the exploitability of its players, or the sentence why there is none; exact win rates.

    Parameters
    ----------
    rounds, seed
        Fresh rounds for players whose randomness can only be sampled.
    done : callable
        Called after every player.

    Returns
    -------
    ExactGame, and a win rate for each attacker and defender that are both known exactly
    """
    from ..exact.solving import solve

    try:
        small = check_size(game)
        solution = solve(small)
    except BackdoorGameError as error:
        for _ in players:
            done()
        return ExactGame(text(game), reason=str(error)), {}
    found, tables = [], _Tables(small)
    for player in players:
        found.append(_player(small, player, rounds, seed))
        if found[-1].how not in (None, "estimated"):
            tables.add(player)
        done()
    return ExactGame(text(game), solution.value, solution.lower, solution.upper, players=tuple(found)), tables.rates()


class _Tables:
    """What players do in a small game, of those whose randomness is averaged exactly."""

    def __init__(self, game: BackdoorGame) -> None:
        self._game, self._law = game, game.distribution
        self._attacks: dict[str, AttackTable] = {}
        self._flags: dict[str, FlagTable] = {}

    def add(self, player: Attacker | Defender) -> None:
        """Keep a player's table, which was made for its exploitability a moment ago."""
        from ..exact.averaging import attack_table, flag_table

        assert self._law is not None  # check_size refuses games that leave D open
        if isinstance(player, Attacker):
            self._attacks[text(player)] = attack_table(self._game, self._law, player)
        else:
            self._flags[text(player)] = flag_table(self._game, self._law, player)

    def rates(self) -> Rates:
        """The win rate of every pair."""
        from ..exact.finite.guarantees import win_rate

        return {
            (attacker, defender): win_rate(attack.game, attack.attack, table.flags)
            for attacker, attack in self._attacks.items()
            for defender, table in self._flags.items()
        }


def check_size(game: Game) -> BackdoorGame:
    """The game; refused is one that leaves D open, that cannot be listed, or that would keep a tournament waiting."""
    from ..exact.finite import legal_game

    if not isinstance(game, BackdoorGame):
        raise MissingCapability(f"{type(game).__name__} is played, not solved: only a finite BackdoorGame is")
    if game.distribution is None:
        raise MissingCapability("the game leaves D open, and a value is that of a fixed D")
    members = game.functions.count()
    if members is not None and members > MEMBERS:
        raise _too_large(f"classes of at most {MEMBERS} members", members)
    legal = legal_game(game.functions, game.distribution, game.epsilon)
    cells = legal.shape[0] * legal.shape[1]
    if cells > CELLS:
        raise _too_large(f"games of at most {CELLS} pairs (f, x)", cells)
    if legal.triples > TRIPLES:
        raise _too_large(f"games of at most {TRIPLES} legal triples", legal.triples)
    return game


def _too_large(what: str, size: int) -> InvalidArgument:
    return InvalidArgument(f"a tournament solves {what}, got {size}: use solve() and exploitability()")


def _player(game: BackdoorGame, player: Attacker | Defender, rounds: int, seed: int) -> ExactPlayer:
    from ..exact.solving import exploitability

    role = "attacker" if isinstance(player, Attacker) else "defender"
    try:
        found = exploitability(game, player, rounds=rounds, seed=seed)
    except BackdoorGameError as error:
        return ExactPlayer(text(player), role, reason=str(error))
    return ExactPlayer(text(player), role, found.value, found.low, found.high, found.how)
