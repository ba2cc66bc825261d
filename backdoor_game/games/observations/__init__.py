"""What a defender is able to see of (f', x'): one observation a file."""

from .active_path import ActivePath
from .base import Observation
from .blind import Blind
from .examples import Examples
from .feature import Feature
from .label import Label
from .leaf_mass_seen import LeafMassSeen
from .queries import Queries
from .white_box import WhiteBox

__all__ = [
    "ActivePath",
    "Blind",
    "Examples",
    "Feature",
    "Label",
    "LeafMassSeen",
    "Observation",
    "Queries",
    "WhiteBox",
]
