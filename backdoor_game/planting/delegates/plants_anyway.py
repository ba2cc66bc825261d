"""A delegate that hands in other coins than it was told to use."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from ..backdoors import Backdoor
from .base import DrawsKey


@dataclasses.dataclass(frozen=True, repr=False)
class PlantsAnyway(DrawsKey):
    """Ignores the published coins and draws its own with the key in them: whoever recomputes them sees it. *Simulated.*

    Parameters
    ----------
    backdoor : Backdoor
        One that is planted in coins, such as ``CLWEBackdoor(k=16, beta=0.1)``.
    """

    protocols: ClassVar[tuple[str, ...]] = ("seed", "attacker seed", "committee", "open committee")

    backdoor: Backdoor
