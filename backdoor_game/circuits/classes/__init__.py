"""Circuits as a class of functions."""

from .circuits import Circuits

__all__ = [
    "Circuits",
]
