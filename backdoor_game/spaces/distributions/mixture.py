"""A mixture over the parts of a disjoint union."""

from __future__ import annotations

import dataclasses
import functools
from fractions import Fraction
from typing import Self

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.fractions import as_fraction
from ...ground.streams import Words, mix64
from ..domains import ENUMERABLE_POINTS, Domain, Points, Union
from .atomic import cumulative_ends
from .base import BlockDistribution, Distribution, Support, Window, mismatch


@dataclasses.dataclass(frozen=True, repr=False)
class Mixture(BlockDistribution):
    """First a part with probability weights[i], then a point of that part from parts[i].

    Where every part has listed atoms, a draw is one inverse-distribution look-up over all of them.

    Parameters
    ----------
    parts : sequence of Distribution
        One for each part of the domain.
    weights : sequence of float
        Their probabilities, which sum to 1 within 1e-9.
    domain : Union, optional
        None is filled in by the game.
    """

    parts: tuple[Distribution, ...]
    weights: tuple[float, ...]
    domain: Domain | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "weights", _validate.weights("Mixture.weights", self.weights))
        if len(self.parts) != len(self.weights):
            wanted, given = len(self.parts), len(self.weights)
            raise InvalidArgument(f"Mixture needs a weight for each of its {wanted} parts, got {given}")
        for part in self.parts:
            _validate.instance("Mixture.parts", part, Distribution, "Uniform()")

    def on(self, domain: Domain) -> Self:
        if not isinstance(domain, Union):
            raise mismatch(self, domain, "no mixture")
        if len(domain.parts) != len(self.parts):
            raise mismatch(self, domain, f"a mixture of {len(domain.parts)} parts")
        parts = tuple(part.on(its) for part, its in zip(self.parts, domain.parts, strict=True))
        return dataclasses.replace(self, parts=parts, domain=domain)

    def union(self) -> Union:
        """The filled-in domain."""
        if not isinstance(self.domain, Union):
            raise InvalidArgument("Mixture has no domain yet: call on(domain), as a game does")
        return self.domain

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        from ...kernels.sampling import weighted_indices

        listed = _flat_atoms(self)
        if listed is not None:
            return np.asarray(listed[0][weighted_indices(keys, start, m, cumulative_ends(listed[1]))])
        which = weighted_indices(keys, start, m, cumulative_ends(self.weights))
        out = np.zeros((len(keys), m, self.union().n), dtype=self.union().dtype)
        for i, part in enumerate(self.parts):
            # any salts: parts have streams of their own, other than the one that picks them
            keys_of_part = mix64(keys ^ np.uint64(0xA5A5 + i))
            points = self.union().embed(part.sample_block(keys_of_part, start, m), i)
            out = np.where((which == i)[:, :, None], points, out)
        return out

    def atoms(self) -> Support | None:
        listed = _flat_atoms(self)
        return None if listed is None else (listed[0], np.array(listed[1]))

    def fractions(self) -> tuple[Fraction, ...] | None:
        """Those of the parts, each times what the part's own weight stands for."""
        told = [part.fractions() for part in self.parts]
        if _flat_atoms(self) is None:
            return None
        pairs = zip(map(as_fraction, self.weights), told, strict=True)
        return tuple(weight * one for weight, many in pairs for one in many or ())

    def uniform_size(self) -> int | None:
        listed = _flat_atoms(self)
        return None if listed is None or len(set(listed[1])) > 1 else len(listed[1])

    def window(self, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Window | None:
        listed = _flat_atoms(self)
        if listed is None or not _in_order(self):
            return None
        ends = np.concatenate([[np.uint64(0)], cumulative_ends(listed[1])])
        return ends[low], ends[np.maximum(high + 1, low)]


@functools.lru_cache(maxsize=64)
def _flat_atoms(mixture: Mixture) -> tuple[Points, tuple[float, ...]] | None:
    points, weights = [], []
    for i, (part, weight) in enumerate(zip(mixture.parts, mixture.weights, strict=True)):
        support = part.atoms()
        if support is None:
            return None
        points.append(mixture.union().embed(support[0], i))
        weights.append(support[1] * weight)
    if sum(map(len, weights)) > ENUMERABLE_POINTS:
        return None
    together = np.concatenate(points)
    together.setflags(write=False)
    return together, tuple(np.concatenate(weights).tolist())


@functools.lru_cache(maxsize=64)
def _in_order(mixture: Mixture) -> bool:
    """Whether the listed atoms are all points of the domain in its own order, as windows of indices need."""
    listed, size = _flat_atoms(mixture), mixture.union().size
    if listed is None or len(listed[1]) != size:
        return False
    return bool((mixture.union().index(listed[0]) == np.arange(size)).all())
