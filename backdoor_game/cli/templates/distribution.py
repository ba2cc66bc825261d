"""A distribution D: where triggers, fresh inputs and examples come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Distribution, Points, Support


@dataclass(frozen=True)
class Mine(Distribution):
    """The points 0, .., N - 1 of Finite(N), i with a weight proportional to ratio^i.

    Parameters
    ----------
    points : int
        N.
    ratio : float
        Above 0 and at most 1.
    """

    points: int = 4
    ratio: float = 0.5

    # The contract. A distribution is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `sample(m, rng)` draws m points, shape (m, n), in the domain's type: int64 for Finite and Grid, uint8 for Bits,
    #   float64 for Reals. `rng` is the only source of coins.
    # Optional: `atoms()` all points (A, n) with their weights (A,), which exact methods need; `on(domain)` fills sizes
    # that are left open, and by default draws eight points and looks. Inherit from `BlockDistribution` for speed.

    def sample(self, m: int, rng: np.random.Generator) -> Points:
        points, weights = self.atoms()
        return points[np.searchsorted(np.cumsum(weights[:-1]), rng.random(m), side="right")]

    def atoms(self) -> Support:
        weights = self.ratio ** np.arange(self.points)
        return np.arange(self.points)[:, None], weights / weights.sum()
