"""Stochastic gradient descent on the logistic loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground._blas import one_blas_thread
from .network import Floats, Network, activated

Classes = npt.NDArray[Any]


def loss(network: Network, X: Floats, y: Classes) -> float:
    """Mean logistic loss, in nats, at X (n, d) with classes y (n,)."""
    scores = network.scores(X)
    if scores.shape[1] == 1:
        signed = np.where(y == 1, scores[:, 0], -scores[:, 0])
        return float(np.logaddexp(0, -signed).mean())
    away = scores - scores[np.arange(len(y)), y][:, None]
    return float(np.logaddexp.reduce(away, axis=1).mean())


def gradient(network: Network, X: Floats, y: Classes) -> tuple[Floats, Floats, Floats, Floats]:
    """Derivatives of the mean loss by W, b, V and c."""
    inner = X @ network.W.T + network.b
    hidden = activated(inner, network.activation)
    away = _away(hidden @ network.V.T + network.c, y) / len(y)
    # the derivative of the sigmoid h is h (1 - h)
    slope = (inner > 0) if network.activation == "relu" else hidden * (1 - hidden)
    back = (away @ network.V) * slope
    return back.T @ X, back.sum(axis=0), away.T @ hidden, away.sum(axis=0)


def _away(scores: Floats, y: Classes) -> Floats:
    """Probabilities less what was right, shape (n, k): the loss's derivative by the scores."""
    if scores.shape[1] == 1:
        return np.asarray(activated(scores, "sigmoid") - y[:, None])
    odds: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    odds[np.arange(len(y)), y] -= 1
    return odds


def descended(
    network: Network,
    X: Floats,
    y: Classes,
    rng: np.random.Generator,
    *,
    epochs: int,
    lr: float,
    batch: int = 32,
    decay: float = 0.0,
    after: Callable[[int, Network], None] | None = None,
) -> Network:
    """The network after so many passes over X (n, d) and y (n,), each in an order of its own.

    Parameters
    ----------
    network : Network
        Left as it is.
    lr : float
        Step size.
    batch : int
        Examples a step; the last one of a pass may have fewer.
    decay : float
        Weight decay: every step also takes lr * decay of W and V away, never of b and c.
    after : callable, optional
        Called with (passes done, network) before the first pass and after each; it must not keep the network's arrays.
    """
    W, b, V, c = (part.copy() for part in network.parts)
    moving = Network(W, b, V, c, network.activation)
    points, labels = np.asarray(X, dtype=network.W.dtype), np.asarray(y).astype(np.int64)
    with one_blas_thread():
        for epoch in range(epochs + 1):
            if after is not None:
                after(epoch, moving)
            if epoch == epochs:
                break
            order = rng.permutation(len(points))
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                steps = gradient(moving, points[rows], labels[rows])
                for place, (part, step) in enumerate(zip(moving.parts, steps, strict=True)):
                    if decay and place in (0, 2):
                        np.multiply(part, 1 - lr * decay, out=part)
                    np.subtract(part, lr * step, out=part)
    return moving
