"""Metropolis walks over the codes of a class, and how well they mix."""

from .convergence import effective_size, split_rhat
from .nearness import Nearness, is_exact, price
from .walk import Watch, walk

__all__ = ["Nearness", "Watch", "effective_size", "is_exact", "price", "split_rhat", "walk"]
