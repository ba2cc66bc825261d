"""A defender that looks at fresh examples alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Defender


@dataclass(frozen=True)
class RareLabel(Defender):
    """Suspicious of a label that is rare among m fresh examples. *Heuristic.*"""

    m: int = 64
    threshold: float = 0.8

    def suspicion(self, view, rng):
        X, y = view.examples(self.m)
        return float(np.mean(y != view.f(view.x[None])[0]))
