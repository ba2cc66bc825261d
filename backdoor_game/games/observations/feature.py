"""Observations without a coin: a feature of (f', x')."""

from __future__ import annotations

import abc
import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...ground.errors import ContractError
from ...ground.spec import text
from ...players.views import DefenderBlock
from ...spaces.domains import Points
from .base import Indices, Listing, Observation

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Features = npt.NDArray[Any]


class Feature(Observation):
    """Writes `features`: a row of numbers in place of (f', x'). Rows that are equal, byte for byte, are one symbol."""

    @abc.abstractmethod
    def features(self, functions: FunctionClass, codes: Codes, X: Points, points: Points, weights: Floats) -> Features:
        """What is seen of functions (B, L) at inputs (B, n), an array (B, k); D has these points and weights.

        Row r may depend on row r alone.
        """

    @property
    def reads_code(self) -> bool:
        return True

    def kernel(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> csr_array:
        from scipy.sparse import csr_array

        columns, symbols = _numbered(self, Listing(functions, codes, points, weights))
        rows = len(columns)
        return csr_array((np.ones(rows), columns, np.arange(rows + 1)), shape=(rows, len(symbols)))

    def observe(self, view: DefenderBlock, codes: Codes, points: Points, weights: Floats) -> Indices:
        _, symbols = _numbered(self, Listing(view.game.functions, codes, points, weights))
        found = [symbols.get(row.tobytes(), -1) for row in self.seen(view, points, weights)]
        if -1 in found:
            raise ContractError(f"{text(self)[:200]} shows what it does not show of any function listed")
        return np.array(found, dtype=np.int64)

    def seen(self, view: DefenderBlock, points: Points, weights: Floats) -> Features:
        """The `features` of each round, charged as one evaluation: work on a code by hand."""
        view.charge(evaluations=1)
        return np.ascontiguousarray(self.features(view.game.functions, view.codes, view.X, points, weights))


@functools.lru_cache(maxsize=4)  # asked for once a block of rounds; 100 megabytes each at most
def _numbered(feature: Feature, listing: Listing) -> tuple[Indices, dict[bytes, int]]:
    """The column of each row of the kernel, and of each feature's bytes."""
    shown = feature.features(listing.functions, *listing.rows(), listing.points, listing.weights)
    numbers: dict[bytes, int] = {}
    columns = [numbers.setdefault(row.tobytes(), len(numbers)) for row in np.ascontiguousarray(shown)]
    return np.array(columns, dtype=np.int64), numbers
