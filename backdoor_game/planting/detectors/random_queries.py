"""Random questions to a black box: does the answer jump where the input hardly moves?"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ...ground import _validate
from ...ground.errors import InvalidArgument
from ..views import ModelView
from .base import Calibrated


@dataclasses.dataclass(frozen=True, repr=False)
class RandomQueries(Calibrated):
    """The share of random inputs whose label changes as their smallest coordinate is negated. *Heuristic.*

    x ~ N(0, (r^2/d) I) with r the median norm of the training inputs. An honest model hardly notices the move, one that
    looks at signs does: a checksum of n blocks fires at a random x with probability 2^-n, so 2q questions are worth at
    most 2q 2^-n [GKVZ22]. Reads no code.

    Parameters
    ----------
    pairs : int
        q; each costs two queries.
    """

    pairs: int = 256

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("RandomQueries.pairs", self.pairs, 1, 10**7)

    def fits(self, game: Any) -> None:
        if game.defender_queries is not None and 2 * self.pairs > game.defender_queries:
            most = game.defender_queries // 2
            raise InvalidArgument(
                f"RandomQueries.pairs must be at most {most}, half of the game's defender_queries, got {self.pairs}"
            )

    def score(self, view: ModelView, rng: np.random.Generator) -> float:
        X = view.train.X
        scale = float(np.median(np.linalg.norm(X, axis=1))) / np.sqrt(X.shape[1])
        asked = (scale or 1.0) * rng.standard_normal((self.pairs, X.shape[1]))
        moved, rows = asked.copy(), np.arange(self.pairs)
        least = np.abs(asked).argmin(axis=1)
        moved[rows, least] = -moved[rows, least]
        return float((view.f(asked) != view.f(moved)).mean())
