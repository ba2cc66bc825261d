"""A data set: training and test examples, drawn or split anew for each model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Dataset, Split


@dataclass(frozen=True)
class Mine(Dataset):
    """Two Gaussian clouds of unit variance around +shift and -shift on the first axis.

    Parameters
    ----------
    dimension : int
        d.
    shift : float
    train, test : int
        Examples to train on and to judge by.
    """

    dimension: int = 8
    shift: float = 1.0
    train: int = 200
    test: int = 100

    # The contract. A data set is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `dimension` is d, the coordinates of an input: a field, a class attribute or a property.
    # - `split(rng)` gives Split(X, y, X_test, y_test): inputs float64 (n, d), finite; labels uint8 (n,), 0 and 1, both
    #   among those to train on. Examples are fresh each time, or fixed ones split anew by `rng`.

    def split(self, rng: np.random.Generator) -> Split:
        count = self.train + self.test
        y = rng.permutation(np.arange(count) % 2).astype(np.uint8)
        X = rng.standard_normal((count, self.dimension))
        X[:, 0] += self.shift * (2.0 * y - 1.0)
        return Split(X[: self.train], y[: self.train], X[self.train :], y[self.train :])
