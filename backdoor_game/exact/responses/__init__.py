"""Players that are built from the opponent that they answer: one strategy a file."""

from .hill_climb import HillClimbAttacker
from .likelihood_ratio import LikelihoodRatio
from .worst_attack import WorstAttack

__all__ = ["HillClimbAttacker", "LikelihoodRatio", "WorstAttack"]
