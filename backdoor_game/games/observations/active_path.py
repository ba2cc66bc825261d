"""The tests that x' passes through in a decision tree, and its leaf's label."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...functions.tree_paths import active_paths
from ...functions.tree_players import trees_of
from ...spaces.domains import Points
from .feature import Feature, Features


@dataclasses.dataclass(frozen=True, repr=False)
class ActivePath(Feature):
    """For `DecisionTrees`: the path of x' in f', each bit that is read with its value, from the root down, and f'(x').

    The rest of x' and of f' is not seen. It tells two trees of one function apart. `LeafMassSeen` and `Label` see less.
    """

    def check(self, functions: FunctionClass) -> None:
        trees_of("ActivePath", functions)

    def features(self, functions: FunctionClass, codes: Codes, X: Points, points: Points, weights: Floats) -> Features:
        self.check(functions)
        tests, labels = active_paths(codes, X)
        return np.column_stack([tests, labels])
