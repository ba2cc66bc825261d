"""An update: the user's own training of a model that somebody else has made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from backdoor_game import Function, FunctionClass, Labels, MissingCapability, Points, Update


@dataclass(frozen=True)
class Mine(Update):
    """Adds Gaussian noise to the model's parameters, and keeps it where the user's examples are labelled no worse.

    Parameters
    ----------
    scale : float
        Standard deviation of the noise.
    steps : int
        How often.
    """

    scale: float = 0.01
    steps: int = 20

    # The contract. An update is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `updated(model, X (m, d), y (m,), rng)` gives the model after training on the user's own examples: a member of
    #   `model.functions`, or of a wider class on the same domain. It knows neither the key nor whether there is one.
    # - `model.code` (L,) are the parameters, `model.functions.function(code)` makes a model of a code.
    # - Model and examples are read-only; `rng` is the only source of coins.
    # - `prepare(functions)` returns this update with its Nones filled, or raises `MissingCapability`.

    def prepare(self, functions: FunctionClass) -> Self:
        if np.dtype(functions.code_dtype) != np.float64:
            raise MissingCapability(f"it moves parameters that are real numbers, got {functions!r}")
        return self

    def updated(self, model: Function, X: Points, y: Labels, rng: np.random.Generator) -> Function:
        right = float((model(X) == y).mean())
        for _ in range(self.steps):
            code = model.code + self.scale * rng.standard_normal(len(model.code))
            if not model.functions.contains(code[None])[0]:
                continue
            moved = model.functions.function(code)
            share = float((moved(X) == y).mean())
            if share >= right:
                model, right = moved, share
        return model
