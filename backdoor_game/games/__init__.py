"""The games: one definition a file."""

from .backdoor import BackdoorGame

__all__ = ["BackdoorGame"]
