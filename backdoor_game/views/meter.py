"""Meters and budgets, and the `Protocol` of a game that players are typed against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..distributions import Distribution
from ..domains import Points
from ..errors import BudgetExceeded
from ..functions import Function, FunctionClass
from ..functions.base import Codes, Labels

Counts = npt.NDArray[np.int64]
Known = tuple[Points, Callable[[], Labels]]


class GameLike(Protocol):
    """What players may rely on in a game."""

    @property
    def functions(self) -> FunctionClass: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def distribution(self) -> Distribution | None: ...


class Meter:
    """Counts what a player uses in each row of a block, and stops it at its budget."""

    def __init__(self, rows: int, *, examples: int | None = None, evaluations: int | None = None) -> None:
        self.examples: Counts = np.zeros(rows, dtype=np.int64)
        self.evaluations: Counts = np.zeros(rows, dtype=np.int64)
        self._most_examples, self._most_evaluations = examples, evaluations

    def charge(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0) -> None:
        """Add to the given rows; where one would go over, raises `BudgetExceeded` and grants nothing."""
        if examples:
            _grant(self.examples, rows, examples, self._most_examples, "examples")
        if evaluations:
            _grant(self.evaluations, rows, evaluations, self._most_evaluations, "evaluations")


def _grant(used: Counts, rows: slice | int, more: int, most: int | None, what: str) -> None:
    if most is not None and np.any(used[rows] + more > most):
        raise BudgetExceeded(f"more than {most} {what} in a round")
    used[rows] += more


class RowMeter(Meter):
    """A meter of one row that charges a row of another."""

    def __init__(self, meter: Meter, row: int) -> None:
        super().__init__(1)
        self._meter, self._row = meter, row

    def charge(self, rows: slice | int, *, examples: int = 0, evaluations: int = 0) -> None:
        self._meter.charge(self._row, examples=examples, evaluations=evaluations)


class MeteredFunction(Function):
    """A function whose calls are charged; its label at the shown input may be looked up rather than computed."""

    __slots__ = ("_known", "_meter", "_row")

    def __init__(
        self, functions: FunctionClass, code: Codes, meter: Meter, row: int, known: Known | None = None
    ) -> None:
        self._functions, self.code = functions, code
        self._meter, self._row, self._known = meter, row, known

    def __call__(self, X: Points) -> Labels:
        X = np.asarray(X)
        self._meter.charge(self._row, evaluations=len(X))
        if self._known is not None and len(X) == 1:
            x, labels = self._known
            if X.dtype == x.dtype and X.shape[1:] == x.shape and X.tobytes() == x.tobytes():
                return np.asarray(labels()[self._row])
        return super().__call__(X)
