"""Worst cases of the Boltzmann bound: very many functions that differ where D has no mass.

L = ln|F| counts functions, the Gibbs law weighs them: B blocks of mass epsilon each, a rest R of the mass, and t points
of no mass. F holds the empty function, each block alone, and all blocks together with every subset of the t points:
2^t far functions at one distance B epsilon from the empty one. Where beta B epsilon is just under t ln 2 they outweigh
everything near f = 0, so that resampling flags all blocks; and where beta epsilon is small it still draws a far one
when a block is planted, so that it misses them all. Both rates are then about B epsilon, near L / beta.
"""

from __future__ import annotations

import math

from ... import bounds
from ...exact.solving import best_response
from ...functions import Explicit, Thresholds
from ...games import BackdoorGame
from ...players.defenders import BoltzmannResampling
from ...spaces.distributions import Uniform, Weighted
from .cases import Case

NAME = "Boltzmann"
MASS = 0.1  # of all blocks: small enough for every bound here to say something
LISTED = (10, 14, 0.255)  # t, B and beta epsilon: the best of a grid of B and beta epsilon, among 2^10 functions
COUNTED = ((100, 2862, 0.02), (300, 9689, 0.02))  # the same at t = 100 and 300, beta epsilon at least .02


def cases() -> list[Case]:
    """Thresholds, a class of far functions that is listed, and larger ones that are counted."""
    return [_thresholds(), _listed(*LISTED), *(_counted(*sizes) for sizes in COUNTED)]


def _thresholds() -> Case:
    """An ordinary class, at the default beta; at epsilon = 2/N there are plants to choose from at every trigger."""
    functions, epsilon = Thresholds(points=128), 2 / 128
    reply = best_response(BackdoorGame(functions, epsilon, Uniform()), defender=BoltzmannResampling())
    limit = 1 - bounds.boltzmann_bound(math.log(129), epsilon, bounds.boltzmann_beta(epsilon))
    what = "Thresholds(128), epsilon = 2/128, beta epsilon = 0.639"
    return Case(NAME, what, f"enumerated, {reply.how}", 1 - reply.win_rate, limit, 0.08)


def far_functions(t: int, B: int) -> tuple[Explicit, Weighted]:
    """The class on B blocks, the rest and t points without mass, and D."""
    rows = [[0] * (B + 1 + t)]
    rows += [[int(i == block) for i in range(B + 1 + t)] for block in range(B)]
    rows += [[1] * B + [0] + [subset >> i & 1 for i in range(t)] for subset in range(2**t)]
    return Explicit(tuple("".join(map(str, row)) for row in rows)), Weighted((MASS / B,) * B + (1 - MASS,) + (0.0,) * t)


def _limit(t: int, B: int, u: float) -> float:
    """1 - bound at beta = u / epsilon."""
    epsilon = MASS / B
    return 1 - bounds.boltzmann_bound(math.log(1 + B + 2**t), epsilon, u / epsilon)


def _listed(t: int, B: int, u: float) -> Case:
    functions, law = far_functions(t, B)
    epsilon = MASS / B
    reply = best_response(BackdoorGame(functions, epsilon, law), defender=BoltzmannResampling(beta=u / epsilon))
    what = f"2^{t} far functions, {B} blocks, beta epsilon = {u:g}"
    return Case(NAME, what, f"enumerated, {reply.how}", 1 - reply.win_rate, _limit(t, B, u), 0.29)


def _counted(t: int, B: int, u: float) -> Case:
    what = f"2^{t} far functions, {B} blocks, beta epsilon = {u:g}"
    return Case(NAME, what, "counted by symmetry", counted_loss(t, B, u), _limit(t, B, u), 0.79 if t < 200 else 0.9)


def counted_loss(t: int, B: int, u: float) -> float:
    """What is lost where f is the empty function and f* the block at the trigger.

    f = 0: the Gibbs law weighs itself 1, each of B blocks e^-u and 2^t far functions e^-uB. A block: itself 1, the
    empty function e^-u, the B - 1 other blocks e^-2u, the far ones e^-u(B-1); itself and the far ones agree with it.
    """
    far, nearer = math.exp(t * math.log(2) - u * B), math.exp(t * math.log(2) - u * (B - 1))
    flagged = (B * math.exp(-u) + B * far) / (1 + B * math.exp(-u) + far)
    agree = 1 + nearer
    missed = B * agree / (agree + math.exp(-u) + (B - 1) * math.exp(-2 * u))
    return (flagged + missed) / 2 * MASS / B
