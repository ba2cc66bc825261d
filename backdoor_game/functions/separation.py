"""A separating hyperplane by linear programming."""

from __future__ import annotations

import numpy as np

from ..domains import Points
from .base import Codes, Labels


def separate(X: Points, y: Labels, bias: bool) -> Codes:
    """Maximise t with y' (<w, x> + b) >= t for all examples, y' = 2y - 1, and every entry of w and b in [-1, 1]."""
    from scipy.optimize import linprog

    m, n = X.shape
    constant = np.zeros(n + 1)
    constant[-1] = 1.0 if m == 0 or y[0] == 1 else -1.0
    if bias and (m == 0 or (y == y[0]).all()):
        constant[0] = 1e-300
        return constant
    if not bias:  # every member is 1 at the origin, which would leave no margin
        away = (X != 0).any(axis=1)
        X, y, m = X[away], y[away], int(away.sum())
    sign = 2.0 * y - 1.0
    rows = -sign[:, None] * np.column_stack([X, np.full(m, float(bias))])
    solved = linprog(
        np.r_[np.zeros(n + 1), -1.0],
        A_ub=np.column_stack([rows, np.ones(m)]),
        b_ub=np.zeros(m),
        bounds=[(-1.0, 1.0)] * (n + 1) + [(0.0, None)],
        method="highs",
    )
    code = np.asarray(solved.x[:-1]) if solved.x is not None else np.r_[1.0, np.zeros(n)]
    if not bias:
        code[-1] = 0.0
    return code
