"""Weight decay alone."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import Function
from ...functions.base import Labels
from ...ground import _validate
from ...spaces.domains import Points
from .gates import OfGates, loose


@dataclasses.dataclass(frozen=True, repr=False)
class WeightDecay(OfGates):
    """Each weight of a gate network times 1 - decay at each step, thresholds as they are; it uses no data. *Simulated.*

    All parameters move, so that the majority of `MajorityPersistence` protects nothing: a gate that looks for k ones
    among its inputs never fires again once weights are under 1 - 1/(2k). Useful gates die like the trigger's.

    Parameters
    ----------
    decay : float
        Between 0 and 1.
    steps : int
    """

    decay: float = 0.01
    steps: int = 50

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.real("WeightDecay.decay", self.decay, 0.0, 1.0)
        _validate.integer("WeightDecay.steps", self.steps, 0, 10**7)

    def moved(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        functions, code = loose(model)
        return functions.function(np.where(functions.thresholds, code, code * (1 - self.decay) ** self.steps))
