"""Forgers: they have seen activated inputs and make one of a fresh input, without the key."""

from .base import Forger
from .copycat import Copycat
from .gaussian_elimination import GaussianElimination
from .splice import Splice

__all__ = ["Copycat", "Forger", "GaussianElimination", "Splice"]
