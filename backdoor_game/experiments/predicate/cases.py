"""The games with a predicate: classes, hashes and lists, who plays whom, and who has which budget."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...exact.players import OptimalAttacker, OptimalDefender
from ...exact.solving import solve
from ...functions import FunctionClass, Singletons, Thresholds
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...games.predicates import HashPrefix, OneOf, Predicate
from ...games.triggers import Satisfying
from ...ground.spec import text
from ...players.attackers import Attacker, NearestLegal
from ...players.defenders import AlwaysClean, Defender, PredicateCheck
from ...spaces.distributions import Uniform
from .frugal import Frugal

N = 32  # points
BITS = tuple(range(5))
SALT = 13  # with it each zero more leaves about half of the points 0 .. 31: 32, 18, 9, 5, 2
CLASSES: tuple[tuple[FunctionClass, str], ...] = ((Thresholds(points=N), "1/8"), (Singletons(points=N), "1/16"))
# the same mass beside each other and apart
LISTED = (OneOf(points=tuple(range(4))), OneOf(points=tuple(range(3, N, 8))))
OPTIMAL, CHECKS, WITHOUT = "optimal against optimal", "optimal against check", "optimal against no check"
PLAYS: dict[str, tuple[Attacker, Defender]] = {
    OPTIMAL: (OptimalAttacker(), OptimalDefender()),
    CHECKS: (OptimalAttacker(), PredicateCheck()),
    "nearest against check": (NearestLegal(), PredicateCheck()),
    WITHOUT: (OptimalAttacker(), Frugal(asks=False)),
}
BUDGETED = HashPrefix(bits=3, salt=SALT, cost=16)  # an answer costs as much as that
BUDGETS = (0, BUDGETED.cost - 1, BUDGETED.cost)  # of the defender's branch
ATTACKERS = (N * BUDGETED.cost - 1, N * BUDGETED.cost)  # a shipped attacker asks of every point that D can draw

Key = tuple[str, int, str]  # class, bits, who plays whom
Results = dict[Key, Estimate]
Bounded = dict[tuple[str, int], Estimate]  # who has the budget, and what it is


@dataclasses.dataclass(frozen=True)
class Held:
    """A class under a predicate.

    Attributes
    ----------
    functions, epsilon, predicate : str
    points, mass : int and float
        On how many points the predicate holds, and D(P).
    value, gap : float
    check : float
        1 - D(P)/2.
    unasked : float
        The value where any trigger will do: what a defender wins here that never asks.
    """

    functions: str
    epsilon: str
    predicate: str
    points: int
    mass: float
    value: float
    gap: float
    check: float
    unasked: float


def game(functions: FunctionClass, epsilon: str, predicate: Predicate, **budgets: Any) -> BackdoorGame:
    """A class whose triggers must satisfy a predicate."""
    return BackdoorGame(functions, epsilon, Uniform(), trigger=Satisfying(predicate), **budgets)


def held(functions: FunctionClass, epsilon: str, predicate: Predicate) -> Held:
    """The value under a predicate, and beside it what the check and what no check are worth."""
    found = solve(game(functions, epsilon, predicate))
    unasked = solve(BackdoorGame(functions, epsilon, Uniform(), trigger="Chosen()"))
    points = int(predicate.holds(functions.domain.points()).sum())
    mass = points / N
    return Held(
        text(functions), epsilon, text(predicate), points, mass, found.value, found.gap, 1 - mass / 2, unasked.value
    )


def budgets(rounds: int) -> dict[tuple[str, int], Match]:
    """Who plays with so many evaluations: defenders on both sides of the cost, an attacker that looks everywhere."""
    functions, epsilon = CLASSES[1]  # where the check is what there is
    asked = {
        (who, b): Match(game(functions, epsilon, BUDGETED, defender_evaluations=b), NearestLegal(), player, rounds)
        for who, player in (("check", PredicateCheck()), ("frugal", Frugal()))
        for b in BUDGETS
    }
    clean = AlwaysClean()
    return asked | {
        ("nearest", b): Match(game(functions, epsilon, BUDGETED, attacker_evaluations=b), NearestLegal(), clean, rounds)
        for b in ATTACKERS
    }


def of_class(values: list[Held], i: int) -> list[Held]:
    """Those of one of the classes, in their order."""
    return [one for one in values if one.functions == text(CLASSES[i][0])]
