"""A separating hyperplane by linear programming."""

from __future__ import annotations

import dataclasses
from typing import Self

from ...functions import FunctionClass, Halfspaces
from ...functions.base import Codes
from ...ground.streams import Words
from ..views.sample import Sample
from .base import ProperLearner, flattened, refuse_others


@dataclasses.dataclass(frozen=True, repr=False)
class LinearSeparator(ProperLearner):
    """The half-space of largest margin in the box norm, by scipy's HiGHS; no error bound is claimed. *Heuristic.*

    One linear program a member: about a millisecond each.
    """

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        refuse_others(self, functions, Halfspaces)
        return self

    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        codes = sample.functions.consistent(*flattened(sample))
        return codes.reshape(sample.size, sample.members, codes.shape[1])
