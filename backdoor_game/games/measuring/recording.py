"""What happened in each round, kept as one structured array."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground.errors import InvalidArgument
from ..base import Run, Streams
from ..outcomes import FORFEIT, ILLEGAL, PLANTED, STATUS, UNDECIDED, Outcome

MOST = 2**28  # bytes that may be kept: more is a job for `Run.play`, a block at a time
Records = npt.NDArray[np.void]
WORDS = np.array([STATUS[code] for code in (PLANTED, FORFEIT, ILLEGAL, UNDECIDED)])  # by their codes 0 to 3
PLAIN: list[tuple[str, Any]] = [
    ("round", np.int64),
    ("status", WORDS.dtype),
    ("coin", np.uint8),
    ("suspicion_clean", np.float64),
    ("suspicion_planted", np.float64),
    ("flagged_clean", np.bool_),
    ("flagged_planted", np.bool_),
    ("over_budget_clean", np.bool_),
    ("over_budget_planted", np.bool_),
]


class Recorder:
    """Hears the outcomes of a run with one defender, in the order of their rounds, and keeps them.

    Parameters
    ----------
    run : Run
        That keeps what it shows.
    rounds : int
        The most that will be played.

    Raises
    ------
    InvalidArgument
        Where so many rounds fill more than 256 MiB, told after one round has been tried.
    """

    def __init__(self, run: Run, streams: Streams, rounds: int) -> None:
        (tried,) = run.play(streams, range(1))
        self._threshold, self._done = run.defenders[0].threshold, 0
        kept = [] if tried.kept is None else [("f", tried.kept.f), ("f_star", tried.kept.f_star)]
        kept += [] if tried.kept is None else [("x_star", tried.kept.x_star)]
        shown = [(name, found.dtype, found.shape[1:]) for name, found in kept if found is not None]
        dtype = np.dtype([*PLAIN, *shown])
        if (size := dtype.itemsize * rounds) > MOST:
            told = f"records of {rounds} rounds take {size / 2**20:.0f} MiB, and at most {MOST >> 20} MiB are kept"
            raise InvalidArgument(f"{told}: play at most {MOST // dtype.itemsize} rounds, or leave records out")
        self._records: Records = np.zeros(rounds, dtype)

    def __call__(self, outcomes: list[Outcome]) -> None:
        """Keep a block of the one defender."""
        (outcome,) = outcomes
        rows = self._records[self._done : self._done + len(outcome.status)]
        rows["round"] = np.arange(self._done, self._done + len(rows))
        rows["status"], rows["coin"] = WORDS[outcome.status], outcome.coin
        for branch, name in enumerate(("clean", "planted")):
            rows[f"suspicion_{name}"] = outcome.suspicion[branch]
            rows[f"flagged_{name}"] = outcome.suspicion[branch] >= self._threshold
            rows[f"over_budget_{name}"] = outcome.over_budget[branch]
        if outcome.kept is not None:
            self._keep(rows, outcome)
        self._done += len(rows)

    def _keep(self, rows: Records, outcome: Outcome) -> None:
        """f and the trigger of every round, f* where there is one."""
        there = (outcome.status == PLANTED) | (outcome.status == UNDECIDED)
        for name in ("f", "x_star", "f_star"):
            found = getattr(outcome.kept, name)
            if found is not None:
                place = there if name == "f_star" else slice(None)
                rows[name][place] = found[place]

    def records(self) -> Records:
        """The rounds that were played, read-only."""
        found = self._records if self._done == len(self._records) else self._records[: self._done].copy()
        found.setflags(write=False)
        return found
