"""A delegate that supplies the coins itself."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from ..backdoors import Backdoor
from .base import DrawsKey


@dataclasses.dataclass(frozen=True, repr=False)
class OwnCoins(DrawsKey):
    """Nobody asks where its coins come from, so it draws them with the key in them. *Simulated.*

    Parameters
    ----------
    backdoor : Backdoor
        One that is planted in coins, such as ``CLWEBackdoor(k=16, beta=0.1)``.
    """

    protocols: ClassVar[tuple[str, ...]] = ("attacker",)

    backdoor: Backdoor
