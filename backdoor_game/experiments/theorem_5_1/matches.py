"""Theorem 5.1: single distillations by polynomial-time learners, and who attacks them."""

from __future__ import annotations

import dataclasses

from ... import bounds
from ...functions import Conjunctions, FunctionClass, Parities
from ...games import BackdoorGame
from ...games.measuring.records import Estimate
from ...games.measuring.together import Match
from ...players.attackers import NearestLegal, Shattered
from ...players.defenders import DistillationEnsemble
from ...players.learners import Closure, ConsistentERM
from ...spaces.distributions import ProductBits, Uniform

SHARE = 32  # epsilon = 1 / (32 n), so that d epsilon, and with it the bound, is the same at every size
CONJUNCTIONS, PARITIES = "conjunctions, closure", "parities, Gaussian elimination"


@dataclasses.dataclass(frozen=True)
class Sized:
    """A cell with its class's name, its size n = d, who attacks, and what is proved of the win rate."""

    label: str
    attack: str
    n: int
    cell: Match
    bound: float


Played = list[tuple[Sized, Estimate]]


def games(n: int, share: int = SHARE) -> list[tuple[str, str, BackdoorGame, NearestLegal | Shattered]]:
    """Where attackers can move at all, at epsilon = 1 / (share n).

    Two parities differ on half of the uniform law: there one bit in two is 1 with probability epsilon only, and a plant
    is legal where such a bit is set, in at most d epsilon of the rounds. Shattered() picks a law of its own.
    """
    epsilon = 1 / (share * n)
    functions: tuple[FunctionClass, FunctionClass] = Conjunctions(bits=n), Parities(bits=n)
    rare = ProductBits(p=(0.5, epsilon) * (n // 2))
    return [
        (CONJUNCTIONS, "nearest, uniform bits", BackdoorGame(functions[0], epsilon, Uniform()), NearestLegal()),
        (CONJUNCTIONS, "shattered set", BackdoorGame(functions[0], epsilon), Shattered()),
        (PARITIES, "nearest, every second bit rare", BackdoorGame(functions[1], epsilon, rare), NearestLegal()),
        (PARITIES, "shattered set", BackdoorGame(functions[1], epsilon), Shattered()),
    ]


def sized(n: int, rounds: int, share: int = SHARE) -> list[Sized]:
    """Single distillations at one size, against each attack."""
    found = []
    for label, attack, game, attacker in games(n, share):
        learner = Closure() if label == CONJUNCTIONS else ConsistentERM()
        m = bounds.single_examples(n, game.epsilon)
        defender = DistillationEnsemble(learner=learner, members=1, examples=m, threshold=0.5)
        # Both learners err with probability at most d/(m + 1): the closure by [HLW94], the other by `linear_error`.
        bound = bounds.single_bound(n, game.epsilon, m)
        found.append(Sized(label, attack, n, Match(game, attacker, defender, rounds), bound))
    return found
