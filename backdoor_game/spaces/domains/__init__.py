"""What a point is: finite sets, grids, bit vectors, real vectors and disjoint unions of them."""

from .base import ENUMERABLE_POINTS, Domain, Points
from .bits import Bits
from .finite import Finite
from .grid import Grid
from .reals import Reals
from .union import Union

__all__ = ["ENUMERABLE_POINTS", "Bits", "Domain", "Finite", "Grid", "Points", "Reals", "Union"]
