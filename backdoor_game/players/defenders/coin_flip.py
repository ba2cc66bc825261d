"""The control that tosses a coin."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground.streams import draws
from ..views import DefenderBlock
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class CoinFlip(BlockDefender):
    """Flags every round with probability one half: wins exactly 1/2 given a plant, 3/4 on a forfeit. *Proved.*"""

    symmetries = ("rename", "complement")
    plays = "any"

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return np.asarray((draws(view.keys, 0, 1)[:, 0] >> np.uint64(63)).astype(np.float64))

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        return np.full(len(view), ((self.threshold <= 0.0) + (self.threshold <= 1.0)) / 2)
