"""The law that shows the attacker its trigger before it picks f."""

from __future__ import annotations

import dataclasses

from ...functions.base import Floats
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .base import Offers, TriggerLaw, singles


@dataclasses.dataclass(frozen=True, repr=False)
class BeforeOriginal(TriggerLaw):
    """x* ~ D, then the attacker picks f and f* for it."""

    before_original = True

    def offered(self, distribution: Distribution, keys: Words) -> Points:
        return distribution.sample_block(keys, 0, 1)

    def offers(self, points: Points, weights: Floats) -> Offers:
        return singles(weights)
