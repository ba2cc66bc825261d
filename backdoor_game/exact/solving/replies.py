"""Best replies to a strategy, how far it is from optimal, and exact win rates of two strategies."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ...games import BackdoorGame
from ...games.measuring.estimation import estimate
from ...ground.errors import InvalidArgument
from ...ground.lookup import made
from ...ground.origins import sources, written_out
from ...ground.progress import Progress, silent
from ...ground.results import Block, Result, short
from ...ground.spec import Configured, text
from ...players.attackers import Attacker
from ...players.defenders import Defender
from ...spaces.distributions import Distribution
from ..averaging import EXACT, attack_table, flag_table
from ..averaging.defender import refuse_budgets
from ..averaging.ways import ESTIMATED
from ..responses import LikelihoodRatio, WorstAttack
from ..variants import optimum

ROUNDS = 20_000  # the interval of a win rate is under 0.02 wide
LEVEL = 0.95  # the level that `estimate` has by default


@dataclasses.dataclass(frozen=True, repr=False)
class BestResponse(Result):
    """The best reply to a strategy.

    Attributes
    ----------
    player : Attacker or Defender
        The reply, ready for `estimate`.
    win_rate : float
        The defender's, when both play.
    low, high : float
        Ends of its interval at level .95 where `how` is "estimated"; else the rate itself.
    how : str
        closed form, deterministic, enumerated or estimated: how the strategy's randomness was averaged. Estimated
        rates come from fresh rounds, and the reply is the best one to the estimates.
    seed : int or None
        Of the fresh rounds where `how` is "estimated"; None, and not in `to_dict()`, where none were played.
    sources : dict of str
        SHA-256 of each plug-in file behind the game and the strategy, by its path as typed.
    players : dict of dict
        Every field of the game and of the strategy that is answered, defaults too.
    """

    player: Attacker | Defender
    win_rate: float
    low: float
    high: float
    how: str
    seed: int | None = None
    sources: dict[str, str] = dataclasses.field(default_factory=dict)
    players: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {**_plain(self), "player": text(self.player)}

    def blocks(self) -> Sequence[Block]:
        rate = _ends(self, self.win_rate, ".6f")
        rows: list[tuple[str, Any]] = [("best reply", text(self.player)), ("win rate", rate), ("averaged", self.how)]
        return [Block(rows if self.seed is None else [*rows, ("seed", self.seed)])]

    def headline(self) -> str:
        return f"win_rate={_ends(self, self.win_rate, '.6f')}, {self.how}, {short(text(self.player), 70)}"


@dataclasses.dataclass(frozen=True, repr=False)
class Exploitability(Result):
    """How much a strategy loses on optimal play when its opponent knows it.

    Attributes
    ----------
    value : float
        For a defender the game's value minus its win rate against the worst attacker; for an attacker the best
        defender's win rate against it minus the game's value. 0 is optimal.
    low, high : float
        What the solver's gap, and the interval where `how` is "estimated", leave open.
    win_rate : float
        Against the best reply.
    game_value : float
    how : str
        As in `BestResponse`; an estimated one is that of the best reply found, and so no upper bound.
    seed : int or None
    sources : dict of str
    players : dict of dict
        As in `BestResponse`.
    """

    value: float
    low: float
    high: float
    win_rate: float
    game_value: float
    how: str
    seed: int | None = None
    sources: dict[str, str] = dataclasses.field(default_factory=dict)
    players: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return _plain(self)

    def with_ends(self) -> str:
        """The exploitability, with its interval where it was measured."""
        return _ends(self, self.value, ".4f")

    def blocks(self) -> Sequence[Block]:
        rows: list[tuple[str, Any]] = [
            ("exploitability", _ends(self, self.value, ".6f")),
            ("win rate against the best reply", f"{self.win_rate:.6f}"),
            ("value of the game", f"{self.game_value:.6f}"),
            ("averaged", self.how),
        ]
        return [Block(rows if self.seed is None else [*rows, ("seed", self.seed)])]

    def headline(self) -> str:
        return f"{_ends(self, self.value, '.6f')}, win_rate={self.win_rate:.6f}, {self.how}"


def exact_win_rate(game: BackdoorGame, attacker: Attacker, defender: Defender) -> float:
    """The defender's win rate without a single round: every f, trigger and plant with its probability.

    Raises
    ------
    MissingCapability
        Where the game is not finite, or a strategy's randomness can only be sampled: `estimate` plays those.
    """
    game, attacker = _game(game), made(attacker, Attacker, "attacker", "NearestLegal()")
    defender = made(defender, Defender, "defender", "CoinFlip()")
    distribution = _law(game, attacker)
    attack = attack_table(game, distribution, attacker, sampled=False)
    defence = flag_table(game, distribution, defender, sampled=False)
    return attack.against(defence.flags)


def best_response(
    game: BackdoorGame,
    *,
    attacker: Attacker | None = None,
    defender: Defender | None = None,
    rounds: int = ROUNDS,
    seed: int | None = None,
    progress: Progress = silent,
) -> BestResponse:
    """The best reply to a strategy in a finite game.

    Parameters
    ----------
    attacker, defender
        The strategy to answer: one of the two. The reply to an attacker is the likelihood-ratio test; that to a
        defender the f it loses most on, with the plant it misses most at each trigger.
    rounds, seed
        Fresh rounds for a strategy whose randomness can only be sampled; a seed of None is drawn as for `estimate`.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where the game is not finite, too large, or has budgets.
    """
    if (attacker is None) == (defender is None):
        raise InvalidArgument("best_response answers one strategy: pass attacker=... or defender=...")
    played = {"rounds": rounds, "seed": seed, "progress": progress}
    game = _game(game)
    if attacker is not None:
        attacker = made(attacker, Attacker, "attacker", "NearestLegal()")
        attack = attack_table(game, _law(game, attacker), attacker)
        return _reply(game, LikelihoodRatio(attacker), attacker, attack.best_reply(), attack.how, played)
    defender = made(defender, Defender, "defender", "CoinFlip()")
    defence = flag_table(game, _law(game, None), defender, progress=progress)
    return _reply(game, WorstAttack(defender), defender, defence.worst_case(), defence.how, played)


def exploitability(
    game: BackdoorGame,
    strategy: Attacker | Defender,
    *,
    tolerance: float | None = None,
    rounds: int = ROUNDS,
    seed: int | None = None,
    progress: Progress = silent,
) -> Exploitability:
    """How far a strategy is from optimal, in win rate, against the opponent who knows it.

    The game is solved as `solve` does, to `tolerance`; a game that was solved so before is not solved again.

    Raises
    ------
    MissingCapability, InvalidArgument
        Where the game is not finite, too large, has budgets or fixes no D.
    """
    game = _game(game)
    strategy = made(strategy, Configured, "strategy", "CoinFlip()") if isinstance(strategy, str) else strategy
    distribution = _law(game, None)
    if not isinstance(strategy, (Attacker, Defender)):
        raise InvalidArgument(f"strategy must be an Attacker or a Defender such as CoinFlip(), got {strategy!r}")
    side = -1.0 if isinstance(strategy, Defender) else 1.0
    named: Any = {"defender" if side < 0 else "attacker": strategy}
    optimal = optimum(game, distribution, tolerance, progress)
    reply = best_response(game, **named, rounds=rounds, seed=seed, progress=progress)
    value = (optimal.lower + optimal.upper) / 2
    ends = [side * (rate - known) for rate in (reply.low, reply.high) for known in (optimal.lower, optimal.upper)]
    found = side * (reply.win_rate - value)
    low, high = max(0.0, min(ends)), max(0.0, *ends)
    ends_of = max(0.0, found), low, high
    return Exploitability(*ends_of, reply.win_rate, value, reply.how, reply.seed, reply.sources, reply.players)


def _reply(
    game: BackdoorGame, player: Any, strategy: Any, rate: float, how: str, played: dict[str, Any]
) -> BestResponse:
    """The reply with its exact rate, or one measured in fresh rounds where the strategy was only sampled."""
    players = {"game": written_out(game), "strategy": written_out(strategy)}
    if how in EXACT:
        return BestResponse(player, rate, rate, rate, how, sources=sources(game, strategy), players=players)
    both = (player, strategy) if isinstance(player, Attacker) else (strategy, player)
    found = estimate(game, *both, level=LEVEL, **played)
    return BestResponse(player, found.win_rate, found.low, found.high, how, found.seed, found.sources, players)


def _ends(found: BestResponse | Exploitability, value: float, digits: str) -> str:
    """A number, with its interval where it was measured."""
    ends = f"  [{found.low:{digits}}, {found.high:{digits}}]" if found.how == ESTIMATED else ""
    return f"{value:{digits}}{ends}"


def _plain(found: BestResponse | Exploitability) -> dict[str, Any]:
    """The fields, without a seed that nothing was played under."""
    plain = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    return {name: value for name, value in plain.items() if (name, value) != ("seed", None)}


def _game(game: Any) -> BackdoorGame:
    found: BackdoorGame = made(game, BackdoorGame, "game", "BackdoorGame(Thresholds(points=10), 0.2, Uniform())")
    return found


def _law(game: BackdoorGame, attacker: Attacker | None) -> Distribution:
    """D: the game's, or the attacker's own."""
    refuse_budgets(game)
    if attacker is not None:
        return game.setup(attacker)
    if game.distribution is None:
        raise InvalidArgument("the game fixes no distribution: give it one, such as Uniform(), to weigh its strategies")
    return game.distribution
