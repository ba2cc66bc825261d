"""Nothing is seen."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...players.views import DefenderBlock
from ...spaces.domains import Points
from .feature import Feature, Features


@dataclasses.dataclass(frozen=True, repr=False)
class Blind(Feature):
    """Neither f' nor x': what is won above 1/2 is won where the attacker forfeits."""

    @property
    def reads_code(self) -> bool:
        return False

    def features(self, functions: FunctionClass, codes: Codes, X: Points, points: Points, weights: Floats) -> Features:
        return np.zeros((len(codes), 1), dtype=np.uint8)

    def seen(self, view: DefenderBlock, points: Points, weights: Floats) -> Features:
        return np.zeros((len(view), 1), dtype=np.uint8)
