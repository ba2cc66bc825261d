"""The control that hands in what it was shown."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ..views import ForgerView
from .base import Forger


@dataclasses.dataclass(frozen=True, repr=False)
class Copycat(Forger):
    """Hands in one of the seen inputs as it is: it fires, and by no shipped rule is what was seen a forgery. *Proved.*

    Where nothing was seen it hands in nature's own input, which fires a checksum of n blocks with chance 2^-n: the
    baseline of every other forger.
    """

    def forge(self, view: ForgerView, rng: np.random.Generator) -> Floats:
        assert view.x is not None
        return view.seen.X[rng.integers(len(view.seen.X))] if len(view.seen.X) else view.x
