"""Players that plant backdoors: one strategy a file."""

from .base import Attacker, BlockAttacker
from .no_attack import NoAttack
from .shattered import Shattered

__all__ = ["Attacker", "BlockAttacker", "NoAttack", "Shattered"]
