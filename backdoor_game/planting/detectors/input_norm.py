"""The length of the input that comes with the model."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..views import ModelView
from .base import Calibrated


@dataclasses.dataclass(frozen=True, repr=False)
class InputNorm(Calibrated):
    """How long the shown input is: a trigger that adds a long key makes inputs longer. *Heuristic.*

    Reads no code and uses no query. On x ~ N(0, I) its AUROC for keys of norm 2 sqrt(k) is `bounds.norm_test_auroc`.
    """

    needs_input = True

    def score(self, view: ModelView, rng: np.random.Generator) -> float:
        assert view.x is not None
        return float(np.linalg.norm(view.x))
