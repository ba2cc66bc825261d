"""A network of one hidden layer as a value."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.showing import fields

ACTIVATIONS = ("sigmoid", "relu")

Floats = npt.NDArray[Any]


@dataclasses.dataclass(frozen=True, eq=False)
class Network:
    """x -> V a(W x + b) + c, of float64 or float32.

    Attributes
    ----------
    W, b : ndarray, shapes (h, d) and (h,)
        h hidden units on inputs in R^d.
    V, c : ndarray, shapes (k, h) and (k,)
        k scores, one a class; or k = 1, the score of class 1 against class 0.
    activation : str
        a: "sigmoid" or "relu".
    """

    W: Floats
    b: Floats
    V: Floats
    c: Floats
    activation: str

    __repr__ = fields

    def __post_init__(self) -> None:
        if self.activation not in ACTIVATIONS:
            raise InvalidArgument(f"activation must be one of {', '.join(ACTIVATIONS)}, got {self.activation!r}")

    @property
    def parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """W, b, V and c."""
        return self.W, self.b, self.V, self.c

    def hidden(self, X: Floats) -> Floats:
        """a(W x + b) at X (n, d), shape (n, h)."""
        return activated(X @ self.W.T + self.b, self.activation)

    def scores(self, X: Floats) -> Floats:
        """Scores at X (n, d), shape (n, k); what a row gives depends on that row alone, and on no BLAS."""
        points = np.asarray(X, dtype=self.W.dtype)
        inner = np.einsum("nd,hd->nh", points, self.W) + self.b
        return np.asarray(np.einsum("nh,kh->nk", activated(inner, self.activation), self.V) + self.c)

    def classes(self, X: Floats) -> npt.NDArray[np.int64]:
        """The class of largest score at X (n, d), shape (n,), the first of equals; with k = 1 [score >= 0]."""
        scores = self.scores(X)
        return (scores[:, 0] >= 0).astype(np.int64) if scores.shape[1] == 1 else scores.argmax(axis=1)

    def flat(self) -> Floats:
        """All numbers in a row: W row by row, b, V row by row, c."""
        return np.concatenate([part.ravel() for part in self.parts])


def activated(inner: Floats, activation: str) -> Floats:
    """a elementwise, without overflow."""
    return np.maximum(inner, 0) if activation == "relu" else 0.5 * (1 + np.tanh(0.5 * inner))


def joined(flat: Floats, dimension: int, hidden: int, classes: int, activation: str) -> Network:
    """The network whose `flat()` is this."""
    sizes = np.cumsum([hidden * dimension, hidden, classes * hidden])
    W, b, V, c = np.split(flat, sizes)
    return Network(W.reshape(hidden, dimension), b, V.reshape(classes, hidden), c, activation)


def fresh(dimension: int, hidden: int, classes: int, activation: str, rng: np.random.Generator) -> Network:
    """Weights ~ N(0, 2/fan-in) for relu [HeZRS15] and N(0, 1/fan-in) for sigmoid, thresholds 0.

    Parameters
    ----------
    dimension, hidden, classes : int
        d, h and k; two classes take k = 1.
    activation : str
        "sigmoid" or "relu".
    """
    for name, size in (("dimension", dimension), ("hidden", hidden), ("classes", classes)):
        _validate.integer(name, size, 1, 2**16)
    gain = 2.0 if activation == "relu" else 1.0
    W = rng.standard_normal((hidden, dimension)) * np.sqrt(gain / dimension)
    V = rng.standard_normal((classes, hidden)) * np.sqrt(gain / hidden)
    return Network(W, np.zeros(hidden), V, np.zeros(classes), activation)
