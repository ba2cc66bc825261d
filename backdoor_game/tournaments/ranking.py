"""Players in the order of their worst case and of their mean; who cannot be told apart shares a place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from ..games.measuring.records import Estimate, Interval
from .records import Pairing, Standing, rarely_plants

Sides = Callable[[Pairing], tuple[str, str]]
Reach = tuple[int, float, float]  # how many pairs of the rivals were not met, and two ends: the smaller is better
NOTHING = 2.0  # behind every win rate
TIE = 1e-9  # exact rates are sums of thousands of probabilities: nearer ones are equal


def rank_defenders(defenders: Sequence[str], pairs: Sequence[Pairing]) -> tuple[Standing, ...]:
    """Highest worst case first."""
    return _ranked(defenders, pairs, lambda pair: (pair.defender, pair.attacker), -1)


def rank_attackers(attackers: Sequence[str], pairs: Sequence[Pairing]) -> tuple[Standing, ...]:
    """Lowest worst case first: an attacker wants the defender to lose."""
    found = _ranked(attackers, pairs, lambda pair: (pair.attacker, pair.defender), 1)
    return tuple(dataclasses.replace(one, rarely_plants=rarely_plants(pairs, one.player)) for one in found)


def _ranked(players: Sequence[str], pairs: Sequence[Pairing], sides: Sides, sign: int) -> tuple[Standing, ...]:
    """Standings by place; `sign` times a win rate is small where it is good for the player."""
    own = {player: [pair for pair in pairs if sides(pair)[0] == player] for player in players}
    met = {
        player: {(pair.game, sides(pair)[1]) for pair in mine if pair.estimate is not None}
        for player, mine in own.items()
    }
    everything = set().union(*met.values())
    missed = {player: len(everything - met[player]) for player in players}
    found = [_summary(player, mine, sides, sign) for player, mine in own.items()]
    worst = [_reach(missed[one.player], one.worst, one.exact_worst, sign) for one in found]
    mean = [_reach(missed[one.player], one.mean, one.exact_mean, sign) for one in found]
    placed = [
        dataclasses.replace(one, place=_place(at, worst), place_by_mean=_place(other, mean))
        for one, at, other in zip(found, worst, mean, strict=True)
    ]
    return tuple(sorted(placed, key=lambda one: _order(one, missed[one.player], sign)))


def _place(reach: Reach, others: Sequence[Reach]) -> int:
    """One more than there are players that certainly stand before: missed fewer, or as many and lie wholly beyond.

    Overlapping is not transitive, this count is: A may share a place with B, and B with C, only where nobody lies
    wholly beyond any of the three.
    """
    missed, best, _ = reach
    return 1 + sum(other < missed or (other == missed and end < best - TIE) for other, _, end in others)


def _reach(missed: int, measured: Interval | None, exact: float | None, sign: int) -> Reach:
    """The ends between which a player stands, the better one first; an exact number is both of its ends."""
    if measured is None:
        return missed, NOTHING, NOTHING
    ends = (measured.low, measured.high) if exact is None else (exact, exact)
    low, high = sorted(sign * end for end in ends)
    return missed, low, high


def _order(one: Standing, missed: int, sign: int) -> tuple[float, ...]:
    """Lines of a table: by place, then by the numbers themselves, which tell nobody apart."""
    numbers = [_size(one.worst, one.exact_worst, sign), _size(one.mean, one.exact_mean, sign)]
    return one.place, missed, numbers[0], one.place_by_mean, numbers[1]


def _size(measured: Interval | None, exact: float | None, sign: int) -> float:
    value = exact if exact is not None else None if measured is None else measured.value
    return NOTHING if value is None else sign * round(value, 9)


def _summary(player: str, own: list[Pairing], sides: Sides, sign: int) -> Standing:
    """A player's worst pair and mean, without a place as yet."""
    played = [(pair, pair.estimate) for pair in own if pair.estimate is not None]
    refused = len(own) - len(played)
    if not played:
        return Standing(player, 0, 0, None, None, None, None, 0, refused)
    estimates = [estimate for _, estimate in played]
    extreme = min if sign < 0 else max
    at = max(played, key=lambda one: sign * one[1].win_rate)[0]
    standing = Standing(
        player, 0, 0, _over(estimates, extreme), sides(at)[1], at.game, _over(estimates, _mean), len(played), refused
    )
    exact = [pair.exact for pair, _ in played if pair.exact is not None]
    if len(exact) < len(played):
        return standing
    return dataclasses.replace(standing, exact_worst=extreme(exact), exact_mean=_mean(exact))


def _over(found: list[Estimate], take: Callable[[list[float]], float]) -> Interval:
    """A monotone function of the win rates: taken of their ends, it holds wherever all of them do."""
    return Interval(
        take([one.win_rate for one in found]), take([one.low for one in found]), take([one.high for one in found])
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
