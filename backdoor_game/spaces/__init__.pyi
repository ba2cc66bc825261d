"""Written by `python -m tests.stubs` from its rooms' `__all__`: what type checkers see of names that load late."""

from . import (
    distributions as distributions,
    domains as domains,
)
from .distributions import (
    Atoms as Atoms,
    BlockDistribution as BlockDistribution,
    Distribution as Distribution,
    Mixture as Mixture,
    ProductBits as ProductBits,
    StandardNormal as StandardNormal,
    Uniform as Uniform,
    UnitCube as UnitCube,
    Weighted as Weighted,
)
from .domains import (
    Bits as Bits,
    Domain as Domain,
    ENUMERABLE_POINTS as ENUMERABLE_POINTS,
    Finite as Finite,
    Grid as Grid,
    Points as Points,
    Reals as Reals,
    Union as Union,
)

__all__ = [
    "Atoms",
    "Bits",
    "BlockDistribution",
    "Distribution",
    "Domain",
    "ENUMERABLE_POINTS",
    "Finite",
    "Grid",
    "Mixture",
    "Points",
    "ProductBits",
    "Reals",
    "StandardNormal",
    "Uniform",
    "Union",
    "UnitCube",
    "Weighted",
]
