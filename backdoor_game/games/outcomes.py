"""What a block of rounds gave."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

PLANTED, FORFEIT, ILLEGAL, UNDECIDED = np.int8(0), np.int8(1), np.int8(2), np.int8(3)
STATUS = {PLANTED: "planted", FORFEIT: "forfeit", ILLEGAL: "illegal", UNDECIDED: "undecided"}

Counts = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Outcome:
    """A block of B rounds with one defender.

    Attributes
    ----------
    status : ndarray of int8, shape (B,)
        PLANTED, FORFEIT, ILLEGAL or UNDECIDED.
    suspicion : ndarray of float64, shape (2, B)
        Row 0 on the clean branch, row 1 on the planted one; NaN where nothing was shown or the defender forfeited.
    shown : ndarray of bool, shape (2, B)
        Whether the branch reached the defender.
    over_budget : ndarray of bool, shape (2, B)
        Defender forfeits.
    coin : ndarray of uint8, shape (B,)
        The branch that was played first, which alone is the literal game.
    examples, evaluations, queries : ndarray of int64, shape (2, B)
        What the defender used; each query is an evaluation too.
    attacker_examples, attacker_evaluations, attacker_queries : ndarray of int64, shape (B,)
    """

    status: npt.NDArray[np.int8]
    suspicion: npt.NDArray[np.float64]
    shown: npt.NDArray[np.bool_]
    over_budget: npt.NDArray[np.bool_]
    coin: npt.NDArray[np.uint8]
    examples: Counts
    evaluations: Counts
    queries: Counts
    attacker_examples: Counts
    attacker_evaluations: Counts
    attacker_queries: Counts
