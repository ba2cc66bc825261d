"""A handle on labelled examples: charged when handed out, drawn when first read."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, FunctionClass, Labels
from ...ground import _validate
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Domain, Points

Indices = npt.NDArray[np.int64]
FEW = 2**10  # examples that fit whatever their domain: what is asked a million times is not multiplied out


def asked_for(domain: Domain, m: int, members: int = 1) -> tuple[int, int]:
    """m examples for each of so many members, refused where one round's would not fit into memory."""
    m, members = _validate.integer("m", m, 0), _validate.integer("members", members, 1)
    _validate.room("m", m, m * members * domain.n * np.dtype(domain.dtype).itemsize)
    return m, members


class Sample:
    """m examples for each of T members in each of B rounds, labelled by the function that is shown.

    Attributes
    ----------
    X : ndarray, shape (B, T, m, n), read-only
    y : ndarray of uint8, shape (B, T, m), read-only
    functions : FunctionClass
    size, members, m : int
        B, T and m.
    """

    def __init__(
        self,
        functions: FunctionClass,
        distribution: Distribution,
        codes: Codes,
        keys: Words,
        *,
        start: int,
        members: int,
        m: int,
    ) -> None:
        self.functions = functions
        self.size, self.members, self.m = len(keys), members, m
        self._distribution, self._codes, self._keys, self._start = distribution, codes, keys, start

    @functools.cached_property
    def X(self) -> Points:
        """Drawn when first read."""
        flat = self._distribution.sample_block(self._keys, self._start, self.members * self.m)
        X = flat.reshape(self.size, self.members, self.m, flat.shape[2])
        X.setflags(write=False)
        return X

    @functools.cached_property
    def y(self) -> Labels:
        """Labelled when first read."""
        flat = self.X.reshape(self.size, self.members * self.m, self.X.shape[3])
        y = self.functions.member_labels(self._codes, flat).reshape(self.size, self.members, self.m)
        y.setflags(write=False)
        return y

    def rows(self, start: int, stop: int) -> Sample:
        """The same examples for rounds start .. stop - 1 alone."""
        return Sample(
            self.functions,
            self._distribution,
            self._codes[start:stop],
            self._keys[start:stop],
            start=self._start,
            members=self.members,
            m=self.m,
        )

    def witness_hits(self, x: Points) -> Indices | None:
        """How many members' samples hold a witness for x (see `FunctionClass.witness`), shape (B,), without drawing X.

        None where the class or the distribution does not lie on a line of indices.
        """
        span = self.functions.witness(self._codes, x)
        return None if span is None else self._hits(*span)

    def point_hits(self, x: Points) -> Indices | None:
        """How many members' samples hold x itself, shape (B,), without drawing X; None off a line of indices."""
        if self.functions.domain.size is None:
            return None
        places = self.functions.domain.index(x)
        return self._hits(places, places)

    def _hits(self, low: Indices, high: Indices) -> Indices | None:
        window = self._distribution.window(low, high)
        if window is None:
            return None
        from ...kernels.sampling import half_hits, word_hits

        count = half_hits if self._distribution.halves() else word_hits
        found: Indices = count(self._keys, self._start, self.m, self.members, *window)
        return found


class WrittenSample(Sample):
    """One member a row, on examples that are given rather than drawn: X (B, m, n) and y (B, m)."""

    def __init__(self, functions: FunctionClass, X: Points, y: Labels) -> None:
        self.functions = functions
        self.size, self.members, self.m = len(X), 1, X.shape[1]
        self.X, self.y = X[:, None], y[:, None]
        for array in (self.X, self.y):
            array.setflags(write=False)

    def rows(self, start: int, stop: int) -> WrittenSample:
        return WrittenSample(self.functions, self.X[start:stop, 0], self.y[start:stop, 0])

    def witness_hits(self, x: Points) -> None:
        return None

    def point_hits(self, x: Points) -> None:
        return None
