"""The games: one definition a file."""

from .backdoor import BUDGETS, BackdoorGame

__all__ = ["BUDGETS", "BackdoorGame"]
