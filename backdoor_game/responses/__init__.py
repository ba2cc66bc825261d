"""Players that are built from the opponent that they answer: one strategy a file."""

from .likelihood_ratio import LikelihoodRatio
from .worst_attack import WorstAttack

__all__ = ["LikelihoodRatio", "WorstAttack"]
