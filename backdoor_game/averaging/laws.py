"""The laws that an attacker states of itself, held to be probabilities."""

from __future__ import annotations

import numpy as np

from ..attackers import Attacker
from ..attackers.base import Originals, PlantLaw
from ..errors import ContractError
from ..spec import text
from .ways import ROUNDING


def held_original_law(attacker: Attacker, law: Originals) -> Originals:
    """A law of f that sums to 1, or a `ContractError`."""
    codes, chances = np.asarray(law[0]), np.asarray(law[1], dtype=np.float64)
    sound = chances.shape == (len(codes),) and (chances >= 0).all() and abs(chances.sum() - 1) <= ROUNDING
    if not sound:
        raise ContractError(
            f"choose_law() of {text(attacker)[:200]} must give a probability for each of {len(codes)} codes, "
            f"and they sum to {chances.sum():g}"
        )
    return codes, chances


def held_plant_law(attacker: Attacker, law: PlantLaw, rows: int) -> PlantLaw:
    """A law of plants whose probabilities sum to at most 1 in each row, or a `ContractError`."""
    where, codes, chances = np.asarray(law[0]), np.asarray(law[1]), np.asarray(law[2], dtype=np.float64)
    sound = chances.shape == where.shape == (len(codes),) and (chances >= 0).all()
    most = np.bincount(where, weights=chances, minlength=rows).max(initial=0.0) if sound else np.nan
    if not most <= 1 + ROUNDING:
        raise ContractError(
            f"plant_law() of {text(attacker)[:200]} must give probabilities that sum to at most 1 for each f and "
            f"trigger, and they reach {most:g}"
        )
    return where, codes, chances
