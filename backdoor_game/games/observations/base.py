"""The contract of an observation: a random symbol in place of (f', x')."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...ground.errors import ContractError
from ...ground.spec import Configured
from ...players.views import DefenderBlock
from ...spaces.domains import Points

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Indices = npt.NDArray[np.int64]


class Observation(Configured, abc.ABC):
    """Writes `kernel`, the chances of each symbol that a defender sees who sees no more, and `observe`, which sees it.

    A `Feature` of (f', x') writes one method less.
    """

    @property
    def queries(self) -> int:
        """How many labels of f' the defender asks once it has seen the symbol, at points of its own choice."""
        return 0

    @property
    def reads_code(self) -> bool:
        """Whether `observe` reads the code of f', so that a black box hides what it needs."""
        return False

    @property
    def tells_codes(self) -> bool:
        """Whether it may tell functions apart that agree wherever D has mass: then equal ones are not merged."""
        return self.reads_code

    def check(self, functions: FunctionClass) -> None:
        """Refuse, in one sentence, a class that it makes no sense in."""

    @abc.abstractmethod
    def kernel(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> csr_array:
        """Pr[symbol | f', x'], sparse of shape (N F, K): row x F + f for the function f of the codes (F, L) at point x.

        Parameters
        ----------
        codes : ndarray, shape (F, L)
        points : ndarray, shape (N, n)
            Those that D can draw.
        weights : ndarray, shape (N,)
            D on them.

        Raises
        ------
        InvalidArgument
            Where there are too many symbols, with their number and the limit.
        """

    @abc.abstractmethod
    def observe(self, view: DefenderBlock, codes: Codes, points: Points, weights: Floats) -> Indices:
        """The symbol that each round shows, shape (B,): a column of `kernel` for these codes, points and weights.

        What is looked at is charged: examples by `view.sample`, labels by `view.evaluate`, work on a code by
        `view.charge`.
        """


class Listing:
    """A class on the support of D, as the key of what was worked out for it."""

    def __init__(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> None:
        self.functions, self.codes, self.points, self.weights = functions, codes, points, weights
        self._key = (functions, codes.tobytes(), points.tobytes(), weights.tobytes())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listing) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def rows(self) -> tuple[Codes, Points]:
        """Codes (N F, L) and points (N F, n) of the rows of a kernel."""
        F, N = len(self.codes), len(self.points)
        return np.tile(self.codes, (N, 1)), np.repeat(self.points, F, axis=0)


def places(points: Points, X: Points) -> Indices:
    """Which of the points (N, n) each x (B, n) is, shape (B,)."""
    known = {point.tobytes(): place for place, point in enumerate(np.ascontiguousarray(points))}
    found = [known.get(x.tobytes(), -1) for x in np.ascontiguousarray(X)]
    if -1 in found:
        raise ContractError(f"the point {X[found.index(-1)].tolist()} is none of the atoms with mass that D lists")
    return np.array(found, dtype=np.int64)
