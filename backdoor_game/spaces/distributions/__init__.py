"""Where inputs come from: one law a file."""

from .atoms import Atoms
from .base import BlockDistribution, Distribution
from .mixture import Mixture
from .product_bits import ProductBits
from .standard_normal import StandardNormal
from .uniform import Uniform
from .unit_cube import UnitCube
from .weighted import Weighted

__all__ = [
    "Atoms",
    "BlockDistribution",
    "Distribution",
    "Mixture",
    "ProductBits",
    "StandardNormal",
    "Uniform",
    "UnitCube",
    "Weighted",
]
