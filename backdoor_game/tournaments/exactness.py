"""A tournament's game against optimal play, and its players against each other without a round, where it is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..games import BackdoorGame, Game
from ..games.measuring.together import Match
from ..ground.errors import BackdoorGameError, InvalidArgument, MissingCapability
from ..ground.spec import text
from ..players.attackers import Attacker
from ..players.defenders import Defender
from .records import ExactGame, ExactPlayer

if TYPE_CHECKING:
    from ..exact.averaging import AttackTable, FlagTable, VariantAttackTable, VariantFlagTable

# Solved in seconds, and everybody weighed in a minute or so; `solve` and `exploitability` take far larger games.
MEMBERS, TRIPLES, CELLS = 4096, 20_000, 16_384
Players = list[Attacker | Defender]
Numbers = dict[str, Any]  # fields of a scale
Scales = dict[tuple[str, str], Numbers]  # by attacker and defender
OF_ATTACKER, OF_PAIR, OF_DEFENDER = ("blind_exact", "best_reply"), ("win_rate_exact",), ("worst_case",)


def players_of(game: Game, able: Sequence[Match]) -> Players:
    """All who play a game, each once: attackers, then defenders."""
    here = [match for match in able if match.game == game]
    attackers = {text(match.attacker): match.attacker for match in here}
    defenders = {text(match.defender): match.defender for match in here}
    return [*attackers.values(), *defenders.values()]


def play_exactly(
    game: Game, players: Players, *, rounds: int, seed: int, done: Callable[[], None]
) -> tuple[ExactGame, Scales]:
    """The game's value and the exploitability of its players, or the sentence why there is none; the exact scales.

    Parameters
    ----------
    rounds, seed
        Fresh rounds for players whose randomness can only be sampled.
    done : callable
        Called after every player.

    Returns
    -------
    ExactGame, and for each attacker and defender what is known exactly of their match, the rest with its reason
    """
    from ..exact.solving import solve

    try:
        small = check_size(game)
        solution = solve(small)
    except BackdoorGameError as error:
        for _ in players:
            done()
        names = ("value", *OF_ATTACKER, *OF_PAIR, *OF_DEFENDER)
        return ExactGame(text(game), reason=str(error)), _everywhere(players, dict.fromkeys(names, str(error)))
    found, tables = [], _Tables(small)
    for player in players:
        found.append(_player(small, player, rounds, seed))
        if found[-1].how not in (None, "estimated"):
            tables.add(player)
        done()
    known = ExactGame(text(game), solution.value, solution.lower, solution.upper, players=tuple(found))
    return known, tables.scales(known)


def _everywhere(players: Players, reasons: dict[str, str]) -> Scales:
    """No number of any match, for these reasons."""
    attackers = [text(one) for one in players if isinstance(one, Attacker)]
    defenders = [text(one) for one in players if not isinstance(one, Attacker)]
    return {(attacker, defender): {"reasons": reasons} for attacker in attackers for defender in defenders}


class _Tables:
    """What players do in a small game, of those whose randomness is averaged exactly."""

    def __init__(self, game: BackdoorGame) -> None:
        self._game, self._law = game, game.distribution
        self._attacks: dict[str, AttackTable | VariantAttackTable] = {}
        self._flags: dict[str, FlagTable | VariantFlagTable] = {}

    def add(self, player: Attacker | Defender) -> None:
        """Keep a player's table, which was made for its exploitability a moment ago."""
        from ..exact.averaging import attack_table, flag_table

        assert self._law is not None  # check_size refuses games that leave D open
        if isinstance(player, Attacker):
            self._attacks[text(player)] = attack_table(self._game, self._law, player)
        else:
            self._flags[text(player)] = flag_table(self._game, self._law, player)

    def scales(self, known: ExactGame) -> Scales:
        """What is known of every pair of the game's players."""
        value = {"value": known.value, "value_low": known.lower, "value_high": known.upper}
        attacking = {one.player: self._attacker(one) for one in known.players if one.role == "attacker"}
        defending = {one.player: self._defender(one) for one in known.players if one.role == "defender"}
        return {
            (attacker, defender): self._pair(attacker, defender, value, attacking[attacker], defending[defender])
            for attacker in attacking
            for defender in defending
        }

    def _pair(self, attacker: str, defender: str, value: Numbers, one: Numbers, other: Numbers) -> Numbers:
        reasons = {**one.get("reasons", {}), **other.get("reasons", {})}
        attack, table = self._attacks.get(attacker), self._flags.get(defender)
        if attack is None or table is None:
            reasons |= dict.fromkeys(OF_PAIR, next(iter(reasons.values())))
            return {**value, **one, **other, "reasons": reasons}
        rate = attack.against(table.flags)
        return {**value, **one, **other, "win_rate_exact": rate, "reasons": reasons}

    def _attacker(self, one: ExactPlayer) -> Numbers:
        """What the better of always-clean and always-flag wins against an attacker, and what the best reply wins."""
        attack = self._attacks.get(one.player)
        if attack is None:
            return {"reasons": dict.fromkeys(OF_ATTACKER, _unknown(one))}
        return {"blind_exact": attack.blind(), "best_reply": attack.best_reply()}

    def _defender(self, one: ExactPlayer) -> Numbers:
        """What a defender wins against the attacker that it loses most to."""
        table = self._flags.get(one.player)
        if table is None:
            return {"reasons": dict.fromkeys(OF_DEFENDER, _unknown(one))}
        return {"worst_case": table.worst_case()}


def _unknown(one: ExactPlayer) -> str:
    return one.reason or f"the randomness of {one.player} can only be sampled here"


def check_size(game: Game) -> BackdoorGame:
    """The game; refused is one that leaves D open, that cannot be listed, or that would keep a tournament waiting."""
    from ..exact.finite import legal_game
    from ..exact.variants import settled, variant

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
    if not game.plain:
        places, moves = variant(settled(game, game.distribution)).size
        if places > CELLS:
            raise _too_large(f"games with at most {CELLS} ways to pick f and its trigger from what is offered", places)
        if moves > TRIPLES:
            raise _too_large(f"games of at most {TRIPLES} moves (offer, f, x, f*)", moves)
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
