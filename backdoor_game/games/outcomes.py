"""What a block of rounds gave."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from ..ground.showing import fields

PLANTED, FORFEIT, ILLEGAL, UNDECIDED = np.int8(0), np.int8(1), np.int8(2), np.int8(3)
STATUS = {PLANTED: "planted", FORFEIT: "forfeit", ILLEGAL: "illegal", UNDECIDED: "undecided"}

Counts = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, eq=False)
class Kept:
    """What was shown in a block of B rounds, kept where a run asks for it, since long codes fill the memory.

    Attributes
    ----------
    f, f_star : ndarray, shape (B, L) or (B,), or None
        The codes, or what stands for each where codes are models; `f_star` means something where there is a plant.
    x_star : ndarray, shape (B, n), or None
        The trigger, where the game shows an input.
    """

    f: npt.NDArray[Any] | None = None
    f_star: npt.NDArray[Any] | None = None
    x_star: npt.NDArray[Any] | None = None

    __repr__ = fields


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
    kept : Kept or None
        None where the run does not keep it.
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
    kept: Kept | None = None

    __repr__ = fields
