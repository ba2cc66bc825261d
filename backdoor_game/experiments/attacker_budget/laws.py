"""What the searchers do, exactly: how likely each (f, x*, f*) is, and what follows for every defender.

Arrays are over (f, x, f*) and hold Pr[f, x* = x, f* planted]; what they lack to 1 is forfeited.
"""

from __future__ import annotations

import math

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Booleans, Floats
from ...functions.table import table


def legal_triples(functions: FunctionClass, count: int) -> Booleans:
    """Which f* is a legal plant of f at x, (F, N, F), where D is uniform and f* may differ on `count` points."""
    labels = table(functions).labels
    differs = labels[:, :, None] != labels.T[None]
    close = differs.sum(axis=1) <= count
    return np.asarray(differs & close[:, None, :])


def of_triggers(legal: Booleans, satisfied: Booleans, budget: int) -> Floats:
    """`TriggerSearch`: of the L points with a legal plant c satisfy, and one of those is among the first `budget`.

    That has probability 1 - C(L - c, budget)/C(L, budget); then x* is any of the c, and f* any legal plant.
    """
    F, N, _ = legal.shape
    plants = legal.sum(axis=2)
    law = np.zeros(legal.shape)
    for f in range(F):
        able = plants[f] > 0
        good = able & satisfied
        L, c = int(able.sum()), int(good.sum())
        tries = min(budget, L)
        missed = math.comb(L - c, tries) / math.comb(L, tries)
        if c:
            law[f, good] = (1 - missed) / F / c * legal[f, good] / plants[f, good, None]
    return law


def of_plants(legal: Booleans, budget: int) -> Floats:
    """`PlantSearch`: n of F members are legal, one of `budget` draws is one of them with 1 - (1 - n/F)^budget."""
    F, N, _ = legal.shape
    plants = legal.sum(axis=2, keepdims=True)
    found = 1 - (1 - plants / F) ** budget
    return np.asarray(legal * found / np.maximum(plants, 1) / (F * N))


def of_samples(points: int, count: int, examples: int) -> Floats:
    """`SampleSearch` on thresholds: f = 1 from t on, f* = 1 from s on, D uniform on N points.

    For x >= t the candidates are s = x + 1 .. N, and s is as good as x + 1 iff no example lies in x + 1 .. s - 1. So
    with j the first example beyond x, or N + 1 where there is none, s is uniform over x + 1 .. min(j, N). For x < t it
    is the mirror image. A plant with |s - t| > `count` is forfeited.
    """
    N = points
    law = np.zeros((N + 1, N, N + 1))
    for t in range(N + 1):
        for x in range(N):
            mirrored = x < t
            here, threshold = (N - 1 - x, N - t) if mirrored else (x, t)
            for s, chance in enumerate(_first_beyond(N, here, examples), here + 1):
                if abs(s - threshold) <= count:
                    law[t, x, N - s if mirrored else s] += chance / (N + 1) / N
    return law


def _first_beyond(N: int, x: int, examples: int) -> Floats:
    """Probabilities of s = x + 1 .. N."""
    chances = np.zeros(N - x)
    for j in range(x + 1, N + 1):
        # no example in x + 1 .. j - 1, and one at j; at the end none beyond x at all
        clear, more = (1 - (j - x - 1) / N) ** examples, (1 - (j - x) / N) ** examples
        reached = clear - more if j < N else clear
        chances[: j - x] += reached / (j - x)
    return chances


def planted(law: Floats) -> float:
    """The share of the rounds with a plant."""
    return float(law.sum())


def best_reply(law: Floats) -> float:
    """What the best defender wins who knows the attacker: 1 - 1/2 sum min(P0, P1), f and the clean x uniform."""
    F, N, _ = law.shape
    shown = law.sum(axis=0)
    return 1 - 0.5 * float(np.minimum(shown, 1 / (F * N)).sum())
