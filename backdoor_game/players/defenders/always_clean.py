"""The control that never flags."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ..views import DefenderBlock
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class AlwaysClean(BlockDefender):
    """Trusts everybody: no false alarm, and no detection but of forfeits. *Proved.*"""

    symmetries = ("rename", "complement")
    plays = "any"

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return np.zeros(len(view))

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        return np.full(len(view), float(self.threshold <= 0.0))
