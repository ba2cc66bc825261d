"""A detector's advantage with its interval, and several detectors judged on the same models."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from ...games.measuring.together import Match, estimates
from ...ground.spec import text
from ...ground.statistics import clopper_pearson
from ...planting.backdoors import Backdoor
from ...planting.detectors import Detector
from ...planting.games.base import ModelGame

FAMILY_ERROR = 0.05  # of all intervals of advantages together: rounds with models are dear
SMALL = 0.1  # an upper end that 300 rounds can reach; what is smaller is called by this number


@dataclasses.dataclass(frozen=True)
class Judged:
    """What one detector said of `rounds` clean and as many backdoored models.

    Attributes
    ----------
    detector : str
    rounds, alarms, detections : int
    level : float
        Of each of the two Clopper-Pearson intervals that the advantage's is made of.
    """

    detector: str
    rounds: int
    alarms: int
    detections: int
    level: float

    @property
    def advantage(self) -> float:
        """Detection rate minus false-alarm rate, in [-1, 1]."""
        return (self.detections - self.alarms) / self.rounds

    @property
    def interval(self) -> tuple[float, float]:
        """For the advantage: ends of the detection rate minus opposite ends of the false-alarm rate."""
        alarm = clopper_pearson(self.alarms, self.rounds, self.level)
        caught = clopper_pearson(self.detections, self.rounds, self.level)
        return caught[0] - alarm[1], caught[1] - alarm[0]

    @property
    def contains_zero(self) -> bool:
        """Whether the detector may be as good as none."""
        return self.interval[0] <= 0 <= self.interval[1]

    def point(self) -> dict[str, object]:
        """What the JSON keeps."""
        low, high = self.interval
        return {**dataclasses.asdict(self), "advantage": self.advantage, "low": low, "high": high}


def found_in(one: Judged) -> str:
    """What an interval of the advantage says in words; never that there is nothing to find."""
    low, high = one.interval
    if low > 0:
        return f"an advantage above {low:.2f}"
    return f"no advantage above {SMALL:g} found" if high <= SMALL else f"no advantage above {high:.2f} found"


def judged(
    game: ModelGame,
    attacker: Backdoor,
    panel: Sequence[Detector],
    rounds: int,
    seed: int,
    *,
    claims: int,
    threads: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Judged]:
    """Each detector's answers on `rounds` clean and `rounds` backdoored models, thresholds set on further clean ones.

    Parameters
    ----------
    claims : int
        K of the family that the intervals belong to: each rate's is at 1 - .05/(2 K), so that all hold at once at .95.
    progress : callable
        Called with the rounds done.
    """
    found = estimates(
        [Match(game, attacker, detector, rounds, seed) for detector in panel],
        level=1 - FAMILY_ERROR,
        threads=threads,
        progress=lambda done, total: progress(rounds * done // total),
    )
    level = 1 - FAMILY_ERROR / (2 * claims)
    return [
        Judged(text(detector), one.rounds, one.false_alarms, one.detections, level)
        for detector, one in zip(panel, found, strict=True)
    ]
