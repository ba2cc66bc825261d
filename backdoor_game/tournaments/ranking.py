"""Players in the order of their worst case and of their mean."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from ..games.measuring.records import Estimate, Interval
from .records import Pairing, Standing

Sides = Callable[[Pairing], tuple[str, str]]
Key = tuple[int, float, float]  # how many pairs of the rivals were not met, and two win rates: the smallest is first
NOTHING = 2.0  # behind every win rate
DIGITS = 12  # equal means of different rates may differ in the last bits


def rank_defenders(defenders: Sequence[str], pairs: Sequence[Pairing]) -> tuple[Standing, ...]:
    """Highest worst case first."""
    return _ranked(defenders, pairs, lambda pair: (pair.defender, pair.attacker), -1)


def rank_attackers(attackers: Sequence[str], pairs: Sequence[Pairing]) -> tuple[Standing, ...]:
    """Lowest worst case first: an attacker wants the defender to lose."""
    return _ranked(attackers, pairs, lambda pair: (pair.attacker, pair.defender), 1)


def _ranked(players: Sequence[str], pairs: Sequence[Pairing], sides: Sides, sign: int) -> tuple[Standing, ...]:
    """Standings by coverage, then by worst case; `sign` times a win rate is small where it is good for the player."""
    own = {player: [pair for pair in pairs if sides(pair)[0] == player] for player in players}
    met = {
        player: {(pair.game, sides(pair)[1]) for pair in mine if pair.estimate is not None}
        for player, mine in own.items()
    }
    everything = set().union(*met.values())
    found = {player: _summary(player, mine, sides, sign) for player, mine in own.items()}

    def by_worst(player: str) -> Key:
        one = found[player]
        return len(everything - met[player]), _size(one.worst, sign), _size(one.mean, sign)

    def by_mean(player: str) -> Key:
        missed, worst, mean = by_worst(player)
        return missed, mean, worst

    return tuple(
        dataclasses.replace(
            found[player], place=_place(player, players, by_worst), place_by_mean=_place(player, players, by_mean)
        )
        for player in sorted(players, key=by_worst)
    )


def _place(player: str, players: Sequence[str], key: Callable[[str], Key]) -> int:
    """One more than there are players who stand strictly before this one, so that equals share a place."""
    return 1 + sum(key(other) < key(player) for other in players)


def _size(value: Interval | None, sign: int) -> float:
    return NOTHING if value is None else sign * round(value.value, DIGITS)


def _summary(player: str, own: list[Pairing], sides: Sides, sign: int) -> Standing:
    """A player's worst pair and mean, without a place as yet."""
    played = [(pair, pair.estimate) for pair in own if pair.estimate is not None]
    refused = len(own) - len(played)
    if not played:
        return Standing(player, 0, 0, None, None, None, None, 0, refused)
    estimates = [estimate for _, estimate in played]
    at = max(played, key=lambda one: sign * one[1].win_rate)[0]
    worst, mean = _over(estimates, min if sign < 0 else max), _over(estimates, _mean)
    return Standing(player, 0, 0, worst, sides(at)[1], at.game, mean, len(played), refused)


def _over(found: list[Estimate], take: Callable[[list[float]], float]) -> Interval:
    """A monotone function of the win rates: taken of their ends, it holds wherever all of them do."""
    return Interval(
        take([one.win_rate for one in found]), take([one.low for one in found]), take([one.high for one in found])
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
