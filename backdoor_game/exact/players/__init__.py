"""Players that hold the solution of a finite game."""

from .optimal_attacker import OptimalAttacker
from .optimal_defender import OptimalDefender

__all__ = [
    "OptimalAttacker",
    "OptimalDefender",
]
