"""How heavy the leaf is that x' reaches in a decision tree."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...functions.tree_paths import active_paths
from ...functions.tree_players import trees_of
from ...spaces.domains import Points
from .feature import Feature, Features

DIGITS = 12  # masses are sums of up to 65,536 floats, 1e-12 off at most: what is nearer is one mass


@dataclasses.dataclass(frozen=True, repr=False)
class LeafMassSeen(Feature):
    """For `DecisionTrees`: D's mass of the leaf that x' reaches in f', and nothing else; what `LeafMass` decides by.

    It tells two trees of one function apart.
    """

    def check(self, functions: FunctionClass) -> None:
        trees_of("LeafMassSeen", functions)

    def features(self, functions: FunctionClass, codes: Codes, X: Points, points: Points, weights: Floats) -> Features:
        self.check(functions)
        tests, _ = active_paths(codes, X)
        paths, which = np.unique(tests, axis=0, return_inverse=True)
        masses = np.empty(len(paths))
        for i, path in enumerate(paths):
            passed = path[path > 0] - 1
            inside = (points[:, passed // 2] == passed % 2).all(axis=1)
            masses[i] = np.round(weights[inside].sum(), DIGITS)
        return masses[which.ravel()][:, None]
