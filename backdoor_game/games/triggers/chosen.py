"""The law without nature: the attacker picks its trigger."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .base import Offers, TriggerLaw


@dataclasses.dataclass(frozen=True, repr=False)
class Chosen(TriggerLaw):
    """The attacker picks f, x* and f*; x* must be a point that D can draw."""

    @property
    def draws(self) -> None:
        return None

    def offered(self, distribution: Distribution, keys: Words) -> None:
        return None

    def offers(self, points: Points, weights: Floats) -> Offers:
        return Offers(np.ones((1, len(points)), dtype=np.bool_), np.ones(1))
