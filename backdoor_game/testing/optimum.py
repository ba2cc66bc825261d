"""Checks against optimal play: nobody does better against it than the value of the game.

They see a large breach only. A pair that plays in blocks plays 2,048 rounds of each game and any other 320, and a win
rate counts as beyond the value only where its whole interval is, at a level of 1 - 1e-6 over all games together: near
1/2 that is about 0.06 beyond it, and 0.15.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

from ..games import BackdoorGame
from ..games.measuring.estimation import estimate
from ..games.measuring.records import Estimate
from ..ground.errors import InvalidArgument, MissingCapability
from ..ground.spec import text
from ..players.attackers import BlockAttacker
from ..players.defenders import BlockDefender
from ..spaces.distributions import Distribution
from .exploring import explained
from .results import Broken, NothingToCheck
from .subjects import Seat, Subject, seats

ROUNDS = 2048  # a gain of 0.1 over optimal play is found at level 1 - 1e-6
ONE_BY_ONE = 320  # rounds where a player is asked one at a time, which takes far longer each
FAMILY = 1e-6  # an honest player fails one time in a million
SEED = 0  # fixed, so that a check says the same twice; and small, so that a player that finds seeds is found out
GAP = 1e-6  # values are known to this


def wins_no_more_than_the_value(subject: Subject) -> None:
    """Against the optimal attacker a defender's win rate is no higher than the value by more than its interval."""
    from ..exact.players import OptimalAttacker

    def body(seat: Seat, value: float, level: float) -> None:
        found = _played(seat.game, OptimalAttacker(law=_open(seat)), subject.thing, level)
        if found.low > value + GAP:
            raise Broken(f"it wins {_shown(found)} against optimal attack, where {value:.6g} is the most")

    _on_solved(subject, body)


def holds_nobody_below_the_value(subject: Subject) -> None:
    """Against the optimal defender an attacker leaves no less than the value by more than the interval."""
    from ..exact.players import OptimalDefender

    def body(seat: Seat, value: float, level: float) -> None:
        found = _played(seat.game, subject.thing, OptimalDefender(law=_open(seat)), level)
        if found.high < value - GAP:
            raise Broken(f"it leaves {_shown(found)} to optimal defence, which has {value:.6g} for sure")

    _on_solved(subject, body)


def _on_solved(subject: Subject, body: Callable[[Seat, float, float], None]) -> None:
    """Call the body on every game whose value is known, at a level that holds for all of them together."""
    from ..exact.solving import solve

    solved = []
    for seat in seats(subject):
        closed = dataclasses.replace(seat.game, distribution=seat.distribution)
        try:
            solved.append((seat, float(solve(closed).value)))
        except (MissingCapability, InvalidArgument):
            continue
    if not solved:
        raise NothingToCheck("none of its games has a known value")
    for seat, value in solved:
        try:
            explained(functools.partial(body, seat, value, 1 - FAMILY / len(solved)))
        except Broken as broken:
            raise Broken(broken.reason, text(seat.game)) from broken


def _open(seat: Seat) -> Distribution | None:
    """D where the game leaves it open, which the optimal player must be told."""
    return None if seat.game.distribution is not None else seat.distribution


def _played(game: BackdoorGame, attacker: Any, defender: Any, level: float) -> Estimate:
    fast = isinstance(attacker, BlockAttacker) and isinstance(defender, BlockDefender)
    rounds = ROUNDS if fast else ONE_BY_ONE
    return estimate(game, attacker, defender, rounds=rounds, seed=SEED, level=level, threads=1)


def _shown(found: Estimate) -> str:
    return f"{found.win_rate:.4f} (between {found.low:.4f} and {found.high:.4f})"
