"""The upper control: whoever planted the backdoor."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..views import ModelView
from .base import Detector


@dataclasses.dataclass(frozen=True, repr=False)
class KeyHolder(Detector):
    """Says what the backdoor's own key recognises: what could be known, not what can be. *Simulated.*"""

    reads_code = True
    holds_key = True

    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
        backdoor, key = view.secret
        return float(backdoor.recognises(view.f, key))
