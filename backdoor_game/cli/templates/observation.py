"""An observation: a random symbol that a defender sees in place of (f', x'), for solve(game, sees=...)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from backdoor_game import Codes, DefenderBlock, Floats, FunctionClass, Observation, Points, draws

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Mine(Observation):
    """x' and f'(x'), which is told wrong now and then.

    Parameters
    ----------
    noise : float
        The probability of a wrong label, in [0, 1].
    """

    noise: float = 0.1

    # The contract. An observation is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `kernel(functions, codes (F, L), points (N, n), weights (N,))` gives Pr[symbol | f', x'], sparse of shape
    #   (N F, K): row x F + f for function f at point x. Rows sum to 1.
    # - `observe(view, codes, points, weights)` sees: the column of each round, shape (B,), with the kernel's chances.
    #   What it looks at is charged: examples by `view.sample`, labels by `view.evaluate`, work on a code by
    #   `view.charge`. Coins are `draws(view.keys, start, count)`, uint64 (B, count); row r depends on row r alone.
    # - `reads_code`, a property, says whether `observe` reads codes, which a black box hides. `check(functions)`,
    #   optional, refuses a class that it makes no sense in, with an `InvalidArgument` in one sentence.

    def kernel(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> csr_array:
        from scipy.sparse import csr_array

        F, N = len(codes), len(points)
        labels = functions.evaluate(codes, np.broadcast_to(points, (F, *points.shape))).T.ravel()
        right = 2 * np.repeat(np.arange(N), F) + labels
        chances = np.repeat([1 - self.noise, self.noise], N * F)
        return csr_array((chances, (np.tile(np.arange(N * F), 2), np.concatenate([right, right ^ 1]))), (N * F, 2 * N))

    def observe(self, view: DefenderBlock, codes: Codes, points: Points, weights: Floats) -> npt.NDArray[np.int64]:
        place = (view.X[:, None] == points).all(axis=2).argmax(axis=1)
        label = view.evaluate(view.X[:, None])[:, 0]
        wrong = (draws(view.keys, 0, 1)[:, 0] >> np.uint64(11)) * 2.0**-53 < self.noise
        return np.asarray(2 * place + (label ^ wrong))
