"""The smallest member that holds all positive examples."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats, FunctionClass, Labels, missing
from ...ground.chances import missed
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..views.sample import Sample
from .base import ProperLearner, flattened
from .masses import window_mass


@dataclasses.dataclass(frozen=True, repr=False)
class Closure(ProperLearner):
    """Predicts with the intersection of all members that contain the positive examples [HLW94]. *Proved.*

    On an intersection-closed class its expected error is at most d/(m+1).
    """

    order_free = True

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        if not functions.intersection_closed:
            raise missing(functions, "is not closed under intersection: pass learner=OneInclusion()")
        return self

    def expected_error(self, d: int, m: int) -> float:
        return d / (m + 1)

    def error_probability(
        self, functions: FunctionClass, distribution: Distribution, m: int, codes: Codes, x: Points
    ) -> Floats | None:
        """Where one hit decides: f(x) = 1, and all m examples miss the window; for any number of points."""
        span = functions.witness(codes, x)
        mass = None if span is None else window_mass(distribution, functions.domain, *span)
        if mass is None:
            return super().error_probability(functions, distribution, m, codes, x)
        label = functions.member_labels(codes, x[:, None, :])[:, 0]
        return np.where(label == 1, missed(mass, m), 0.0)

    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        codes = sample.functions.consistent(*flattened(sample))
        return codes.reshape(sample.size, sample.members, codes.shape[1])

    def votes(self, sample: Sample, x: Points, labels: Labels, keys: Words) -> npt.NDArray[np.int64]:
        """One pass of hashes without storing a point where a single hit decides; the closure never exceeds f'."""
        hits = sample.witness_hits(x)
        if hits is None:
            return super().votes(sample, x, labels, keys)
        return np.where(labels == 1, sample.members - hits, 0)
