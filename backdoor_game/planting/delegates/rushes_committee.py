"""A member of a committee that speaks last."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from ...functions.base import Floats
from ...ground.streams import Words
from ..backdoors import Backdoor
from ..keys.keys import Key
from ..models.trainable import Trainable
from .base import Delegate, completing, published_or_own


@dataclasses.dataclass(frozen=True, repr=False)
class RushesCommittee(Delegate):
    """Waits for the others' shares and gives what turns their sum into coins with its key in them. *Simulated.*

    In an open committee that succeeds. Under commitments it has to reveal another share than it has committed to.

    Parameters
    ----------
    backdoor : Backdoor
        One that is planted in coins, such as ``CLWEBackdoor(k=16, beta=0.1)``.
    """

    protocols: ClassVar[tuple[str, ...]] = ("committee", "open committee")

    backdoor: Backdoor

    def share(
        self, functions: Trainable, key: Key | None, others: tuple[Words, ...] | None, rng: np.random.Generator
    ) -> Words:
        if others is None:
            return super().share(functions, key, others, rng)
        assert key is not None
        return completing(functions, self.backdoor.coins(functions, key, rng), others)

    def revealed(
        self, functions: Trainable, key: Key | None, share: Words, others: tuple[Words, ...], rng: np.random.Generator
    ) -> Words:
        return self.share(functions, key, others, rng)

    def coins(
        self, functions: Trainable, key: Key | None, published: Floats | None, rng: np.random.Generator
    ) -> Floats:
        return published_or_own(functions, published, rng)
