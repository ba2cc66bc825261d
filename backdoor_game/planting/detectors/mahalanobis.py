"""How far the shown input's features are from those of the training inputs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...ground import _validate
from ..views import ModelView
from .base import Calibrated
from .features import activations, has_features


@dataclasses.dataclass(frozen=True, repr=False)
class Mahalanobis(Calibrated):
    """The squared Mahalanobis distance of the input's features from the training inputs' Gaussian. *Heuristic.*

    [LLLS18], with one Gaussian for both classes and its covariance shrunk, (1 - shrink) S + shrink (tr S / m) I, since
    there may be fewer examples than features. Reads the code, uses no query.

    Parameters
    ----------
    shrink : float
        Above 0 and at most 1, where it is the Euclidean distance.
    """

    needs_input = True
    reads_code = True

    shrink: float = 0.05

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.positive("Mahalanobis.shrink", self.shrink, "such as 0.05, got 0.0: S may have no inverse", 1.0)

    def fits(self, game: Any) -> None:
        has_features(self, game)

    def score(self, view: ModelView, rng: np.random.Generator) -> float:
        from scipy.linalg import solve

        assert view.x is not None
        known = activations(view, view.train.X)
        mean = known.mean(axis=0)
        centred, away = known - mean, activations(view, view.x[None])[0] - mean
        m = len(mean)
        covariance = (1 - self.shrink) / len(known) * (centred.T @ centred)
        covariance[np.diag_indices(m)] += self.shrink * ((centred**2).sum() / len(known) / m or 1.0)
        return float(away @ solve(covariance, away, assume_a="pos"))
