"""Finite games as arrays, and their exact solution: linear programs, regret matching, guarantees and fractions."""

from .guarantees import Attack
from .legal import LegalGame, legal_game
from .optimal import Equilibrium, distribution_of, equilibrium

__all__ = ["Attack", "Equilibrium", "LegalGame", "distribution_of", "equilibrium", "legal_game"]
