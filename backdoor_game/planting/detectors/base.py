"""The contract of a detector: it sees a model, perhaps with an input, and says how suspicious it is."""

from __future__ import annotations

import abc
import dataclasses
import functools
import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from ...functions.base import Floats
from ...games.contract import call
from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground.errors import BudgetExceeded, ContractError, InvalidArgument
from ...ground.progress import Heard, Progress, silent
from ...ground.spec import text
from ...ground.streams import Generators
from ...players.defenders import Defender
from ..views import ModelView

FAR = 1e300  # where a score overflows its scale, z / (1 + |z|) is still a number on the right side
UNHEARD = Heard(silent)


class Detector(Defender[ModelView]):
    """A defender of the games about models: writes `suspicion(view, rng)` for a `ModelView`."""

    plays = "models"

    @abc.abstractmethod
    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
        """How likely the model is backdoored, or the input activated, in [0, 1]; flagged from `threshold` on."""


@dataclasses.dataclass(frozen=True, repr=False)
class Calibrated(Detector):
    """A detector that writes `score(view, rng)` and has its threshold set on clean rounds of the game itself.

    Parameters
    ----------
    alarms : float
        Share of clean rounds that may score above the threshold: its empirical quantile is taken. Of fresh clean rounds
        a share of (floor(alarms clean) + 1)/(clean + 1) is expected above it.
    clean : int
        Clean rounds, of seeds that no estimate uses, to take it on. They are remembered for as long as the process
        runs: what `score` reads beyond its arguments must not change.
    cutoff, spread : float, optional
        The threshold, and the scale above 0 on which suspicion falls off around it; `prepare` fills what is None.
    """

    alarms: float = 0.01
    clean: int = 400
    cutoff: float | None = None
    spread: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.real(f"{type(self).__name__}.alarms", self.alarms, 0.0, 1.0)
        _validate.integer(f"{type(self).__name__}.clean", self.clean, 1, 10**7)
        if self.cutoff is not None:
            _validate.real(f"{type(self).__name__}.cutoff", self.cutoff)
        if self.spread is not None and _validate.real(f"{type(self).__name__}.spread", self.spread, 0.0) == 0.0:
            raise InvalidArgument(f"{type(self).__name__}.spread must be above 0, got 0.0: leave it out")

    @abc.abstractmethod
    def score(self, view: ModelView, rng: np.random.Generator) -> float:
        """Any finite number, larger where a plant is likelier."""

    def fits(self, game: Any) -> None:
        """Refuse a game that this detector cannot play, before any model is made.

        Raises
        ------
        MissingCapability, InvalidArgument
        """

    def prepare(self, game: Any) -> Self:
        self.fits(game)
        ready: Self = calibrated((self,), game, silent)[0]
        return ready

    @property
    def open(self) -> bool:
        """Whether `cutoff` or `spread` is still to be filled."""
        return self.cutoff is None or self.spread is None

    def with_threshold(self, cutoff: float, spread: float) -> Self:
        """This detector with these where it has none: what the user has set stays."""
        kept = self.cutoff if self.cutoff is not None else cutoff, self.spread if self.spread is not None else spread
        return dataclasses.replace(self, cutoff=kept[0], spread=kept[1])

    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
        """1/2 at the threshold, and at least 1/2 only above it."""
        assert self.cutoff is not None
        assert self.spread is not None
        score = self._finite(self.score(view, rng))
        z = min(max((score - self.cutoff) / self.spread, -FAR), FAR)  # which may overflow
        suspicion = 0.5 + 0.5 * z / (1 + abs(z))
        return max(suspicion, 0.5) if score > self.cutoff else min(suspicion, float(np.nextafter(0.5, 0)))

    def _finite(self, score: Any) -> float:
        if not isinstance(score, (int, float, np.floating)) or not np.isfinite(score):
            raise ContractError(f"score() must return a finite number, got {score!r}")
        return float(score)


def calibrated(defenders: Sequence[Any], game: Any, progress: Progress) -> tuple[Any, ...]:
    """The defenders, those of them whose thresholds are open with thresholds set on one set of clean rounds."""
    found = list(defenders)
    for key in (False, True):  # who holds a key is shown one with every model, and nobody else is
        open_ones = [d for d in defenders if isinstance(d, Calibrated) and d.open and d.holds_key == key]
        if open_ones:
            values = dict(zip(open_ones, calibrate(tuple(open_ones), game, Heard(progress)), strict=True))
            found = [d.with_threshold(*values[d]) if d in values else d for d in found]
    return tuple(found)


@functools.lru_cache(maxsize=256)  # a pair of numbers a detector: hours of training, for nothing to hold
def calibrate(
    detectors: tuple[Calibrated, ...], game: Any, heard: Heard = UNHEARD
) -> tuple[tuple[float, float], ...]:
    """Thresholds and spreads of several detectors, all set on the same clean rounds.

    The threshold is the smallest clean score that at most a share `alarms` of them exceed; the spread their standard
    deviation, 1 where they are all equal.

    Raises
    ------
    InvalidArgument
        For a detector that goes over the game's budget on a clean round.
    """
    clean = max(detector.clean for detector in detectors)
    scores = np.full((len(detectors), clean), np.nan)
    done = 0
    with one_blas_thread():  # once around it all: BLAS burns time whenever its threads are stopped and started
        for block in game.clean_blocks(clean, detectors[0]):
            for row, detector in enumerate(detectors):
                here = min(len(block), detector.clean - done)
                if here > 0:
                    scored = functools.partial(_scored, detector, block, here)
                    scores[row, done : done + here] = call(detector, "prepare", scored)
            done += len(block)
            heard.progress(done, clean)
    found = []
    for detector, column in zip(detectors, scores, strict=True):
        known = np.sort(column[: detector.clean])
        above = min(detector.clean - 1, math.floor(detector.alarms * detector.clean + 1e-9))
        found.append((float(known[detector.clean - 1 - above]), _deviation(known) or 1.0))
    return tuple(found)


def _deviation(scores: Floats) -> float:
    """Their standard deviation, even of scores whose squares overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = float(scores.std())
    if np.isfinite(found):
        return found
    scale = float(np.abs(scores).max())
    return scale * float((scores / scale).std())


def _scored(detector: Calibrated, block: Any, rows: int) -> Floats:
    """Scores of the first rows of a block, shape (rows,), each on a meter of its own."""
    generators, scores = Generators(), np.empty(rows)
    for r in range(rows):
        meter = block.game.meter(1)
        try:
            view = block._alone_with(r, meter).row(0)
            scores[r] = detector._finite(detector.score(view, generators.keyed(block.keys[r])))
        except BudgetExceeded as error:
            meter.refused[:] = True
            reason = str(error)
        if meter.refused.any():
            raise InvalidArgument(f"{text(detector)[:200]} goes over its budget on a clean model: {reason}")
    return scores
