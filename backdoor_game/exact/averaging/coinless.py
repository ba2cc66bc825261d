"""A defender asked without a coin to toss, and what it states of itself held to be a probability."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...functions.base import Booleans, Floats
from ...games.contract import ask_suspicion, checked_suspicions
from ...ground.errors import ContractError
from ...ground.inheritance import overrides
from ...ground.spec import text
from ...players.defenders import Defender
from ...players.views import DefenderBlock, Meter
from .ways import ROUNDING, Seal, SealedGenerator


def flagged_without_coins(defender: Defender, view: DefenderBlock, seal: Seal) -> Booleans:
    """Which rows of a view with sealed keys are flagged, shape (B,).

    Raises
    ------
    RandomnessUsed
        Where the defender wants a coin; whatever else it raises comes through.
    """
    if overrides(defender, Defender.suspicion_block):
        answers, _ = ask_suspicion(defender, view, lambda: Meter(1))
        return np.asarray(answers >= defender.threshold)
    rng: Any = SealedGenerator(seal)
    said = [defender.suspicion(view.row(r), rng) for r in range(len(view))]
    return np.asarray(checked_suspicions(defender, np.array(said), len(view)) >= defender.threshold)


def stated_probability(defender: Defender, view: DefenderBlock) -> Floats:
    """The defender's own `suspicion_probability`, refused where it is none.

    Raises
    ------
    MissingCapability, NotImplementedError
        Where it offers none.
    ContractError
    """
    stated = np.asarray(defender.suspicion_probability(view), dtype=np.float64)
    if stated.shape != (len(view),) or not ((stated >= -ROUNDING) & (stated <= 1 + ROUNDING)).all():
        wrong = stated.ravel()[:1] if stated.shape != (len(view),) else stated[~((stated >= 0) & (stated <= 1))][:1]
        raise ContractError(
            f"suspicion_probability() of {text(defender)[:200]} must give numbers in [0, 1] of shape ({len(view)},), "
            f"got {', '.join(f'{value:g}' for value in wrong)} of shape {stated.shape}"
        )
    return np.clip(stated, 0.0, 1.0)
