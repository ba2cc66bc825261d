"""Remembers what it has seen and guesses a fixed label elsewhere."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats, FunctionClass, Labels
from ...ground import _validate
from ...ground.chances import missed
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..views.sample import Sample
from .base import BlockLearner
from .masses import point_mass


@dataclasses.dataclass(frozen=True, repr=False)
class Memorizer(BlockLearner):
    """Predicts the seen label of a seen point and `default` of any other; no error bound holds. *Heuristic.*

    Parameters
    ----------
    default : int
        0 or 1, the prediction at a point that was not seen.
    """

    default: int = 0
    order_free = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("default", self.default, 0, 1)

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        same = (x[:, None, None, :] == sample.X).all(axis=3)
        label = np.where(same, sample.y, 0).max(axis=2, initial=0)
        return np.where(same.any(axis=2), label, self.default).astype(np.uint8)

    def error_probability(
        self, functions: FunctionClass, distribution: Distribution, m: int, codes: Codes, x: Points
    ) -> Floats | None:
        """f(x) is not the default, and all m examples miss x; for any number of points."""
        mass = point_mass(distribution, functions.domain, x)
        if mass is None:
            return super().error_probability(functions, distribution, m, codes, x)
        label = functions.member_labels(codes, x[:, None, :])[:, 0]
        return np.where(label == self.default, 0.0, missed(mass, m))

    def votes(self, sample: Sample, x: Points, labels: Labels, keys: Words) -> npt.NDArray[np.int64]:
        """Members that have not seen x disagree where its label is not the default."""
        hits = sample.point_hits(x)
        if hits is None:
            return super().votes(sample, x, labels, keys)
        return np.where(labels == self.default, 0, sample.members - hits)
