"""Networks of hard gates as vectors of real parameters: what may be changed, and searched by trial."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from ...functions import Function, FunctionClass
from ...functions.base import Codes, Floats, Labels
from ...ground import _validate
from ...spaces.domains import Points
from ..models import GateNetworks
from .base import Update, refuse_others

BATCH = 64  # evaluated at once; what follows the first that helps is thrown away


class OfGates(Update):
    """An update of gate networks alone; a subclass writes `moved`."""

    def prepare(self, functions: FunctionClass) -> Self:
        refuse_others(self, functions, GateNetworks)
        return self

    def updated(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        refuse_others(self, model.functions, GateNetworks)
        return self.moved(model, X, y, rng)

    @abc.abstractmethod
    def moved(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        """See `Update.updated`; the model is a gate network."""


class Edits(OfGates):
    """An update by trial: `trials` changes of `weights` random parameters at once."""

    if TYPE_CHECKING:  # read-only, so that a subclass may give each as a field or a class attribute

        @property
        @abc.abstractmethod
        def weights(self) -> int: ...

        @property
        @abc.abstractmethod
        def trials(self) -> int: ...

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer(f"{type(self).__name__}.trials", self.trials, 0, 10**7)

    def moved(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        return climbed(model, X, y, rng, self.trials, self.weights)


def loose(model: Function) -> tuple[GateNetworks, Floats]:
    """A class that holds any real parameters, and the model's own (L,)."""
    functions = model.functions
    assert isinstance(functions, GateNetworks)
    real = model if functions.real else functions.loosened(model.code)
    assert isinstance(real.functions, GateNetworks)
    return real.functions, real.code.copy()


def tallied(functions: GateNetworks, X: Points, y: Labels) -> tuple[Points, Floats, Floats]:
    """The different points (k, n) among X (m, n), how often each is there (k,), and how often with label 1 (k,)."""
    points, place = np.unique(functions.domain.checked(X), axis=0, return_inverse=True)
    count = np.bincount(place.ravel(), weights=np.ones(len(X)), minlength=len(points))
    ones = np.bincount(place.ravel(), weights=y, minlength=len(points))
    return points, count.astype(np.float64), ones.astype(np.float64)


def allowed(functions: GateNetworks, codes: Codes) -> npt.NDArray[np.bool_]:
    """Which real codes (B, L) keep the top gate of three copies a gate that two copies can fire: coefficients over 1/2
    and its threshold in (0, 3)."""
    inside = functions.contains(codes)
    if functions.copies == 1:
        return inside
    top = codes[:, -functions.copies - 1 :]
    return inside & (top[:, :-1] > 0.5).all(axis=1) & (top[:, -1] > 0) & (top[:, -1] < 3)


def proposals(functions: GateNetworks, code: Codes, count: int, weights: int, rng: np.random.Generator) -> Codes:
    """So many codes with `weights` random parameters changed at once, each by N(0, 1) times a power of ten, -2 to 2."""
    codes = np.repeat(code[None], count, axis=0)
    places = rng.random((count, functions.code_length)).argpartition(weights - 1, axis=1)[:, :weights]
    # over four decades, since nothing says how far away a useful value is
    sizes = rng.standard_normal((count, weights)) * 10.0 ** rng.uniform(-2, 2, (count, weights))
    np.put_along_axis(codes, places, np.take_along_axis(codes, places, axis=1) + sizes, axis=1)
    return codes


def climbed(model: Function, X: Points, y: Labels, rng: np.random.Generator, trials: int, weights: int) -> Function:
    """The model after so many trials: a change of `weights` parameters is kept iff training errors become fewer."""
    functions, code = loose(model)
    weights = min(weights, functions.code_length)
    points, count, ones = tallied(functions, X, y)
    cost = count - 2 * ones  # of answering 1 rather than 0

    def errors(codes: Codes) -> Floats:
        labels = functions.member_labels(codes, np.broadcast_to(points, (len(codes), *points.shape)))
        return np.where(allowed(functions, codes), (labels * cost).sum(axis=1), np.inf)

    least, done = errors(code[None])[0], 0
    while done < trials:
        tried = proposals(functions, code, min(BATCH, trials - done), weights, rng)
        better = np.flatnonzero(errors(tried) < least)
        done += len(tried) if len(better) == 0 else int(better[0]) + 1
        if len(better):
            code = tried[better[0]]
            least = errors(code[None])[0]
    return functions.function(code)
