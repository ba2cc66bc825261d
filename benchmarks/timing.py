"""Interleaved timing and the record that each comparison ends in."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

ROUNDS = 9


@dataclass(frozen=True)
class Bar:
    """What a row is judged by: a ratio that must be reached, or (`at_most`) seconds that must not be passed."""

    floor: float
    stretch: float
    at_most: bool = False

    def verdict(self, value: float) -> str:
        if self.at_most:
            return "stretch" if value <= self.stretch else "floor" if value <= self.floor else "MISSED"
        return "stretch" if value >= self.stretch else "floor" if value >= self.floor else "MISSED"


@dataclass(frozen=True)
class Row:
    """One comparison: medians in seconds, peer / ours, the bar, and why nothing was measured, if nothing was."""

    name: str
    ours: float | None = None
    peer: float | None = None
    ratio: float | None = None
    bar: Bar | None = None
    reason_skipped: str = ""

    @property
    def verdict(self) -> str:
        value = self.ours if self.bar is not None and self.bar.at_most else self.ratio
        return "-" if self.bar is None or value is None else self.bar.verdict(value)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}


def seconds(function: Callable[[], object], repeats: int = 1) -> float:
    """Wall time of one call, averaged over `repeats` of them."""
    start = time.perf_counter()
    for _ in range(repeats):
        function()
    return (time.perf_counter() - start) / repeats


def compare(
    name: str,
    ours: Callable[[], object],
    peer: Callable[[], object],
    *,
    bar: Bar | None = None,
    rounds: int = ROUNDS,
) -> Row:
    """Medians over rounds in which both run in turn, so that a slow moment of the machine meets both.

    Both have run once before the clock starts: compiling and first touches are not timed. A call shorter than
    20 ms is repeated within its round, so that the clock's own grain does not matter.
    """
    ours()
    peer()
    repeats = [max(1, min(1000, round(0.02 / max(seconds(f), 1e-7)))) for f in (ours, peer)]
    times = [(seconds(ours, repeats[0]), seconds(peer, repeats[1])) for _ in range(rounds)]
    mine, other = (statistics.median(column) for column in zip(*times, strict=True))
    return Row(name, mine, other, other / mine, bar)
