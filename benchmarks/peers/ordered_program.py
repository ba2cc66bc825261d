"""The linear program of a finite game as it is usually written: one variable for each ordered triple, dense in ties."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from backdoor_game.exact.finite import LegalGame


def value(game: LegalGame) -> float:
    """1 - optimum / 2, with flows y_x(f, f*) and both families of constraints."""
    F, T = len(game.codes), game.triples
    cells = np.arange(len(game.starts) - 1)
    flows = [csr_array((np.ones(T), (place, F + np.arange(T))), shape=(len(cells), F + T))
             for place in (game.cells, game.planted)]
    weights = csr_array((np.ones(len(cells)), (cells, cells % F)), shape=(len(cells), F + T))
    total = csr_array((np.ones(F), (np.zeros(F, dtype=int), np.arange(F))), shape=(1, F + T))
    found = linprog(
        np.concatenate([np.zeros(F), -game.weights[game.cells // F]]),
        A_ub=vstack([flow - weights for flow in flows]).tocsr(),
        b_ub=np.zeros(2 * len(cells)),
        A_eq=total,
        b_eq=[1.0],
        method="highs-ipm",
    )
    return 1 + found.fun / 2
