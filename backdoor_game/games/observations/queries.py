"""x', and then labels of f' that the defender asks for."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...ground import _validate
from ...players.views import DefenderBlock
from ...spaces.domains import Points
from .base import Indices, Observation, places

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_QUERIES = 64  # no class that exact methods list takes more to be known; each is a column of a plan


@dataclasses.dataclass(frozen=True, repr=False)
class Queries(Observation):
    """x', and q labels of f' at points that the defender picks, each when it knows the answers before: adaptive.

    f'(x') is one of them, where it is asked for. No kernel is fixed: `kernel` has x' alone, and what is asked is part
    of the defender's plan.

    Parameters
    ----------
    q : int
    """

    q: int

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Queries.q", self.q, 0, MOST_QUERIES)

    @property
    def queries(self) -> int:
        return self.q

    def kernel(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> csr_array:
        """What is seen before anything is asked: x', column x."""
        from scipy.sparse import csr_array

        F, N = len(codes), len(points)
        return csr_array((np.ones(N * F), np.repeat(np.arange(N), F), np.arange(N * F + 1)), shape=(N * F, N))

    def observe(self, view: DefenderBlock, codes: Codes, points: Points, weights: Floats) -> Indices:
        return places(points, view.X)
