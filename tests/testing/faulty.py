"""What a seeded fault is: a strategy that breaks its contract in one way, and the check that must catch it."""

from __future__ import annotations

import dataclasses
from typing import Any

from backdoor_game import AllFunctions, BackdoorGame, Singletons, Thresholds, Uniform, Weighted

FEW = (
    BackdoorGame(Thresholds(points=3), 0.4, Uniform()),
    BackdoorGame(AllFunctions(points=2), 0.5, Weighted([0.3, 0.7])),
    BackdoorGame(Singletons(points=4), 0.25, Uniform()),
)


@dataclasses.dataclass(frozen=True)
class Fault:
    """A strategy, the check that must fail on it, and those that cannot but fail with it (with why in `because`)."""

    check: str
    thing: Any
    also: tuple[str, ...] = ()
    because: str = ""
    games: tuple[BackdoorGame, ...] | None = FEW

    def __str__(self) -> str:
        return type(self.thing).__name__
