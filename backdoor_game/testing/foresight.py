"""The check that an attacker picks f before it knows the trigger, and games in which one who knows it cannot hide."""

from __future__ import annotations

import contextlib
import dataclasses
import functools

import numpy as np

from ..exact.finite import legal_game
from ..functions import DirectSum, Explicit, Halfspaces, RandomOracle, Thresholds
from ..games import BackdoorGame
from ..games.triggers import AfterOriginal
from ..ground.errors import BackdoorGameError, InvalidArgument, MissingCapability
from ..ground.spec import text
from ..ground.statistics import clopper_pearson
from ..players.defenders import AlwaysClean
from ..spaces.distributions import Mixture, StandardNormal, Uniform, UnitCube
from .results import Broken, NothingToCheck
from .subjects import Seat, Subject, seat, seats
from .thieves import FAMILY, ROUNDING, ROUNDS, SEEDS, STOLEN, played

WORDS = 8  # points and codewords of the table, a power of two
FEW = 40  # rounds of a game of its own under each small seed: who always plants stands out from one half in all 160


def plants_no_more_than_the_trigger_allows(subject: Subject) -> None:
    """f is picked before the trigger: plants are no oftener than max over f of D{x: some legal f* differs from f}."""
    own, more = [at for at in seats(subject) if at.game.plain], _further(subject)
    bounds = {at: bound for at in (*own, *more) if (bound := most_plantable(at)) is not None}
    if not bounds:
        raise NothingToCheck("of none of the games that it plays is the most that can be planted known")
    for at, bound in bounds.items():
        lent = at not in own
        found = played(at.game, subject.thing, AlwaysClean(), lent=lent, rounds=FEW if lent else ROUNDS)
        if found is None:
            continue
        low, high = clopper_pearson(found.plants, found.rounds, 1 - FAMILY / len(bounds))
        if low > bound + ROUNDING:
            told = f"plants in {found.plants} of {found.rounds} rounds (between {low:.4f} and {high:.4f}) {SEEDS}"
            raise Broken(f"{STOLEN}: it {told}, where without the trigger {bound:.6g} is the most", text(at.game))


@functools.cache
def separating_games() -> tuple[BackdoorGame, ...]:
    """Games in which each f can be planted in at few points, but each point is such a one for some f.

    In classes that hold the empty function and every light one (intervals, singletons, conjunctions) or are groups
    (all functions, parities) the best f allows a plant wherever any does, so that there foresight gains nothing.
    """
    halves = DirectSum((Thresholds(points=4), Thresholds(points=4)))
    return (
        BackdoorGame(Thresholds(points=4), 1 / 4, Uniform()),
        BackdoorGame(Thresholds(points=8), 1 / 8, Uniform()),
        BackdoorGame(flipped_codewords(), 1 / WORDS, Uniform()),
        BackdoorGame(RandomOracle(key_bits=5, bits=3), 1 / 8, Uniform()),
        BackdoorGame(halves, 1 / 8, Mixture((Uniform(), Uniform()), (0.5, 0.5))),
        BackdoorGame(Thresholds(), 0.1, UnitCube()),
        BackdoorGame(Halfspaces(dimension=2, bias=False), 0.1, StandardNormal()),
    )


def flipped_codewords() -> Explicit:
    """The rows of a Hadamard matrix, half their length apart, and each with one bit flipped, another in each row."""
    i = np.arange(WORDS)
    rows = np.array([[(a & b).bit_count() % 2 for b in range(WORDS)] for a in range(WORDS)])  # Sylvester's
    flipped = rows.copy()
    flipped[i, i] ^= 1
    return Explicit(tuple("".join(map(str, row)) for row in np.concatenate([rows, flipped]).tolist()))


def most_plantable(at: Seat) -> float | None:
    """max over f of D{x: some legal f* differs from f at x}; None where it is not known, or f is not picked blind."""
    if at.game.trigger != AfterOriginal():
        return None
    try:
        legal = legal_game(at.game.functions, at.distribution, at.game.epsilon)
    except (InvalidArgument, MissingCapability):
        return _in_closed_form(at)
    plantable = (np.diff(legal.starts) > 0).reshape(legal.shape)
    return float((legal.weights[:, None] * plantable).sum(axis=0).max())


def _in_closed_form(at: Seat) -> float | None:
    """A threshold moves by epsilon either way; the line of a halfspace turns by pi epsilon either way, at both ends."""
    functions, law = at.game.functions, at.distribution
    line = functions == Thresholds() and law == UnitCube().on(functions.domain)
    plane = functions == Halfspaces(dimension=2, bias=False) and law == StandardNormal().on(functions.domain)
    return min(1.0, 2 * at.game.epsilon) if line or plane else None


def _further(subject: Subject) -> tuple[Seat, ...]:
    """Seats at the separating games that the attacker accepts, D left open where it refuses a fixed one."""
    found = []
    for game in separating_games():
        for form in (game, dataclasses.replace(game, distribution=None)):
            with contextlib.suppress(BackdoorGameError):
                found.append(seat(subject.thing, form))
                break
    return tuple(at for at in found if at.game not in subject.games)
