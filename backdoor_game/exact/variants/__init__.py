"""Finite variants of the game: any trigger law, clean input, reveal and observation, as one linear program."""

from .tree import Variant

__all__ = ["Variant"]
