"""A delegate that supplies the coins itself."""

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
class OwnCoins(Delegate):
    """Nobody asks where its coins come from, so it draws them with the key in them. *Simulated.*

    Parameters
    ----------
    backdoor : Backdoor
        One that is planted in coins, such as ``CLWEBackdoor(k=16, beta=0.1)``.
    """

    protocols: ClassVar[tuple[str, ...]] = ("attacker",)

    backdoor: Backdoor

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        assert key is not None
        return self.backdoor.coins(functions, key, rng)
