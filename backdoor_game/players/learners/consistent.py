"""Empirical risk minimisation: some member that fits the examples."""

from __future__ import annotations

import dataclasses
from typing import Self

from ...functions.base import Codes, Floats, FunctionClass, missing
from ...functions.table import has_table
from ...ground.inheritance import overrides
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..views.sample import Sample
from .base import ProperLearner, flattened


@dataclasses.dataclass(frozen=True, repr=False)
class ConsistentERM(ProperLearner):
    """Predicts with the class's own consistent member (the closure, where there is one); no error bound is claimed.

    An arbitrary consistent member can err several times more than d/(m+1). *Heuristic.* Exact averages are over sets
    of examples, so they take for granted that the class's `consistent` looks at the set alone, as all listed ones do.
    """

    order_free = True

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        if not overrides(functions, FunctionClass.consistent):
            raise missing(functions, "has no consistent learner")
        return self

    def error_probability(
        self, functions: FunctionClass, distribution: Distribution, m: int, codes: Codes, x: Points
    ) -> Floats | None:
        """As for all learners; None on classes that are neither listed nor closed under intersection.

        There, as for half-spaces, the member may depend on the order of the examples.
        """
        if not (functions.intersection_closed or has_table(functions)):
            return None
        return super().error_probability(functions, distribution, m, codes, x)

    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        codes = sample.functions.consistent(*flattened(sample))
        return codes.reshape(sample.size, sample.members, codes.shape[1])
