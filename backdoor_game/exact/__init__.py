"""Finite games as arrays, and their exact solution: linear programs, regret matching, guarantees and fractions."""

from .equilibrium import Equilibrium, equilibrium, settled
from .guarantees import Attack
from .legal import LegalGame, legal_game

__all__ = ["Attack", "Equilibrium", "LegalGame", "equilibrium", "legal_game", "settled"]
