"""The label f'(x'), with x' or without it."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...players.views import DefenderBlock
from ...spaces.domains import Points
from .base import places
from .feature import Feature, Features


@dataclasses.dataclass(frozen=True, repr=False)
class Label(Feature):
    """f'(x') alone; with `input` also x', which is what `Examples` shows with m = 0.

    Parameters
    ----------
    input : bool
        Whether x' is seen.
    """

    input: bool = False

    @property
    def reads_code(self) -> bool:
        return False

    def features(self, functions: FunctionClass, codes: Codes, X: Points, points: Points, weights: Floats) -> Features:
        return self._with_input(functions.member_labels(codes, X[:, None, :]), X, points)

    def seen(self, view: DefenderBlock, points: Points, weights: Floats) -> Features:
        """One label is asked for."""
        return self._with_input(view.evaluate(view.X[:, None, :]), view.X, points)

    def _with_input(self, labels: Features, X: Points, points: Points) -> Features:
        shown = labels.astype(np.int64)
        return np.column_stack([places(points, X), shown]) if self.input else shown
