"""A defender asked without a coin to toss."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..defenders import Defender
from ..functions.base import Booleans
from ..views import DefenderBlock
from .ways import SealedGenerator


def flagged_without_coins(defender: Defender, view: DefenderBlock) -> Booleans:
    """Which rows of a view with sealed keys are flagged, shape (B,).

    Raises
    ------
    RandomnessUsed
        Where the defender wants a coin; whatever else it raises comes through as it is.
    """
    if type(defender).suspicion_block is not Defender.suspicion_block:
        return np.asarray(np.asarray(defender.suspicion_block(view)) >= defender.threshold)
    rng: Any = SealedGenerator()
    said = [float(defender.suspicion(view.row(r), rng)) for r in range(len(view))]
    return np.asarray(np.asarray(said) >= defender.threshold)
