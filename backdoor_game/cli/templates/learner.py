"""A learner: labelled examples in, a prediction at one point out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import FunctionClass, Labels, Learner, Points


@dataclass(frozen=True)
class Mine(Learner):
    """Predicts the label of the nearest example, and `default` where it has none.

    Parameters
    ----------
    default : int
        0 or 1.
    """

    default: int = 0
    order_free = True  # a prediction follows from the set of different examples alone, which exact methods use

    # The contract. A learner is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - X (m, n) are the examples and y (m,) their labels, 0 and 1; m may be 0. x (n,) is the point. All are read-only.
    # - `functions` is the class of the function that has labelled them; the function itself is nobody's to ask.
    # - The answer is 0 or 1. `rng` belongs to this member of this round and is the only source of coins.
    # - `prepare(functions, m)`, optional, returns this learner, made ready, or raises `MissingCapability`.
    # - `expected_error(d, m)`, optional: a proved bound on the error after m examples at VC dimension d. Bounds on
    #   defenders that vote are printed for learners that have one.
    # Inherit from `BlockLearner` and write `predict_block(sample, x, keys)`, or from `ProperLearner`, for speed.

    def predict(self, functions: FunctionClass, X: Points, y: Labels, x: Points, rng: np.random.Generator) -> int:
        if len(X) == 0:
            return self.default
        distance = np.abs(X.astype(np.float64) - x).sum(axis=1)
        return int(y[distance == distance.min()].max())
