"""Players that plant backdoors: one strategy a file."""

from .base import Attacker, BlockAttacker
from .hidden_tile import HiddenTile
from .nearest import NearestLegal
from .no_attack import NoAttack
from .optimal import OptimalAttacker
from .random_legal import RandomLegal
from .shattered import Shattered

__all__ = [
    "Attacker",
    "BlockAttacker",
    "HiddenTile",
    "NearestLegal",
    "NoAttack",
    "OptimalAttacker",
    "RandomLegal",
    "Shattered",
]
