"""Stated probabilities against frequencies: exact intervals at a level that leaves no room for chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ..ground.statistics import clopper_pearson
from .results import Broken

LEVEL = 1 - 1e-9  # an honest player fails one time in a billion
ROUNDING = 1e-9  # of stated probabilities, which may be sums


def demand_frequency(hits: int, trials: int, probability: float, what: str) -> None:
    """Refuse a probability outside the Clopper-Pearson interval, level 1 - 1e-9, of what was drawn."""
    if not -ROUNDING <= probability <= 1 + ROUNDING:
        raise Broken(f"the probability of {what} is stated as {probability:.6g}, outside [0, 1]")
    low, high = clopper_pearson(int(hits), trials, LEVEL)
    if not low - ROUNDING <= probability <= high + ROUNDING:
        raise Broken(
            f"the probability of {what} is stated as {probability:.6g}, but it occurs {hits} times in {trials}: "
            f"between {low:.4f} and {high:.4f}"
        )


def demand_law(drawn: Counter[Any], stated: Mapping[Hashable, float], what: Callable[[Any], str]) -> None:
    """Compare how often each thing was drawn with its stated probability; what is not stated must not be drawn."""
    trials = drawn.total()
    for thing in {**stated, **drawn}:
        demand_frequency(drawn[thing], trials, float(stated.get(thing, 0.0)), what(thing))
