"""The linear program of a finite game, one variable for each unordered legal pair at each point, by scipy's HiGHS."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ...functions.base import Floats
from ...ground.errors import BackdoorGameError
from .guarantees import Attack
from .legal import LegalGame

Indices = npt.NDArray[np.int64]
INTERIOR_STEPS = 1000  # it takes some 10 to 100, and where weights are far apart it may turn on one spot for ever
# Dual simplex second: 3 to 12 times slower on large games, but it takes some 50 pivots where the first one is stuck.
METHODS: tuple[tuple[Literal["highs-ipm", "highs-ds"], dict[str, int]], ...]
METHODS = (("highs-ipm", {"maxiter": INTERIOR_STEPS}), ("highs-ds", {}))
# For each method, beside the steps: sound ones take a small part of that, so that only one that is stuck is ended.
LEAST_SECONDS, SECONDS_A_COLUMN = 20.0, 0.005


def pairs(game: LegalGame) -> Indices:
    """The triples that stand for their unordered pair: those with f before f*, shape (T / 2,)."""
    return np.flatnonzero(game.cells % len(game.codes) < game.partners)


def solve_attacker(game: LegalGame) -> tuple[Attack, Floats]:
    """The best attacker and, from the dual, the flag probabilities (N, F) of the best defender.

    maximise 2 sum D(x) y_x{f, g}  subject to  sum over g of y_x{f, g} <= pi(f), sum pi = 1, all >= 0.
    """
    from scipy.sparse import csr_array

    F, edges = len(game.codes), pairs(game)
    here, there = game.cells[edges], game.planted[edges]
    cells, rows = np.unique(np.concatenate([here, there]), return_inverse=True)
    flows = np.tile(F + np.arange(len(edges)), 2)
    entries = np.concatenate([np.ones(len(flows)), -np.ones(len(cells))])
    places = (np.concatenate([rows, np.arange(len(cells))]), np.concatenate([flows, cells % F]))
    matrix = csr_array((entries, places), shape=(len(cells), F + len(edges)))
    cost = np.concatenate([np.zeros(F), -game.weights[here // F]])
    total = csr_array((np.ones(F), (np.zeros(F, dtype=int), np.arange(F))), shape=(1, F + len(edges)))
    found = run_highs(cost, A_ub=matrix, b_ub=np.zeros(len(cells)), A_eq=total, b_eq=[1.0])
    flags = np.zeros(len(game.starts) - 1)
    flags[cells] = np.clip(-found.ineqlin.marginals / game.weights[cells // F], 0.0, 1.0)
    return _attack(game, edges, found.x[:F], found.x[F:]), flags.reshape(game.shape)


def run_highs(cost: Floats, **constraints: Any) -> Any:
    """HiGHS's solution by its first method that finds one, in a thread of its own, so that Ctrl-C is heard meanwhile.

    Raises
    ------
    BackdoorGameError
        Where each method ends at a limit, or says that it failed.
    """
    pool = ThreadPoolExecutor(1)
    try:
        found: Any = pool.submit(_first_solved, cost, constraints).result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    if found.status != 0:
        raise BackdoorGameError(f"the linear program was not solved: {' '.join(str(found.message).split())}")
    return found


def _first_solved(cost: Floats, constraints: dict[str, Any]) -> Any:
    from scipy.optimize import linprog

    limit = {"time_limit": LEAST_SECONDS + SECONDS_A_COLUMN * len(cost)}
    for method, more in METHODS:
        options: Any = {**limit, **more}
        found = linprog(cost, method=method, options=options, **constraints)
        if found.status == 0:
            break
    return found


def _attack(game: LegalGame, edges: Indices, pi: Floats, flow: Floats) -> Attack:
    """An attacker from weights and flows that may be off by rounding: shares that never exceed 1."""
    pi = np.maximum(pi, 0.0)
    pi = pi / pi.sum()
    both = np.zeros(game.triples)
    both[edges] = np.maximum(flow, 0.0)
    both[mirrored(game)[edges]] = both[edges]
    sent = np.bincount(game.cells, weights=both, minlength=len(game.starts) - 1)
    most = np.maximum(sent, np.tile(pi, len(game.weights)))[game.cells]
    return Attack(pi, np.divide(both, most, out=np.zeros_like(both), where=most > 0))


def mirrored(game: LegalGame) -> Indices:
    """For each triple (x, f, f*) the place of (x, f*, f), shape (T,)."""
    F = len(game.codes)
    key = game.cells * F + game.partners
    return np.searchsorted(key, game.planted * F + game.cells % F)
