"""Players for games on circuits."""

from .key_search import KeySearch
from .punctured_prf import PuncturedPRFAttacker
from .structural import StructuralDefender

__all__ = [
    "KeySearch",
    "PuncturedPRFAttacker",
    "StructuralDefender",
]
