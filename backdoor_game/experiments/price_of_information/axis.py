"""The classes, what may be seen of them, and which of two observations shows no more than the other."""

from __future__ import annotations

from ...functions import Conjunctions, DecisionTrees, Intervals, Singletons, Thresholds
from ...games import BackdoorGame
from ...games.observations import (
    ActivePath,
    Blind,
    Examples,
    Label,
    LeafMassSeen,
    Observation,
    Queries,
    WhiteBox,
)
from ...spaces.distributions import Uniform

TREES = "decision trees"
GAMES: dict[str, BackdoorGame] = {
    "thresholds": BackdoorGame(Thresholds(points=10), 1 / 5, Uniform()),
    "singletons": BackdoorGame(Singletons(points=8), 1 / 8, Uniform()),
    "intervals": BackdoorGame(Intervals(points=8), 1 / 8, Uniform()),
    "conjunctions": BackdoorGame(Conjunctions(bits=3), 1 / 8, Uniform()),
    TREES: BackdoorGame(DecisionTrees(bits=3, leaves=4), 1 / 8, Uniform()),
}
# Thresholds on 10 points at 1/5, by two programs that share nothing: tests/naive/observations.py is a third.
KNOWN: dict[Observation, float] = {
    Examples(0, label=False): 0.8,
    Examples(1, label=False): 0.8075,
    Examples(2, label=False): 0.81375,
    Examples(0): 0.825,
    Examples(1): 0.83,
    Examples(2): 5 / 6,
    WhiteBox(): 5 / 6,
}


def seen_of(label: str, full: bool) -> tuple[Observation, ...]:
    """What may be seen of a class, from nothing to everything."""
    slow = label == TREES and not full  # four examples of a tree take 8 s
    few = (0, 1, 2) if slow else (0, 1, 2, 4)
    paths: tuple[Observation, ...] = (LeafMassSeen(), ActivePath()) if label == TREES else ()
    drawn = [Examples(m, label=shown) for shown in (False, True) for m in few]
    return (Blind(), Label(), *paths, *drawn, *(Queries(q) for q in ((1, 2, 3) if full else (1, 2))), WhiteBox())


def no_finer(one: Observation, other: Observation) -> bool:
    """Whether what `one` shows follows from what `other` shows, so that it cannot be worth more."""
    if isinstance(one, Blind) or isinstance(other, WhiteBox):
        return True
    if isinstance(other, Queries):
        return _labels(one) <= other.q  # who picks the points can ask what chance would have asked
    if isinstance(one, Label):
        return isinstance(other, ActivePath) or (isinstance(other, Examples) and other.label)
    if isinstance(one, Examples) and isinstance(other, Examples):
        return one.m <= other.m and one.label <= other.label
    return isinstance(one, LeafMassSeen) and isinstance(other, ActivePath)


def _labels(one: Observation) -> float:
    """How many labels an observation takes; more than there are where it is none of labels."""
    if isinstance(one, Examples):
        return one.m + one.label
    if isinstance(one, Queries):
        return one.q
    return 1 if isinstance(one, Label) else float("inf")
