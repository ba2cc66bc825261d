"""Exact values of the game's variants against a second program and against what theory derives."""

import functools

import numpy as np
import pytest

from backdoor_game import (
    AllFunctions,
    BackdoorGame,
    Explicit,
    Intervals,
    Singletons,
    Thresholds,
    Uniform,
    Weighted,
)
from backdoor_game.exact.variants import variant_equilibrium
from backdoor_game.games.triggers import AfterOriginal, BeforeOriginal, Chosen, WorstOf

AFTER, BEFORE, CHOSEN = AfterOriginal(), BeforeOriginal(), Chosen()
LAWS = {"after": AFTER, "before": BEFORE, "chosen": CHOSEN, 2: WorstOf(2), 3: WorstOf(3)}
TABLES = 200
# [THEORY] 10, the table of nine games and the laws; None where it leaves a figure out.
COLUMNS = [(AFTER, "fresh"), (WorstOf(2), "fresh"), (WorstOf(3), "fresh"), (BEFORE, "fresh"), (CHOSEN, "fresh")]
COLUMNS += [(AFTER, "trigger"), (BEFORE, "trigger"), (CHOSEN, "trigger")]
NINE = [
    (Thresholds(10), 0.2, Uniform(), [5 / 6, 0.816465, 0.810321, 0.801383, 0.801383, 5 / 6, 0.5, 0.5]),
    (Thresholds(10), 0.1, Uniform(), [10 / 11, 0.901289, 0.900317, 0.900001, 0.900001, 10 / 11, 0.5, 0.5]),
    (Thresholds(6), "1/3", Uniform(), [0.75, 0.728614, 0.718208, 0.695609, 0.695609, 0.75, 0.5, 0.5]),
    (Singletons(8), "1/8", Uniform(), [8 / 9, 0.854430, 0.828928, 0.718750, 0.718750, 8 / 9, 0.5, 0.5]),
    (Singletons(8), "2/8", Uniform(), [7 / 8, 0.8203125, 0.772461, 0.5, 0.5, 7 / 8, 0.5, 0.5]),
    (Intervals(8), "1/8", Uniform(), [0.783784, 0.765054, None, 0.682099, 0.682099, 0.783784, 0.5, 0.5]),
    (Intervals(8), "2/8", Uniform(), [0.636364, 0.611044, None, 0.5, 0.5, 0.636364, 0.5, 0.5]),
    (AllFunctions(4), "1/4", Uniform(), [0.5] * 8),
    (AllFunctions(3), 0.2, Weighted([0.2, 0.2, 0.6]), [0.8] * 7 + [0.5]),
]


def value(game, sees=None):
    found = variant_equilibrium(game, sees)
    assert found.upper - found.lower <= 1e-7
    return found.lower


@functools.cache
def table(seed):
    """A few different rows of 0/1 on a few points, with weights and a budget that some pairs keep."""
    rng = np.random.default_rng([14, seed])
    F, N = rng.integers(3, 7), rng.integers(2, 5)
    rows = np.unique(rng.integers(2, size=(F, N)), axis=0)
    weights = np.round(rng.dirichlet(np.ones(N)) * 100 + 1) if seed % 2 else np.ones(N)
    return rows.tolist(), (weights / weights.sum()).tolist(), round(float(rng.uniform(0.2, 0.8)), 2)


def game_of(seed, law, clean_input="fresh", reveal=None):
    rows, weights, epsilon = table(seed)
    return BackdoorGame(Explicit(rows), epsilon, Weighted(weights), trigger=law, clean_input=clean_input, reveal=reveal)


@pytest.fixture(scope="module")
def by_law():
    """What `variant_equilibrium` says of 200 random tables under each law, with a fresh clean input."""
    return {name: [value(game_of(seed, law)) for seed in range(TABLES)] for name, law in LAWS.items()}
