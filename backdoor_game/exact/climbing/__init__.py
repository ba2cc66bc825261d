"""Local search for an f and plants that a given defender misses, paid for in questions to that defender."""

from .found import Found
from .plants import LegalPlants
from .search import search
from .suspicions import Suspicions, pair_keys

__all__ = ["Found", "LegalPlants", "Suspicions", "pair_keys", "search"]
