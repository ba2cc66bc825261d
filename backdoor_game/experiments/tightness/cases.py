"""One worst case of one bound."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Case:
    """What is lost on one game against its worst attacker, beside what the bound says may be lost.

    Attributes
    ----------
    bound : str
        Name of the bound.
    what : str
        The class, D, and the player's sizes.
    how : str
        How the loss was computed: enumerated over a class, or counted by its symmetry. Never played.
    loss : float
        1 - win rate; where it is counted, against one attacker, so that the worst loses at least as much.
    limit : float
        1 - bound.
    least : float
        The share of the limit that is lost at least, as the definition gives it: pinned from below.
    """

    bound: str
    what: str
    how: str
    loss: float
    limit: float
    least: float

    @property
    def share(self) -> float:
        """Loss over limit: above 1 the bound is broken, at 1 it is tight."""
        return self.loss / self.limit
