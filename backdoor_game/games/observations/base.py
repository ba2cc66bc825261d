"""The contract of an observation: a random symbol in place of (f', x')."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...ground.errors import ContractError
from ...ground.spec import Configured, text
from ...players.views import DefenderBlock
from ...spaces.domains import Points

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Indices = npt.NDArray[np.int64]
SUMS = 1e-9  # by which chances of thousands of symbols may miss 1, as weights of a distribution may


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


def checked_kernel(sees: Observation, kernel: Any, rows: int) -> csr_array:
    """What an observation's `kernel` returns, held to its contract: so many rows, each of them a law."""
    from scipy.sparse import csr_array, issparse

    who, shape = text(sees)[:200], tuple(getattr(kernel, "shape", ()))
    if not issparse(kernel) or len(shape) != 2 or shape[0] != rows:
        raise ContractError(
            f"{who}: kernel() must return a sparse array of {rows} rows, a row for each (x', f'), got "
            f"{type(kernel).__name__} of shape {shape}"
        )
    compressed: Any = csr_array  # scipy's types know no array of any shape
    made: csr_array = compressed(kernel)
    made.sum_duplicates()
    sums = np.asarray(made.sum(axis=1)).ravel()
    off = np.flatnonzero(~(np.abs(sums - 1.0) <= SUMS))
    if len(off):
        raise ContractError(f"{who}: each row of kernel() must sum to 1, and row {off[0]} sums to {sums[off[0]]:.9g}")
    if made.nnz and not made.data.min() >= 0:
        raise ContractError(f"{who}: kernel() must hold chances, and holds {made.data.min():.6g}")
    return made


def checked_symbols(sees: Observation, symbols: Any, rounds: int, columns: int) -> Indices:
    """What an observation's `observe` returns, held to its contract: a column of its kernel for each round."""
    found = np.asarray(symbols)
    if found.shape != (rounds,) or found.dtype.kind not in "iu":
        got = f"{found.dtype} of shape {found.shape}"
        raise ContractError(f"{text(sees)[:200]}: observe() must return {rounds} whole numbers, got {got}")
    wrong = found[(found < 0) | (found >= columns)]
    if len(wrong):
        raise ContractError(
            f"{text(sees)[:200]}: observe() must return columns of its kernel, 0 to {columns - 1}, got {wrong[0]}"
        )
    return found.astype(np.int64)


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
