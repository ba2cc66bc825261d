"""Who was right in which round, a byte a round and defender, and how two defenders differ over the same rounds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..games.outcomes import FORFEIT, ILLEGAL, UNDECIDED, Outcome
from ..ground.errors import InvalidArgument
from ..ground.paired import paired_interval

MOST = 2**28  # bytes: a quarter of a gigabyte
CLEAN, PLANTED, UNSURE = np.uint8(1), np.uint8(2), np.uint8(4)
Bytes = npt.NDArray[np.uint8]


class Scores:
    """Hears outcomes, see `estimates`, and keeps of each round which branches were told rightly.

    Raises
    ------
    InvalidArgument
        Where rounds times defenders exceed 2^28.
    """

    def __init__(self, defenders: int, rounds: int, branches: int) -> None:
        if defenders * rounds > MOST:
            told = f"{defenders} defenders in {rounds} rounds are over the {MOST} bytes that compare keeps"
            raise InvalidArgument(f"{told}: play at most {MOST // defenders} rounds")
        self._right: Bytes = np.zeros((defenders, rounds), np.uint8)
        self._done, self._branches = [0] * defenders, branches

    def __call__(self, place: int, outcome: Outcome, threshold: float) -> None:
        """Keep a block: an undecided plant as where it is legal."""
        start = self._done[place]
        self._done[place] = stop = start + len(outcome.status)
        flagged = outcome.suspicion >= threshold
        passed = ~(flagged[0] | outcome.over_budget[0])
        caught = (outcome.status == FORFEIT) | (outcome.status == ILLEGAL) | flagged[1]
        unsure = outcome.status == UNDECIDED
        self._right[place, start:stop] = CLEAN * passed + PLANTED * caught + UNSURE * unsure

    def difference(self, one: int, other: int, level: float) -> tuple[float, float, float]:
        """Win rate of one defender minus another's, and its interval at `level`, from the rounds that both played."""
        a, b = self._right[one], self._right[other]
        planted = _differ(a, b, PLANTED)
        clean = _differ(a, b, CLEAN) if self._branches == 2 else planted  # a game of one branch counts it twice
        unsure = (a & UNSURE) > 0
        least = clean + np.where(unsure, np.minimum(planted, 0), planted)
        most = clean + np.where(unsure, np.maximum(planted, 0), planted)
        counts = [np.bincount(found + 2, minlength=5) for found in (least, most)]
        halves = np.arange(-2, 3) @ (counts[0] + counts[1])
        ends = paired_interval(counts[0].tolist(), counts[1].tolist(), level)
        return float(halves / (4 * len(a))), *ends


def _differ(a: Bytes, b: Bytes, branch: np.uint8) -> npt.NDArray[np.int8]:
    return ((a & branch) > 0).astype(np.int8) - ((b & branch) > 0).astype(np.int8)
