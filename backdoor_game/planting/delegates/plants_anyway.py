"""A delegate that hands in other coins than it was told to use."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from ...functions.base import Floats
from ..backdoors import Backdoor
from ..keys.keys import Key
from ..models.trainable import Trainable
from .base import Delegate


@dataclasses.dataclass(frozen=True, repr=False)
class PlantsAnyway(Delegate):
    """Ignores the published coins and draws its own with the key in them: whoever recomputes them sees it. *Simulated.*

    Parameters
    ----------
    backdoor : Backdoor
        One that is planted in coins, such as ``CLWEBackdoor(k=16, beta=0.1)``.
    """

    protocols: ClassVar[tuple[str, ...]] = ("seed", "attacker seed", "committee", "open committee")

    backdoor: Backdoor

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        assert key is not None
        return self.backdoor.coins(functions, key, rng)
