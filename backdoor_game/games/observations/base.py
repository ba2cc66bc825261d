"""The contract of an observation: a random symbol in place of (f', x')."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...ground.spec import Configured
from ...spaces.domains import Points

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Observation(Configured, abc.ABC):
    """Writes `kernel`: with which probability a defender who sees no more sees each symbol."""

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
        """
