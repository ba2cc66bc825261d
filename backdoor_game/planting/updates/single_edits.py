"""Training by difference quotients: one parameter at a time."""

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
class SingleEdits(Update):
    """Changes one random parameter of a gate network by any size, keeps what lowers the training errors.

    On `MajorityPersistence` with three copies no such change has an effect, so that nothing is ever kept. *Proved.*
    What it makes of other networks is measured. *Simulated.*

    Parameters
    ----------
    trials : int
        Changes that are tried, one after another.
    """

    trials: int = 1000

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("SingleEdits.trials", self.trials, 0, 10**7)

    def prepare(self, functions: FunctionClass) -> SingleEdits:
        refuse_others(self, functions, GateNetworks)
        return self

    def updated(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        refuse_others(self, model.functions, GateNetworks)
        return climbed(model, X, y, rng, self.trials, 1)
