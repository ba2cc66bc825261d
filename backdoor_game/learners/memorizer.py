"""Remembers what it has seen and guesses a fixed label elsewhere."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from .. import _validate
from ..domains import Points
from ..functions.base import Labels
from ..streams import Words
from .base import Learner
from .sample import Sample


@dataclasses.dataclass(frozen=True, repr=False)
class Memorizer(Learner):
    """Predicts the seen label of a seen point and `default` of any other; no error bound holds. *Heuristic.*"""

    default: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("default", self.default, 0, 1)

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        same = (x[:, None, None, :] == sample.X).all(axis=3)
        label = np.where(same, sample.y, 0).max(axis=2, initial=0)
        return np.where(same.any(axis=2), label, self.default).astype(np.uint8)

    def votes(self, sample: Sample, x: Points, labels: Labels, keys: Words) -> npt.NDArray[np.int64]:
        """Members that have not seen x disagree where its label is not the default."""
        hits = sample.point_hits(x)
        if hits is None:
            return super().votes(sample, x, labels, keys)
        return np.where(labels == self.default, 0, sample.members - hits)
