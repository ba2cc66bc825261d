"""The law of the source: the trigger is drawn after f, of which the attacker has no say."""

from __future__ import annotations

import dataclasses

from ...functions.base import Floats
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .base import Offers, TriggerLaw, singles


@dataclasses.dataclass(frozen=True, repr=False)
class AfterOriginal(TriggerLaw):
    """x* ~ D once f is picked: the game of [CHLX25] section 3, and the default."""

    def offered(self, distribution: Distribution, keys: Words) -> Points:
        return distribution.sample_block(keys, 0, 1)

    def offers(self, points: Points, weights: Floats) -> Offers:
        return singles(weights)
