"""Training by trial that changes several parameters at once."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import Function, FunctionClass
from ...functions.base import Labels
from ...ground import _validate
from ...spaces.domains import Points
from ..models import GateNetworks
from .base import Update, refuse_others
from .gates import climbed


@dataclasses.dataclass(frozen=True, repr=False)
class SeveralEdits(Update):
    """`SingleEdits` with several random parameters at once: two copies that fail together are enough. *Simulated.*

    Parameters
    ----------
    weights : int
        Parameters a change, at least 2.
    trials : int
        Changes that are tried, one after another.
    """

    weights: int = 8
    trials: int = 1000

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("SeveralEdits.weights", self.weights, 2, 10**6)
        _validate.integer("SeveralEdits.trials", self.trials, 0, 10**7)

    def prepare(self, functions: FunctionClass) -> SeveralEdits:
        refuse_others(self, functions, GateNetworks)
        return self

    def updated(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        refuse_others(self, model.functions, GateNetworks)
        return climbed(model, X, y, rng, self.trials, self.weights)
