"""Empirical risk minimisation: some member that fits the examples."""

from __future__ import annotations

import dataclasses
from typing import Self

from ..functions.base import Codes, FunctionClass, missing, overrides
from ..streams import Words
from .base import ProperLearner, flattened
from .sample import Sample


@dataclasses.dataclass(frozen=True, repr=False)
class ConsistentERM(ProperLearner):
    """Predicts with the class's own consistent member (the closure, where there is one); no error bound is claimed.

    An arbitrary consistent member can err several times more than d/(m+1). *Heuristic.*
    """

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        if not overrides(functions, "consistent"):
            raise missing(functions, "has no consistent learner")
        return self

    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        codes = sample.functions.consistent(*flattened(sample))
        return codes.reshape(sample.size, sample.members, codes.shape[1])
