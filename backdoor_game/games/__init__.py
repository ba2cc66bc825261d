"""The games: one definition a file."""

from .activation import Activation
from .backdoor import BUDGETS, BackdoorGame
from .base import Game
from .delegation import Delegation
from .persistence import Persistence
from .replication import Replication
from .static_detection import StaticDetection

__all__ = [
    "BUDGETS",
    "Activation",
    "BackdoorGame",
    "Delegation",
    "Game",
    "Persistence",
    "Replication",
    "StaticDetection",
]
