"""A distribution from elsewhere, held to its domain: kernels index by its points without looking."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
import numpy.typing as npt

from ..ground.blame import where
from ..ground.errors import ClassFault, InvalidArgument
from ..ground.spec import text
from ..ground.streams import Words
from .distributions import BlockDistribution, Distribution
from .distributions.base import Floats, Support, Window
from .domains import Domain, Points

OWN = __name__.split(".")[0] + "."


@dataclasses.dataclass(frozen=True, repr=False)
class Checked(BlockDistribution):
    """`inner` with every draw looked at; what it says of itself is passed on."""

    inner: Distribution
    domain: Domain

    def on(self, domain: Domain) -> Self:
        return self

    def sample_block(self, keys: Words, start: int, m: int) -> Points:
        X = np.asarray(self.inner.sample_block(keys, start, m))
        try:
            if X.shape != (len(keys), m, self.domain.n):
                raise InvalidArgument(f"sample({m}, rng) must have shape ({m}, {self.domain.n}), got {X.shape[1:]}")
            return self.domain.checked(X)
        except (InvalidArgument, ValueError) as error:
            place = where(type(self.inner), "sample", "sample_block")
            raise ClassFault(f"distribution {text(self.inner)[:200]}: {error} ({place})") from error

    def atoms(self) -> Support | None:
        return self.inner.atoms()

    def mass(self, low: Points, high: Points) -> Floats | None:
        return self.inner.mass(low, high)

    def bit_probabilities(self) -> Floats | None:
        return self.inner.bit_probabilities()

    def uniform_size(self) -> int | None:
        return self.inner.uniform_size()

    def halves(self) -> bool:
        return self.inner.halves()

    def window(self, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Window | None:
        return self.inner.window(low, high)


def checked(distribution: Distribution, domain: Domain) -> Distribution:
    """The distribution itself where it is the package's own, else a checked one."""
    return distribution if type(distribution).__module__.startswith(OWN) else Checked(distribution, domain)
