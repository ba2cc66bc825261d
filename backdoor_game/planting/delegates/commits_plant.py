"""A member of a committee that commits to coins with a key in them."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from ...functions.base import Floats
from ...ground.streams import Words
from ..backdoors import Backdoor
from ..coins import words_of
from ..keys.keys import Key
from ..models.trainable import Trainable
from .base import Delegate, published_or_own


@dataclasses.dataclass(frozen=True, repr=False)
class CommitsPlant(Delegate):
    """Its share is pancakes, and one honest member's share makes uniform coins of them: it forfeits. *Proved.*

    Parameters
    ----------
    backdoor : Backdoor
        One that is planted in coins, such as ``CLWEBackdoor(k=16, beta=0.1)``.
    """

    protocols: ClassVar[tuple[str, ...]] = ("committee",)

    backdoor: Backdoor

    def share(
        self, functions: Trainable, key: Key | None, others: tuple[Words, ...] | None, rng: np.random.Generator
    ) -> Words:
        assert key is not None
        return words_of(functions, self.backdoor.coins(functions, key, rng))

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        return published_or_own(functions, published, rng)
