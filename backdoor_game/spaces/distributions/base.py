"""The contract of a distribution: where triggers, fresh inputs and examples come from."""

from __future__ import annotations

import abc
from fractions import Fraction
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ...ground import _validate
from ...ground.blame import name_faults, where
from ...ground.errors import ClassFault, InvalidArgument
from ...ground.fractions import as_fraction
from ...ground.generators import take_seeds
from ...ground.spec import Configured, text
from ...ground.streams import Generators, Words, draws
from ..domains import Domain, Points

Floats = npt.NDArray[np.float64]
Support = tuple[Points, Floats]
Window = tuple[Words, Words]


class Distribution(Configured, abc.ABC):
    """A law of points; a subclass writes `sample`, and everything else is optional.

    A shipped or fast distribution inherits `BlockDistribution` instead and writes `sample_block`.
    """

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        name_faults(cls, Distribution)
        take_seeds(cls)

    @abc.abstractmethod
    def sample(self, m: int, rng: np.random.Generator) -> Points:
        """Draw m points.

        Returns
        -------
        ndarray, shape (m, n)
            Points of the domain, in the domain's dtype.
        """

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        """Points start .. start + m - 1 of each key's stream.

        Parameters
        ----------
        keys : ndarray of uint64, shape (B,)
        start, m : int

        Returns
        -------
        ndarray, shape (B, m, n)
            Row r depends on keys[r] alone.
        """
        generators = Generators()
        rows = [np.asarray(self.sample(m, generators.keyed(key))) for key in draws(keys, start, 1)[:, 0]]
        if {row.shape[:1] for row in rows} - {(m,)}:  # rows that stack, and those that do not, are told alike
            wrong = next(row for row in rows if row.shape[:1] != (m,))
            told = f"sample({m}, rng) must have shape ({m}, n), got {wrong.shape} ({where(type(self), 'sample')})"
            raise ClassFault(f"distribution {text(self)[:200]}: {told}")
        return np.stack(rows)

    def on(self, domain: Domain) -> Self:
        """This distribution with sizes left open filled in for `domain`.

        Raises
        ------
        InvalidArgument
            Where the distribution does not live on that domain. This default draws eight points and looks.
        """
        X = np.asarray(self.sample(8, np.random.default_rng(0)))
        if X.shape != (8, domain.n) or X.dtype != domain.dtype or not domain.contains(X).all():
            wanted = f"draws of shape (m, {domain.n}) and type {np.dtype(domain.dtype)} that lie in it"
            raise InvalidArgument(f"{mismatch(self, domain, wanted)} ({where(type(self), 'sample')})")
        return self

    def atoms(self) -> Support | None:
        """All points (A, n) with their weights (A,), or None where the support is infinite or too large to list."""
        return None

    def fractions(self) -> tuple[Fraction, ...] | None:
        """What the weights of `atoms` stand for, as fractions in their order; None where there are no atoms.

        By default 1/N where the law is uniform on N points, else the simplest fraction close to each float; a law whose
        weights are products multiplies fractions.
        """
        listed, size = self.atoms(), self.uniform_size()
        if listed is None:
            return None
        if size is not None and size == len(listed[1]):
            return (Fraction(1, size),) * size
        return tuple(as_fraction(weight) for weight in listed[1].tolist())

    def mass(self, low: Points, high: Points) -> Floats | None:
        """Pr[low <= x <= high] coordinatewise for boxes low, high of shape (B, n); None without a closed form."""
        return None

    def bit_probabilities(self) -> Floats | None:
        """Pr[bit i = 1], shape (n,), where bits are independent; else None."""
        return None

    def uniform_size(self) -> int | None:
        """N where the law is uniform on N points, so that ties at epsilon are decided on counts; else None."""
        return None

    def halves(self) -> bool:
        """Whether `window` speaks of 32-bit halves of words, two points a word, rather than of upper 53 bits."""
        return False

    def window(self, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Window | None:
        """Raw draws [a, b) that give a point with index in low..high (both shape (B,)); None where not monotone."""
        return None


class BlockDistribution(Distribution):
    """A distribution that writes `sample_block`; the one-round form is a block of one."""

    def sample(self, m: int, rng: np.random.Generator) -> Points:
        _validate.room("m", m, m)  # a byte a point at least
        key = rng.integers(2**64, size=1, dtype=np.uint64)
        return np.asarray(self.sample_block(key, 0, m)[0])

    @abc.abstractmethod
    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        """Points start .. start + m - 1 of each key's stream; see `Distribution.sample_block`."""

    @abc.abstractmethod
    def on(self, domain: Domain) -> Self:
        """See `Distribution.on`."""


def countable(size: int) -> int | None:
    """`size`, or None where a float cannot hold it, so that distances are compared as they are."""
    return size if size < 2**1000 else None  # counts times a small factor still are float64


def mismatch(distribution: Any, domain: Domain, wanted: str) -> InvalidArgument:
    """The one sentence that refuses a distribution on another domain."""
    return InvalidArgument(f"distribution {distribution!r} does not fit the domain {domain!r}, which wants {wanted}")
