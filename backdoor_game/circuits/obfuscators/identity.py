"""No obfuscation at all."""

from __future__ import annotations

import dataclasses

from ...functions.base import Codes
from ...ground.streams import Words
from ..classes import Circuits
from .base import Obfuscator, refitted


@dataclasses.dataclass(frozen=True, repr=False)
class Identity(Obfuscator):
    """Leaves every circuit as it is: how it was made lies open. *Heuristic.*"""

    def gates(self, bits: int, size: int) -> int:
        return size

    def obfuscate_block(self, functions: Circuits, codes: Codes, keys: Words) -> Codes:
        return refitted(functions, codes)
