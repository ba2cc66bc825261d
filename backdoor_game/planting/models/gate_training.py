"""How a small network of hard gates is learned: hidden gates without looking at labels, and a perceptron on top."""

from __future__ import annotations

import numpy as np

from ...functions.base import Codes, Labels
from ...ground.errors import InvalidArgument
from ...spaces.domains import Bits, Points

PASSES = 10  # the best pass counts, so that more never hurt; they cost time on data that no gate separates


def examples(domain: Bits, X: Points, y: Labels) -> tuple[Points, Labels]:
    """Examples as uint8 (m, n) and uint8 (m,), refused in one sentence where they cannot be learned from."""
    points = domain.checked(X)
    labels = np.asarray(y)
    if points.ndim != 2 or labels.shape != points.shape[:1]:
        shapes = f"{points.shape} and {labels.shape}"
        raise InvalidArgument(f"X and y must have shapes (m, {domain.n}) and (m,), got {shapes}")
    known = np.unique(labels)
    if not np.isin(known, (0, 1)).all():
        raise InvalidArgument(f"y must hold the labels 0 and 1 alone, got {known[:5].tolist()!r}")
    if len(known) < 2:
        raise InvalidArgument(f"y must hold both classes, got only {known.tolist()!r}: add examples of the other")
    return points, labels.astype(np.uint8)


def learned(X: Points, y: Labels, gates: int, weight: int, rng: np.random.Generator) -> Codes:
    """The code of one copy, with the best output gate that some passes of the perceptron rule [Rosenblatt58] meet.

    The first hidden gates pass the inputs on, one each; the others have random weights -1 and 1 and fire on about half
    of the examples.

    Parameters
    ----------
    X, y : ndarray of uint8, shapes (m, n) and (m,)
    gates, weight : int
        Hidden gates, and the largest weight.
    """
    W = 2 * rng.integers(2, size=(gates, X.shape[1])) - 1
    W[: X.shape[1]] = np.eye(X.shape[1], dtype=np.int64)[:gates]
    sums = X.astype(np.int64) @ W.T
    t = np.floor(np.median(sums, axis=0)).astype(np.int64)  # a gate fires from t + 1/2 on
    t[: X.shape[1]] = 0
    fired = (sums > t).astype(np.int64)
    best, fewest = np.append(np.zeros(gates, np.int64), -1), int((y == 0).sum())
    a, b = np.zeros(gates, np.int64), 0  # the output gate fires where <a, h> > b
    for _ in range(PASSES):
        for i in rng.permutation(len(X)):
            miss = int(y[i]) - int(fired[i] @ a > b)
            if miss:
                a = np.clip(a + miss * fired[i], -weight, weight)
                b = int(np.clip(b - miss, -weight * gates - 1, weight * gates))
        wrong = int(((fired @ a > b) != y).sum())
        if wrong < fewest:
            best, fewest = np.append(a, 2 * b + 1), wrong
    return np.concatenate([np.column_stack([W, 2 * t + 1]).ravel(), best])
