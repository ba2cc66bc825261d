"""At most one point at a time."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..ground.streams import Words, below, draws
from ..spaces.distributions import Distribution
from ..spaces.domains import Finite, Points
from .base import Booleans, Codes, Floats, Labels, SymmetricMoves, whole_codes
from .foreign import members
from .listing import refuse_large

LISTED = 2**22  # 32 MiB of codes


@dataclasses.dataclass(frozen=True, repr=False)
class Singletons(SymmetricMoves):
    """{p} for each p = 0 .. N-1, and the empty function with code N. VC dimension 1. *Proved.*

    Parameters
    ----------
    points : int
        N, the points of the domain.
    """

    points: int
    code_length = 1
    code_dtype = np.int64
    vc_dimension = 1
    intersection_closed = True
    samples_uniformly = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("Singletons.points", self.points, 1, 2**31)

    @property
    def domain(self) -> Finite:
        return Finite(self.points)

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        return np.asarray(X[:, :, 0] == codes, dtype=np.uint8)

    def contains(self, codes: Codes) -> Booleans:
        return whole_codes(codes, 0, self.points)

    def sample_block(self, keys: Words) -> Codes:
        return below(draws(keys, 0, 1), self.points + 1)

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """Any other member: all are equally close."""
        other = below(draws(keys, 0, 1), self.points)
        return np.asarray(other + (other >= codes))

    def enumerate(self) -> Codes:
        refuse_large(repr(self), self.points + 1, LISTED)
        return np.arange(self.points + 1, dtype=np.int64)[:, None]

    def count(self) -> int:
        return self.points + 1

    def shattered_set(self) -> Points:
        return np.zeros((1, 1), dtype=np.int64)

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        f, g = self._mass(F, distribution), self._mass(G, distribution)
        return None if f is None or g is None else np.where(F[:, 0] == G[:, 0], 0.0, f + g)

    def _mass(self, codes: Codes, distribution: Distribution) -> Floats | None:
        place = np.minimum(codes, self.points - 1)
        mass = distribution.mass(place, place)
        return None if mass is None else np.where(codes[:, 0] < self.points, mass, 0.0)

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        """The empty function if f = {x}, else {x}: the only member that holds x."""
        changed = np.where(codes == x, self.points, x)
        distance = self.distance(codes, changed, distribution)
        return None if distance is None else (changed, distance)

    def consistent(self, X: Points, y: Labels) -> Codes:
        place = np.where(y == 1, X[:, :, 0], -1).max(axis=1, initial=-1)[:, None]
        return np.where(place < 0, self.points, place)

    def labelings(self, points: Points) -> Labels:
        return np.eye(len(points) + 1, len(points), k=-1, dtype=np.uint8)[:, ::-1]

    def witness(self, codes: Codes, x: Points) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        return x[:, 0], x[:, 0]
