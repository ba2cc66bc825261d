"""Disjoint unions: one function on each part of the domain, chosen independently."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..ground import _validate
from ..ground.errors import InvalidArgument
from ..ground.streams import Words, below, draws, mix64
from ..spaces.distributions import Distribution, Mixture
from ..spaces.domains import Points, Union
from .base import BlockFunctionClass, Booleans, Codes, Floats, FunctionClass, Labels
from .foreign import members
from .listing import refuse_large

LISTED = 2**22  # as many as the parts list by themselves; codes grow with the number of parts


@dataclasses.dataclass(frozen=True, repr=False)
class DirectSum(BlockFunctionClass):
    """A member of each part, side by side on the disjoint union of the parts' domains. VC dimensions add. *Proved.*

    A code is the parts' codes one after the other, as int64, or as float64 if any of them is. Under a `Mixture`
    distances add up weighted, and the nearest function changes the part that holds x alone.

    Parameters
    ----------
    parts : sequence of FunctionClass
        The classes, whose domains are laid side by side.
    """

    parts: tuple[FunctionClass, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.parts, tuple) or not self.parts:
            raise InvalidArgument(f"DirectSum.parts must be a list of function classes, got {self.parts!r}")
        for part in self.parts:
            _validate.instance("DirectSum.parts", part, FunctionClass, "Thresholds(points=8)")

    @property
    def domain(self) -> Union:
        return Union(tuple(part.domain for part in self.parts))

    @property
    def code_length(self) -> int:
        return sum(part.code_length for part in self.parts)

    @property
    def code_dtype(self) -> npt.DTypeLike:
        return np.float64 if any(np.dtype(part.code_dtype).kind == "f" for part in self.parts) else np.int64

    @property
    def vc_dimension(self) -> int | None:
        return _total([part.vc_dimension for part in self.parts])

    @property
    def vc_upper_bound(self) -> int | None:
        return _total([part.vc_upper_bound for part in self.parts])

    @property
    def intersection_closed(self) -> bool:
        return all(part.intersection_closed for part in self.parts)

    @property
    def samples_uniformly(self) -> bool:
        return all(part.samples_uniformly for part in self.parts)

    def _split(self, codes: Codes) -> Iterator[tuple[FunctionClass, Codes]]:
        """Each part with its stretch of the codes, in its own type."""
        start = 0
        for part in self.parts:
            with np.errstate(invalid="ignore"):
                yield part, codes[:, start : start + part.code_length].astype(part.code_dtype)
            start += part.code_length

    def _join(self, codes: list[Codes]) -> Codes:
        return np.concatenate([c.astype(self.code_dtype) for c in codes], axis=1)

    def evaluate(self, codes: Codes, X: Points) -> Labels:
        return self._member_labels(*members(self, codes, X))

    def _member_labels(self, codes: Codes, X: Points) -> Labels:
        labels = np.zeros(X.shape[:2], dtype=np.uint8)
        for i, (part, own) in enumerate(self._split(codes)):
            inside, coordinates = self.domain.within(X, i)
            labels |= inside & part.member_labels(own, coordinates)
        return labels

    def sample_block(self, keys: Words) -> Codes:
        # any salts: parts have streams of their own, other than those of the whole
        streams = [mix64(keys ^ np.uint64(0xD5D5 + i)) for i in range(len(self.parts))]
        return self._join([part.sample_block(own) for part, own in zip(self.parts, streams, strict=True)])

    def move_block(self, codes: Codes, keys: Words) -> Codes:
        """A move of one random part."""
        chosen, own = below(draws(keys, 0, 1)[:, 0], len(self.parts)), mix64(keys ^ np.uint64(0xD5D5))
        pieces = []
        for i, (part, piece) in enumerate(self._split(codes)):
            rows = np.flatnonzero(chosen == i)
            piece[rows] = part.move_block(piece[rows], own[rows])
            pieces.append(piece)
        return self._join(pieces)

    def contains(self, codes: Codes) -> Booleans:
        """Whether each part's stretch survives its own type and is a member there."""
        pieces = list(self._split(codes))
        same = (self._join([own for _, own in pieces]) == codes).all(axis=1)
        return np.asarray(same & np.stack([part.contains(own) for part, own in pieces]).all(axis=0))

    def enumerate(self) -> Codes:
        count = self.count()
        if count is None:
            return super().enumerate()
        refuse_large(repr(self), count, LISTED)
        listed = [part.enumerate() for part in self.parts]
        choice = np.unravel_index(np.arange(count), tuple(map(len, listed)))
        return self._join([codes[places] for codes, places in zip(listed, choice, strict=True)])

    def count(self) -> int | None:
        counts = [part.count() for part in self.parts]
        return None if None in counts else math.prod(count for count in counts if count is not None)

    def shattered_set(self) -> Points:
        return np.concatenate([self.domain.embed(part.shattered_set(), i) for i, part in enumerate(self.parts)])

    def realise(self, labels: Labels) -> Codes:
        stops = np.cumsum([len(part.shattered_set()) for part in self.parts])[:-1]
        pieces = np.split(labels, stops, axis=1)
        return self._join([part.realise(own) for part, own in zip(self.parts, pieces, strict=True)])

    def distance(self, F: Codes, G: Codes, distribution: Distribution) -> Floats | None:
        if not isinstance(distribution, Mixture):
            return None
        total = np.zeros(len(F))
        laws = zip(self._split(F), self._split(G), distribution.parts, distribution.weights, strict=True)
        for (part, f), (_, g), law, weight in laws:
            distance = part.distance(f, g, law)
            if distance is None:
                return None
            total += weight * distance
        return total

    def nearest(self, codes: Codes, x: Points, distribution: Distribution) -> tuple[Codes, Floats] | None:
        if not isinstance(distribution, Mixture):
            return None
        changed, best = [], np.full(len(codes), np.inf)
        for i, (part, own) in enumerate(self._split(codes)):
            inside, coordinates = self.domain.within(x, i)
            closest = part.nearest(own, coordinates, distribution.parts[i])
            if closest is None:
                return None
            changed.append(np.where(inside[:, None], closest[0], own))
            reached = inside & np.isfinite(closest[1])
            best[reached] = distribution.weights[i] * closest[1][reached]
        return self._join(changed), best

    def consistent(self, X: Points, y: Labels) -> Codes:
        """Part by part: examples outside a part are replaced by one inside it, if there is any."""
        return self._join([_fit(part, *self.domain.within(X, i), y) for i, part in enumerate(self.parts)])

    def labelings(self, points: Points) -> Labels:
        rows = np.zeros((1, len(points)), dtype=np.uint8)
        for i, part in enumerate(self.parts):
            inside, coordinates = self.domain.within(points, i)
            if inside.any():
                own = part.labelings(coordinates[inside])
                rows = np.repeat(rows, len(own), axis=0)
                rows[:, inside] = np.tile(own, (len(rows) // len(own), 1))
        return np.unique(rows, axis=0)

    def witness(self, codes: Codes, x: Points) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
        low, high = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.int64)
        for i, ((part, own), start) in enumerate(zip(self._split(codes), self.domain.offsets(), strict=True)):
            inside, coordinates = self.domain.within(x, i)
            span = part.witness(own, coordinates)
            if span is None:
                return None
            low, high = np.where(inside, start + span[0], low), np.where(inside, start + span[1], high)
        return low, high


def _total(values: list[int | None]) -> int | None:
    return None if None in values else sum(value for value in values if value is not None)


def _fit(part: FunctionClass, inside: Booleans, X: Points, y: Labels) -> Codes:
    """Codes (B, L) of one part from the examples inside it, which differ in number from row to row."""
    codes = np.empty((len(X), part.code_length), dtype=part.code_dtype)
    some = inside.any(axis=1)
    codes[~some] = part.consistent(X[~some, :0], y[~some, :0])
    if some.any():
        held = inside[some]
        place = np.where(held, np.arange(held.shape[1]), held.argmax(axis=1)[:, None])
        own = np.take_along_axis(X[some], place[:, :, None], axis=1)
        codes[some] = part.consistent(own, np.take_along_axis(y[some], place, axis=1))
    return codes
