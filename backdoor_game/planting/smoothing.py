"""Labels averaged over Gaussian noise, estimated with an interval, and averaged scores in closed form."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..functions import Function
from ..functions.base import Floats, Labels
from ..ground import _validate
from ..ground.errors import InvalidArgument
from ..ground.generators import seeded
from ..ground.showing import fields
from ..ground.statistics import clopper_pearson
from ..spaces.domains import Points
from .models import RandomFourierFeatures

HELD = 2**19  # coordinates of noisy inputs that are held at a time


@dataclasses.dataclass(frozen=True, eq=False)
class Smoothed:
    """How many of the noisy copies of each input got label 1.

    Attributes
    ----------
    ones : ndarray of int64, shape (n,)
    draws : int
        Noisy copies an input.
    """

    ones: npt.NDArray[np.int64]
    draws: int

    __repr__ = fields

    @property
    def share(self) -> Floats:
        """The estimate of E h(x + sigma z) for labels 0 and 1, shape (n,)."""
        return np.asarray(self.ones / self.draws)

    @property
    def labels(self) -> Labels:
        """The label of at least half of the copies, 1 at a tie, shape (n,)."""
        return np.asarray(2 * self.ones >= self.draws, np.uint8)

    def interval(self, level: float = 0.95) -> Floats:
        """The Clopper-Pearson interval of each E h(x + sigma z) at this level, ends (n, 2)."""
        known = {count: clopper_pearson(count, self.draws, level) for count in set(self.ones.tolist())}
        return np.array([known[count] for count in self.ones.tolist()]).reshape(-1, 2)


@seeded
def smoothed(
    h: Callable[[Points], Labels],
    X: npt.ArrayLike,
    sigma: float,
    draws: int,
    rng: np.random.Generator,
    *,
    sphere: bool = False,
) -> Smoothed:
    """Label noisy copies x + sigma z, z ~ N(0, I), of each row of X (n, d).

    Parameters
    ----------
    h : callable
        Such as a `Function`: X (m, d) to labels (m,).
    sigma : float
        At least 0.
    draws : int
        Copies an input.
    sphere : bool
        Scale every copy back to the length of its input, for models of unit vectors.

    Raises
    ------
    InvalidArgument
    """
    points = np.asarray(X, np.float64)
    if points.ndim != 2:
        raise InvalidArgument(f"X must have shape (n, d), got {points.shape}: for one point x write x[None]")
    sigma, draws = _validate.real("sigma", sigma, 0.0), _validate.integer("draws", draws, 1)
    n, d = points.shape
    step = max(1, HELD // max(1, d * draws))
    ones = np.zeros(n, np.int64)
    for i in range(0, n, step):
        part = points[i : i + step, None]
        noisy = part + sigma * rng.standard_normal((part.shape[0], draws, d))
        if sphere:
            noisy *= np.linalg.norm(part, axis=2, keepdims=True) / np.linalg.norm(noisy, axis=2, keepdims=True)
        ones[i : i + step] = h(noisy.reshape(-1, d)).reshape(-1, draws).sum(axis=1, dtype=np.int64)
    return Smoothed(ones, draws)


def smoothed_scores(model: Function, X: Points, sigma: float) -> Floats:
    """E f(x + sigma z) of random Fourier features f at X (n, d), up to one positive factor, shape (n,). *Proved.*

    Feature i shrinks by exp(-2 pi^2 sigma^2 |g_i|^2), whatever x, as Gaussian characteristic functions do; all are
    divided by the largest of these, so that signs outlive every sigma.

    Raises
    ------
    InvalidArgument
        For a model of another class, or a sigma below 0.
    """
    functions: Any = model.functions
    example = "RandomFourierFeatures(features=256, dimension=64)"
    _validate.instance("model.functions", functions, RandomFourierFeatures, example)
    G, b, w = functions.unpack(model.code)
    squares = (G**2).sum(axis=1)
    with np.errstate(over="ignore"):  # to a feature of weight 0
        turns = math.pi * (_validate.real("sigma", sigma, 0.0) * np.sqrt(squares - squares.min()))
        shrunk = w * np.exp(-2 * turns**2)
    return np.asarray(functions.scores(np.concatenate([G.ravel(), b, shrunk]), X))
