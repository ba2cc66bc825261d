"""The control that flags everything."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ..views import DefenderBlock
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class AlwaysFlag(BlockDefender):
    """Trusts nobody: detects every plant, and every clean branch is a false alarm: wins exactly 1/2. *Proved.*"""

    symmetries = ("rename", "complement")
    plays = "any"

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        return np.ones(len(view))

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        return np.full(len(view), float(self.threshold <= 1.0))
