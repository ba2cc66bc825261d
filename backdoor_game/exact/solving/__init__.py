"""The exact value of a game, optimal play, best responses, and how far a strategy is from optimal."""

from .replies import BestResponse, Exploitability, best_response, exact_win_rate, exploitability
from .search import DistributionSearch
from .solution import Solution, solve

__all__ = [
    "BestResponse",
    "DistributionSearch",
    "Exploitability",
    "Solution",
    "best_response",
    "exact_win_rate",
    "exploitability",
    "solve",
]
