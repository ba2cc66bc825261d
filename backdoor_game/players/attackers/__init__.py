"""Players that plant backdoors: one strategy a file."""

from .base import Attacker, BlockAttacker
from .deepest_legal import DeepestLegal
from .exchangeable_pair import ExchangeablePair
from .graft_path import GraftPath
from .hidden_tile import HiddenTile
from .nearest import NearestLegal
from .no_attack import NoAttack
from .random_legal import RandomLegal
from .shattered import Shattered
from .star import Star

__all__ = [
    "Attacker",
    "BlockAttacker",
    "DeepestLegal",
    "ExchangeablePair",
    "GraftPath",
    "HiddenTile",
    "NearestLegal",
    "NoAttack",
    "RandomLegal",
    "Shattered",
    "Star",
]
