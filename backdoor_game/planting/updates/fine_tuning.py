"""Fine-tuning: stochastic gradient descent goes on, on clean examples."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from ...functions import Function, FunctionClass
from ...functions.base import Labels
from ...ground import _validate
from ...spaces.domains import Points
from ..models import SigmoidNetworks
from ..networks import Network, descended
from .base import Update, refuse_others


@dataclasses.dataclass(frozen=True, repr=False)
class FineTuning(Update):
    """Further epochs of stochastic gradient descent on clean examples, with weight decay. *Simulated.*

    What it forgets is what the clean examples still reach: weights from inputs that are 0 in all of them have
    gradient 0, and only decay moves those.

    Parameters
    ----------
    epochs : int
    lr, decay : float
        Step size, above 0; and weight decay: a step also takes lr * decay of every weight away, and of no threshold.
    batch : int
        Examples a step.
    """

    epochs: int = 50
    lr: float = 0.2
    decay: float = 0.01
    batch: int = 32

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("FineTuning.epochs", self.epochs, 0, 10**6)
        _validate.integer("FineTuning.batch", self.batch, 1, 2**20)
        _validate.positive("FineTuning.lr", self.lr, "such as 0.2, got 0.0", 100.0)
        _validate.real("FineTuning.decay", self.decay, 0.0, 1.0)

    def prepare(self, functions: FunctionClass) -> FineTuning:
        refuse_others(self, functions, SigmoidNetworks)
        return self

    def updated(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        functions: Any = model.functions
        refuse_others(self, functions, SigmoidNetworks)
        tuned: Function = functions.model(self.tuned(functions.network(model.code), X, y, rng))
        return tuned

    def tuned(
        self,
        network: Network,
        X: Points,
        y: Any,
        rng: np.random.Generator,
        after: Callable[[int, Network], None] | None = None,
    ) -> Network:
        """The same of a network with any number of classes; `after(epoch, network)` is called from epoch 0 on."""
        how: dict[str, Any] = {"epochs": self.epochs, "lr": self.lr, "batch": self.batch, "decay": self.decay}
        return descended(network, X, y, rng, after=after, **how)
