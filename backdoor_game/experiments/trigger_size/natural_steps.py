"""How small a change of an input turns a model's answer without any key: found points, hence upper bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...functions import Function
from ...functions.base import Floats, Labels
from ...planting.models import RandomFourierFeatures

# from far under any step to twice a diameter of the sphere, 30% a step; then to a millionth of it
FIRST, LAST, STEPS, HALVINGS = 1e-4, 4.0, 40, 20


def natural_distances(model: Function, X: Floats, others: Floats, sphere: bool) -> Floats:
    """For each x the distance of a point with another answer: upper bounds on the natural adversarial distance.

    The nearest of two: the first along the gradient of the score, and the one on the way to the nearest of `others`
    that is answered otherwise; both by bisection.

    Parameters
    ----------
    model : Function
        Of `RandomFourierFeatures` or `RandomReLU`.
    X, others : ndarray of float64, shapes (n, d) and (N, d)
    sphere : bool
        Whether inputs are unit vectors: then every point on the way is brought back to norm 1.

    Returns
    -------
    ndarray of float64, shape (n,)
        Infinity where neither way meets another answer.
    """
    labels = model(X)
    downhill = gradients(model, X) * np.where(labels[:, None] == 1, -1.0, 1.0)
    if sphere:
        downhill -= X * (X * downhill).sum(axis=1, keepdims=True)
    downhill /= np.maximum(np.linalg.norm(downhill, axis=1, keepdims=True), 1e-300)
    grid = FIRST * (LAST / FIRST) ** (np.arange(STEPS) / (STEPS - 1))
    found = _first_change(model, X, downhill, labels, grid, sphere)
    return np.asarray(np.minimum(found, _toward_others(model, X, labels, others, sphere)))


def gradients(model: Function, X: Floats) -> Floats:
    """The gradient of the score at each row of X, shape (n, d)."""
    functions: Any = model.functions
    if isinstance(functions, RandomFourierFeatures):
        G, b, w = functions.unpack(model.code)
        return np.asarray(-2 * np.pi * (np.sin(2 * np.pi * (X @ G.T + b)) * w) @ G)
    G = functions.unpack(model.code)[0]
    return np.asarray((X @ G.T > 0) @ G / len(G))


def _toward_others(model: Function, X: Floats, labels: Labels, others: Floats, sphere: bool) -> Floats:
    found, answers = np.full(len(X), np.inf), model(others)
    for label in (0, 1):
        mine, ends = labels == label, others[answers != label]
        if mine.any() and len(ends):
            here = X[mine]
            away = np.linalg.norm(here[:, None] - ends[None], axis=2)
            found[mine] = _first_change(
                model, here, ends[away.argmin(axis=1)] - here, labels[mine], np.linspace(0, 1, 13)[1:], sphere
            )
    return found


def _first_change(model: Function, X: Floats, way: Floats, labels: Labels, grid: Floats, sphere: bool) -> Floats:
    """Distances from X of the first points on the way with another answer, to within a bisected step of the grid."""

    def at(t: Floats) -> Floats:
        moved = X + t[:, None] * way
        return moved / np.linalg.norm(moved, axis=1, keepdims=True) if sphere else moved

    low, high = np.zeros(len(X)), np.full(len(X), np.inf)
    for t in grid:
        open_ = np.isinf(high)
        if not open_.any():
            break
        changed = open_ & (model(at(np.full(len(X), t))) != labels)
        high[changed] = t
        low[open_ & ~changed] = t
    met = np.isfinite(high)
    high[~met] = low[~met]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        changed = model(at(middle)) != labels
        high, low = np.where(met & changed, middle, high), np.where(met & ~changed, middle, low)
    return np.where(met, np.linalg.norm(at(high) - X, axis=1), np.inf)
