"""Small instances of every distribution that is shipped, each on a domain, and what it promises there."""

from __future__ import annotations

import dataclasses

import numpy as np

from backdoor_game.ground import streams
from backdoor_game.spaces.distributions import (
    Atoms,
    Distribution,
    Mixture,
    ProductBits,
    StandardNormal,
    Uniform,
    UnitCube,
    Weighted,
)
from backdoor_game.spaces.domains import Bits, Domain, Finite, Grid, Reals, Union


@dataclasses.dataclass(frozen=True)
class Example:
    """A law on a domain, and whether it must have listed atoms and windows of indices."""

    law: Distribution
    domain: Domain
    listed: bool = True
    window: bool = False

    def __str__(self) -> str:
        return f"{self.law}-{self.domain}"

    @property
    def filled(self) -> Distribution:
        return self.law.on(self.domain)


PAIR = Union((Finite(3), Bits(2)))
MIXED = Union((Finite(3), Reals(2)))
EXAMPLES = [
    Example(Uniform(), Finite(1), window=True),
    Example(Uniform(), Finite(10), window=True),
    Example(Uniform(), Grid(3, 2), window=True),
    Example(Uniform(), Bits(4), window=True),
    Example(Uniform(), Finite(70_000), listed=False),
    Example(Uniform(), Grid(300, 3), listed=False),
    Example(Uniform(), Bits(70), listed=False),
    Example(Weighted((1.0,)), Finite(1), window=True),
    Example(Weighted((0.1, 0.0, 0.2, 0.7, 0.0)), Finite(5), window=True),
    Example(Weighted((0.25, 0.25, 0.25, 0.25)), Finite(4), window=True),
    Example(Atoms((4, 0, 2), (0.5, 0.25, 0.25)), Finite(6)),
    Example(Atoms(((0, 2), (1, 1))), Grid(3, 2)),
    Example(Atoms(((0.5, -1.0), (0.25, 3.0), (0.0, 0.0)), (0.2, 0.0, 0.8)), Reals(2)),
    Example(Atoms(((0, 2, 0), (1, 1, 0))), PAIR),
    Example(ProductBits(), Bits(3)),
    Example(ProductBits(0.3), Bits(2)),
    Example(ProductBits((0.0, 0.9, 0.5)), Bits(3)),
    Example(ProductBits(0.2), Bits(20), listed=False),
    Example(UnitCube(), Reals(2), listed=False),
    Example(StandardNormal(), Reals(3), listed=False),
    Example(Mixture((Uniform(), Uniform()), (0.3, 0.7)), PAIR, window=True),
    Example(Mixture((Weighted((0.5, 0.0, 0.5)), ProductBits(0.3)), (0.5, 0.5)), PAIR, window=True),
    Example(Mixture((Atoms((2, 0)), Uniform()), (0.5, 0.5)), PAIR),
    Example(Mixture((Atoms((2, 0, 1)), Uniform()), (0.5, 0.5)), PAIR),
    Example(Mixture((Uniform(), UnitCube()), (0.25, 0.75)), MIXED, listed=False),
]


def fixed_keys(count: int, seed: int = 3) -> np.ndarray:
    """Fixed keys for draws."""
    return streams.role_keys(seed, "distributions", "fresh", 0, count)
