"""Every 0/1 function on N points."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..spaces.distributions import Distribution
from ..spaces.distributions.uniform import listed
from ..spaces.domains import Finite, Points
from .base import Booleans, Codes, Floats, Labels
from .bit_strings import BitStrings
from .foreign import members
from .listing import refuse_large

LISTED_POINTS = 22  # 2^22 codes of 22 bytes are 92 MB, and a point more doubles that


@dataclasses.dataclass(frozen=True, repr=False)
class AllFunctions(BitStrings):
    """All 2^N functions on the points 0 .. N-1; a code is the row of N labels. VC dimension N. *Proved.*

    Parameters
    ----------
    points : int
        N, the points of the domain.
    """

    points: int
    intersection_closed = True
    samples_uniformly = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("AllFunctions.points", self.points, 1, 65_536)

    @property
    def domain(self) -> Finite:
        return Finite(self.points)

    @property
    def code_length(self) -> int:
        return self.points

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        from ..kernels.tables import gather

        labels: Labels = gather(codes, np.ascontiguousarray(X[:, :, 0]))
        return labels

    def contains(self, codes: Codes) -> Booleans:
        from ..kernels.tables import all_at_most

        return np.asarray(all_at_most(codes, np.uint8(1)))

    def enumerate(self) -> Codes:
        refuse_large(repr(self), 2**self.points, 2**LISTED_POINTS)
        places = np.arange(2**self.points, dtype="<u4")[:, None].view(np.uint8)
        return np.unpackbits(places, axis=1, bitorder="little", count=self.points)

    def shattered_set(self) -> Points:
        return listed(self.domain)

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        size = distribution.uniform_size()
        support = distribution.atoms()
        if size == self.points:
            from ..kernels.tables import count_differences

            return np.asarray(count_differences(F, G) / size)
        if support is None:
            return None
        differ = F[:, support[0][:, 0]] != G[:, support[0][:, 0]]
        return np.asarray(np.where(differ, support[1], 0.0).sum(axis=1))

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        mass = distribution.mass(x, x)
        if mass is None:
            return None
        flipped = codes.copy()
        flipped[np.arange(len(codes)), x[:, 0]] ^= 1
        return flipped, mass

    def consistent(self, X: Points, y: Labels) -> Codes:
        codes = np.zeros((len(X), self.points), dtype=np.uint8)
        rows, columns = np.nonzero(y)
        codes[rows, X[rows, columns, 0]] = 1
        return codes

    def labelings(self, points: Points) -> Labels:
        k = len(points)
        refuse_large(f"{self!r} on {k} points", 2**k, 2**LISTED_POINTS)
        places: npt.NDArray[Any] = np.arange(2**k, dtype=np.int64)[:, None]
        return (places >> np.arange(k - 1, -1, -1) & 1).astype(np.uint8)

    def witness(self, codes: Codes, x: Points) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        return x[:, 0], x[:, 0]
