"""The games: one definition a file."""

from ..ground.namespace import moved
from .backdoor import BUDGETS, BackdoorGame
from .base import Game

__all__ = [
    "BUDGETS",
    "BackdoorGame",
    "Game",
]

__getattr__, __dir__ = moved(__name__, "measuring", "observations", "predicates", "reveals", "triggers")
