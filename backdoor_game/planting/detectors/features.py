"""What detectors share that read random features: the features g themselves, and what they answer to inputs."""

from __future__ import annotations

import abc
import dataclasses
from typing import Any

import numpy as np

from ...functions.base import Floats
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...spaces.domains import Points
from ..features import Packed
from ..models import RandomFourierFeatures, RandomReLU
from ..views import ModelView
from .base import Calibrated


@dataclasses.dataclass(frozen=True, repr=False)
class OfFeatures(Calibrated):
    """A detector of random features: reads the code, and asks nothing.

    A subclass writes `of(G)`, or `score` where it needs more than the g.
    """

    reads_code = True

    @abc.abstractmethod
    def of(self, G: Floats) -> float:
        """The score of features G (m, d), one a row."""

    def fits(self, game: Any) -> None:
        has_features(self, game)

    def score(self, view: ModelView, rng: np.random.Generator) -> float:
        return self.of(features_of(view))


def has_features(detector: Calibrated, game: Any) -> None:
    """Refuse a game whose models have no random features.

    Raises
    ------
    MissingCapability
    """
    if not isinstance(game.functions, (RandomFourierFeatures, RandomReLU)):
        raise MissingCapability(
            f"{text(detector)[:200]} reads random features, got {text(game.functions)[:200]}: "
            "name RandomFourierFeatures or RandomReLU"
        )


def features_of(view: ModelView) -> Floats:
    """The features G (m, d) of the shown model, one a row."""
    functions: Any = view.f.functions
    return np.asarray(functions.unpack(view.f.code)[0])


def activations(view: ModelView, X: Points) -> Floats:
    """What the shown model's features answer to inputs X (n, d): float64 (n, m), computed by the reader, no query."""
    functions = view.f.functions
    if isinstance(functions, RandomReLU):
        packed = Packed("relu", functions.unpack(view.f.code)[0].astype(functions.dtype))
    else:
        assert isinstance(functions, RandomFourierFeatures)
        G, b, _ = functions.unpack(view.f.code)
        packed = Packed("cos", G.astype(functions.dtype), b.astype(functions.dtype))
    return np.asarray(packed.matrix(X), np.float64)
