"""The control that hands in what it was shown."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..functions.base import Floats
from ..views import ForgerView
from .base import Forger


@dataclasses.dataclass(frozen=True, repr=False)
class Copycat(Forger):
    """One of the seen inputs as it is, else the fresh one: it fires, and is no forgery. *Proved.*"""

    def forge(self, view: ForgerView, rng: np.random.Generator) -> Floats:
        assert view.x is not None
        return view.seen.X[rng.integers(len(view.seen.X))] if len(view.seen.X) else view.x
