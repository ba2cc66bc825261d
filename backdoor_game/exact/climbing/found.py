"""What a search came to."""

from __future__ import annotations

import dataclasses

from ...functions.base import Booleans, Codes
from ...ground.showing import fields
from ...spaces.domains import Points


@dataclasses.dataclass(frozen=True, eq=False)
class Found:
    """An original f, what is planted for it at each trigger looked at, and what was paid for that.

    Attributes
    ----------
    code : ndarray, shape (L,)
        f.
    loss : float
        1/2 sum_x D(x) [a(f, x) + 1 - a(f*, x)] as the search saw it, a(f', x') being how likely the defender flags;
        what it did not ask about adds 0. One minus this is the win rate that it leaves the defender: exact answers
        at all atoms of D make that a bound, estimated ones are flattered by the choice of the best.
    queries : int
        What the search paid.
    points : ndarray, shape (A, n)
        The atoms of D, or a sample of triggers.
    plants : ndarray, shape (A, L)
        f* at each of them.
    planted : ndarray of bool, shape (A,)
        Where there is one; elsewhere no legal f* was found.
    complete : bool
        Whether the points are all that D can draw.
    """

    code: Codes
    loss: float
    queries: int
    points: Points
    plants: Codes
    planted: Booleans
    complete: bool = True

    __repr__ = fields
