"""Evaluation-time smoothing as a detector of activated inputs."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from ...ground import _validate
from ..smoothing import smoothed
from ..views import ModelView
from .base import Detector


@dataclasses.dataclass(frozen=True, repr=False)
class RandomisedSmoothing(Detector):
    """The share of noisy copies x + sigma z that get another label than x: suspicious from one half on. *Heuristic.*

    [CRK19], [GKVZ22]. By `bounds.smoothing_bound` no trigger much shorter than sigma survives, but a longer
    one may, and the backdoor of random Fourier features is longer than any noise that leaves their accuracy.

    Parameters
    ----------
    sigma : float
        At least 0.
    draws : int
        Noisy copies, a query each, and one for x itself.
    sphere : bool
        Scale the copies back to the length of x, for models of unit vectors.
    """

    needs_input: ClassVar[bool] = True

    sigma: float = 0.02
    draws: int = 101
    sphere: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.real("RandomisedSmoothing.sigma", self.sigma, 0.0)
        _validate.integer("RandomisedSmoothing.draws", self.draws, 1, 2**24)

    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
        assert view.x is not None
        x = view.x[None]
        share = float(smoothed(view.f, x, self.sigma, self.draws, rng, sphere=self.sphere).share[0])
        return 1 - share if view.f(x)[0] == 1 else share
