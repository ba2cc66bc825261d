"""All of f' and x'."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from ...functions import FunctionClass
from ...functions.base import Codes, Floats
from ...functions.table import labels_at
from ...players.views import DefenderBlock
from ...spaces.domains import Points
from .base import Indices, Observation, places

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclasses.dataclass(frozen=True, repr=False)
class WhiteBox(Observation):
    """(f', x') itself: what the defender sees of the game as it is defined, and the end of the axis."""

    @property
    def reads_code(self) -> bool:
        return True

    @property
    def tells_codes(self) -> bool:
        """Merging equal functions leaves the value as it is."""
        return False

    def kernel(self, functions: FunctionClass, codes: Codes, points: Points, weights: Floats) -> csr_array:
        from scipy.sparse import csr_array, eye_array

        return csr_array(eye_array(len(points) * len(codes)))

    def observe(self, view: DefenderBlock, codes: Codes, points: Points, weights: Floats) -> Indices:
        """A function is known by its code, else by its labels where D has mass."""
        functions, shown = view.game.functions, view.codes
        numbers = {row.tobytes(): f for f, row in reversed(list(enumerate(labels_at(functions, codes, points))))}
        exactly = {code.tobytes(): f for f, code in enumerate(np.ascontiguousarray(codes))}
        different, which = np.unique(shown, axis=0, return_inverse=True)
        labels = labels_at(functions, different, points)
        pairs = zip(np.ascontiguousarray(different), labels, strict=True)
        found = np.array([exactly.get(code.tobytes(), numbers[row.tobytes()]) for code, row in pairs])
        return np.asarray(places(points, view.X) * len(codes) + found[which.ravel()], dtype=np.int64)
