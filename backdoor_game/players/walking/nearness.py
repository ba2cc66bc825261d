"""How far members are from the functions that are shown: exactly, or on a labelled sample of each."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes, Floats, FunctionClass, Labels
from ...functions.distance import exact_distance
from ...ground.showing import fields
from ...spaces.distributions import Distribution
from ...spaces.domains import Points


@dataclasses.dataclass(frozen=True, eq=False)
class Nearness:
    """dist(g, f') for rows of shown functions f' (B, L): under D, or the share of a sample's labels that g misses.

    Attributes
    ----------
    functions : FunctionClass
    shown : ndarray, shape (B, L)
    distribution : Distribution or None
        D, where distances under it are exact.
    X, y : ndarray, shapes (B, m, n) and (B, m), or None
        Each row's own sample, where there is no such D.
    """

    functions: FunctionClass
    shown: Codes
    distribution: Distribution | None = None
    X: Points | None = None
    y: Labels | None = None

    __repr__ = fields

    def __call__(self, codes: Codes) -> Floats:
        """Distances of members (B, L), row by row, shape (B,)."""
        if self.X is not None:
            return np.asarray((self.functions.member_labels(codes, self.X) != self.y).mean(axis=1))
        assert self.distribution is not None
        distance = exact_distance(self.functions, self.distribution, self.shown, codes)
        assert distance is not None
        return distance

    def repeated(self, rows: slice, times: int) -> Nearness:
        """Some of the rows, each as often as there are walks from it, side by side."""

        def part(array: Points | None) -> Points | None:
            return None if array is None else np.repeat(array[rows], times, axis=0)

        return dataclasses.replace(
            self, shown=np.repeat(self.shown[rows], times, axis=0), X=part(self.X), y=part(self.y)
        )


def is_exact(functions: FunctionClass, distribution: Distribution | None) -> bool:
    """Whether distances under D have a closed form or are sums over atoms."""
    if distribution is None:
        return False
    one = functions.sample_block(np.zeros(1, dtype=np.uint64))
    return exact_distance(functions, distribution, one, one) is not None


def price(functions: FunctionClass, distribution: Distribution | None, examples: int | None) -> int:
    """Evaluations that one distance costs: what the class says, else as many as there are examples or atoms of D."""
    if distribution is None or examples is not None:
        return int(examples or 0)
    one = functions.sample_block(np.zeros(1, dtype=np.uint64))
    if functions.distance(one, one, distribution) is not None:
        return functions.distance_price(distribution)
    support = distribution.atoms()
    return 1 if support is None else len(support[0])
