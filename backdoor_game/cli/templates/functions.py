"""A function class: what is backdoored, each function a code array of fixed length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Booleans, Codes, Domain, Finite, FunctionClass, Labels, Points


@dataclass(frozen=True)
class Mine(FunctionClass):
    """Stripes on {0, .., N - 1}: 1 where (x + shift) mod period < period / 2; code (shift,).

    Parameters
    ----------
    points : int
        N.
    period : int
        At least 2, and at most N, so that different codes are different functions.
    """

    points: int = 6
    period: int = 4
    code_length, code_dtype = 1, np.int64  # L, and the type of codes: uint8, int64 or float64
    samples_uniformly = True  # `sample` is uniform over the rows of `enumerate`, so that exact methods may average

    # The contract. A class is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `domain`: Finite(N) and Grid(N, n) have points of int64, Bits(n) of uint8, Reals(n) of float64; n = 1 in Finite.
    # - `evaluate(codes (B, L), X (B, m, n))` gives labels uint8 (B, m), row r under code r. Nothing is written into.
    # - `contains(codes (B, L))`, bool (B,), is asked before `evaluate` sees a player's code: it must reject whatever
    #   `evaluate` could not take.
    # - `sample(rng)` gives a random member's code (L,).
    # Optional: `enumerate()` all codes (F, L), which exact methods need, `vc_dimension`, `distance`, `nearest`,
    # `shattered_set` and `consistent`, which some players need. Inherit from `BlockFunctionClass` for speed.

    @property
    def domain(self) -> Domain:
        return Finite(self.points)

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return (2 * ((X[:, :, 0] + codes) % self.period) < self.period).astype(np.uint8)

    def sample(self, rng: np.random.Generator) -> Codes:
        return rng.integers(self.period, size=1)

    def contains(self, codes: Codes) -> Booleans:
        return (codes[:, 0] >= 0) & (codes[:, 0] < self.period)

    def enumerate(self) -> Codes:
        return np.arange(self.period)[:, None]
