"""Decision trees grown from the root, one split at a time."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from ...functions import DecisionTrees, FunctionClass
from ...functions.base import Codes
from ...ground.streams import Words
from ..views.sample import Sample
from .base import ProperLearner, flattened, refuse_others


@dataclasses.dataclass(frozen=True, repr=False)
class TreeLearner(ProperLearner):
    """Splits the leaf and by the bit that gain most in Gini purity [CART84], until all are pure or no leaf is left.

    For `DecisionTrees`. Ties go to the older leaf and the lower bit; a split that gains nothing is made too, so that a
    tree that ends with leaves to spare fits all examples. Time grows as leaves x bits x examples; no error bound is
    claimed. It does not draw, and the order of the examples does not matter, though how often each is there does.
    *Heuristic.*
    """

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        refuse_others(self, functions, DecisionTrees)
        return self

    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        from ...kernels.arguments import frozen
        from ...kernels.trees.learning import learned

        X, y = flattened(sample)
        codes = learned(frozen(X, np.uint8), frozen(y, np.uint8), (sample.functions.code_length + 1) // 2)
        return np.asarray(codes.reshape(sample.size, sample.members, -1))
