"""The exact value of a game, optimal play, best responses, and how far a strategy is from optimal."""

from .curve import value_curve
from .optimal_play import OptimalPlay
from .replies import BestResponse, Exploitability, best_response, exact_win_rate, exploitability
from .search import DistributionSearch
from .solution import Solution, solve
from .value_curve import ValueCurve

__all__ = [
    "BestResponse",
    "DistributionSearch",
    "Exploitability",
    "OptimalPlay",
    "Solution",
    "ValueCurve",
    "best_response",
    "exact_win_rate",
    "exploitability",
    "solve",
    "value_curve",
]
