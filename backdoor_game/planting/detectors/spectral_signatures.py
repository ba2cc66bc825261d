"""Outliers among the training examples, as the model represents them."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ..views import ModelView
from .features import OfFeatures, activations


@dataclasses.dataclass(frozen=True, repr=False)
class SpectralSignatures(OfFeatures):
    """How far training examples stand out along the top singular direction of their class [TLM18]. *Heuristic.*

    Each class's feature vectors are centred; an example's outlier score is its squared part along the top right
    singular vector. The detector's score is the largest share of all outlier scores that the top `poisoned` of a class
    hold. Made for poisoned data: a backdoor in the coins leaves the data alone. Reads the code, uses no query.

    Parameters
    ----------
    poisoned : float
        Share of a class that is looked for.
    """

    poisoned: float = 0.05

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.real("SpectralSignatures.poisoned", self.poisoned, 0.0, 1.0)

    def score(self, view: ModelView, rng: np.random.Generator) -> float:
        found = activations(view, view.train.X)
        return max(self.of(found[view.train.y == label]) for label in (0, 1))

    def of(self, G: Floats) -> float:
        """The share of one class's feature vectors G (n, m)."""
        from scipy.linalg import eigh

        centred = G - G.mean(axis=0)
        n, m = centred.shape
        square = centred.T @ centred if m <= n else centred @ centred.T
        last = len(square) - 1
        value, vector = eigh(square, subset_by_index=(last, last))
        if value[0] <= 0:
            return 0.0
        parts = np.sort(((centred @ vector if m <= n else np.sqrt(value[0]) * vector)[:, 0]) ** 2)
        return float(parts[n - max(1, round(self.poisoned * n)) :].sum() / parts.sum())
