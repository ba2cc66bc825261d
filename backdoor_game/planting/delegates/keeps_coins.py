"""A delegate that uses the coins that it is given."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from ...functions.base import Floats
from ..backdoors import Backdoor
from ..keys.keys import Key
from ..models.trainable import Trainable
from .base import Delegate, published_or_own


@dataclasses.dataclass(frozen=True, repr=False)
class KeepsCoins(Delegate):
    """Trains honestly, and forfeits: the key that it has fixed beforehand is any model's wrong key. *Proved.*

    Parameters
    ----------
    backdoor : Backdoor, optional
        Whose key it fixes all the same; None fixes none, and is the honest party of every clean round.
    """

    plants: ClassVar[bool] = False

    backdoor: Backdoor | None = None

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        return published_or_own(functions, published, rng)
