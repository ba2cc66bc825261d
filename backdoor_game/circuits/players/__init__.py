"""Players for games on circuits."""

from .key_search import KeySearch
from .parity_check import ParityCheck
from .punctured_prf import PuncturedPRFAttacker
from .structural import StructuralDefender

__all__ = [
    "KeySearch",
    "ParityCheck",
    "PuncturedPRFAttacker",
    "StructuralDefender",
]
