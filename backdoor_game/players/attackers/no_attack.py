"""The control that never attacks."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..views import AttackerBlock
from .base import NO_PLANT, BlockAttacker, Plants


@dataclasses.dataclass(frozen=True, repr=False)
class NoAttack(BlockAttacker):
    """Forfeits every round: any defender without false alarms wins always. *Proved.*"""

    symmetries = ("rename", "complement")

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, _ = view.chosen()
        return codes, np.full(len(view), NO_PLANT)
