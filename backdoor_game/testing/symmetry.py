"""Checks of declared symmetries: exact win rates do not change when points are renamed or labels complemented."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..functions import Explicit
from ..games import BackdoorGame
from ..ground.errors import InvalidArgument, MissingCapability
from ..players.attackers import Attacker, NoAttack, RandomLegal
from ..players.defenders import AlwaysFlag, BoltzmannResampling
from ..spaces.distributions import Weighted
from .exploring import for_all
from .results import Broken, NothingToCheck, demand
from .strategies import games, tables
from .subjects import Subject, name

CASES = 15  # each solves for two exact win rates an opponent
TOLERANCE = 1e-9  # rounding of sums in another order; a broken symmetry is worth more
SYMMETRIES = ("rename", "complement")


def declared_symmetries_hold(subject: Subject) -> None:
    """Exact win rates stay what they are under each symmetry that the player declares."""
    from hypothesis import strategies

    declared = tuple(subject.thing.symmetries)
    if not declared:
        raise NothingToCheck("it declares no symmetry")
    for symmetry in declared:
        demand(symmetry in SYMMETRIES, f"it declares the symmetry {symmetry!r}: known are rename and complement")
    tried: list[str] = []

    def body(game: BackdoorGame, symmetry: str, order: list[int]) -> None:
        for opponent in _opponents(subject.thing):
            before, after = (_win_rate(subject.thing, opponent, it) for it in (game, changed(game, symmetry, order)))
            if before is None or after is None:
                continue
            tried.append(symmetry)
            if abs(before - after) > TOLERANCE:
                what = f"{before:.9g} before and {after:.9g} after {symmetry} against {name(opponent)}"
                raise Broken(f"the exact win rate is {what}")

    for_all(
        body,
        cases=CASES,
        game=games(tables(), fixed=True).map(weighted),
        symmetry=strategies.sampled_from(declared),
        order=strategies.permutations(range(4)),
    )
    if not tried:
        raise NothingToCheck("its win rate is exactly computable in no small game")


def weighted(game: BackdoorGame) -> BackdoorGame:
    """The game with D written as weights on all points."""
    support = game.distribution.atoms() if game.distribution is not None else None
    assert support is not None  # D is fixed, and the class a small table
    points, masses = support
    weights = [0.0] * int(game.functions.domain.size or 0)
    for point, mass in zip(points[:, 0].tolist(), masses.tolist(), strict=True):
        weights[point] += mass
    return dataclasses.replace(game, distribution=Weighted(tuple(weights)))


def changed(game: BackdoorGame, symmetry: str, order: list[int]) -> BackdoorGame:
    """The same game with its points in another order, or with every label turned over."""
    assert isinstance(game.functions, Explicit)
    assert isinstance(game.distribution, Weighted)
    rows, weights = game.functions.table, game.distribution.weights
    if symmetry == "complement":
        flipped = tuple(row.translate(str.maketrans("01", "10")) for row in rows)
        return dataclasses.replace(game, functions=Explicit(flipped))
    kept = [place for place in order if place < len(rows[0])]
    return dataclasses.replace(
        game,
        functions=Explicit(tuple("".join(row[place] for place in kept) for row in rows)),
        distribution=Weighted(tuple(weights[place] for place in kept)),
    )


def _opponents(player: Any) -> tuple[Any, ...]:
    """Players of the other side that have both symmetries."""
    if isinstance(player, Attacker):
        return BoltzmannResampling(beta=2.0), AlwaysFlag()
    return RandomLegal(), NoAttack()


def _win_rate(player: Any, opponent: Any, game: BackdoorGame) -> float | None:
    from ..exact.solving import exact_win_rate

    attacker, defender = (player, opponent) if isinstance(player, Attacker) else (opponent, player)
    try:
        return float(exact_win_rate(game, attacker, defender))
    except (MissingCapability, InvalidArgument):
        return None
