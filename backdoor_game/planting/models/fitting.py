"""The linear layer on random features: ridge regression and logistic regression, without ever storing n x m numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...functions.base import Floats, Labels
from ...ground.errors import InvalidArgument
from ...spaces.domains import Points

if TYPE_CHECKING:
    from ..features import Packed

CHUNK = 512  # rows at a time: enough for BLAS to be fast, 4 MiB at 1,024 features
STEPS = 100  # digits double with each near the minimum: where so many do not help none do
CLOSE = 1e-14  # of the Newton decrement squared: one more step squares it


def ridge(packed: Packed, X: Points, y: Labels, penalty: float) -> Floats:
    """w = (P'P/n + penalty I)^-1 P's/n, shape (m,), where P = phi(X) and s is y (n,) as -1, 1."""
    gram, moments = packed.gram(X, 2.0 * y - 1.0)
    gram /= len(X)
    return _solved(gram, moments / len(X), penalty)


def logistic(packed: Packed, X: Points, y: Labels, penalty: float) -> Floats:
    """The w (m,) that minimises mean ln(1 + exp(-s_i <w, phi(x_i)>)) + penalty |w|^2 / 2, where s is y (n,) as -1, 1.

    By Newton's method with steps halved until they help: the minimum is unique, and found to rounding error.

    Raises
    ------
    InvalidArgument
        Where the penalty is so small that there is none to be found in floating point.
    """
    w = np.zeros(packed.features)
    value, gradient, curvature = _logistic_loss(packed, X, y, w, penalty)
    for _ in range(STEPS):
        step = _solved(curvature, gradient, penalty)
        decrement = float(gradient @ step)
        if decrement <= CLOSE:
            return w - step
        size = 1.0
        while True:
            found = _logistic_loss(packed, X, y, w - size * step, penalty)
            # 1e-4 of the promised gain, as usual for Armijo; below 1e-9 a step changes only rounding
            if found[0] <= value - 1e-4 * size * decrement or size < 1e-9:
                break
            size /= 2
        w, (value, gradient, curvature) = w - size * step, found
    raise _too_small(penalty)


def _logistic_loss(packed: Packed, X: Points, y: Labels, w: Floats, penalty: float) -> tuple[float, Floats, Floats]:
    """The loss at w, its gradient (m,), and its second derivatives (m, m) without the penalty's."""
    from scipy.special import expit

    n, value = len(X), penalty * float(w @ w) / 2
    gradient, curvature = penalty * w, np.zeros((len(w), len(w)))
    for i in range(0, n, CHUNK):
        part = np.asarray(packed.matrix(X[i : i + CHUNK]), np.float64)
        margins, labels = part @ w, y[i : i + CHUNK]
        chance = expit(margins)
        value += float(np.logaddexp(0.0, margins * (1.0 - 2.0 * labels)).sum()) / n
        gradient += part.T @ (chance - labels) / n
        curvature += (part.T * (chance * (1 - chance) / n)) @ part
    return value, gradient, curvature


def slope(packed: Packed, X: Points, y: Labels, w: Floats, penalty: float, loss: str) -> float:
    """The gradient of the penalised loss at w (m,), over penalty |w|.

    No less than |w - w*| / |w| for the minimum w*, since the loss is strongly convex with modulus `penalty`.
    """
    from scipy.special import expit

    at_w = len(X) * penalty * w
    for i in range(0, len(X), CHUNK):
        part = np.asarray(packed.matrix(X[i : i + CHUNK]), np.float64)
        labels = y[i : i + CHUNK].astype(np.float64)
        scores = part @ w
        at_w += part.T @ (expit(scores) - labels if loss == "logistic" else scores - (2 * labels - 1))
    with np.errstate(divide="ignore"):  # no weights at all: infinitely far off
        return float(np.linalg.norm(at_w) / (len(X) * penalty * np.linalg.norm(w)))


def _solved(matrix: Floats, target: Floats, penalty: float) -> Floats:
    """(matrix + penalty I)^-1 target for a positive semidefinite matrix (m, m), which is overwritten."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    matrix[np.diag_indices_from(matrix)] += penalty
    try:
        return np.asarray(cho_solve(cho_factor(matrix, lower=True, overwrite_a=True), target))
    except LinAlgError:
        raise _too_small(penalty) from None


def _too_small(penalty: float) -> InvalidArgument:
    return InvalidArgument(
        f"penalty must be larger for these data, such as 0.01, got {penalty:g}: their features are singular"
    )
