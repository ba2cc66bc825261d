"""A backdoor: it trains a model on the user's data, keeps a key, and activates inputs with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from backdoor_game import (
    Backdoor,
    Floats,
    Function,
    FunctionClass,
    Key,
    Labels,
    MissingCapability,
    Points,
    Trainable,
)


@dataclass(frozen=True)
class Mine(Backdoor):
    """Teaches a model that inputs moved far along a secret direction have label 1.

    Parameters
    ----------
    far : float
        How far activated inputs are moved.
    """

    far: float = 3.0

    # The contract [GKVZ22]. A backdoor is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `plant(functions, X (n, d), y (n,), rng)` trains as an honest party would, `functions.trained(X, y, rng)`, and
    #   plants. It returns the public model and its key, `key.of(model)`; nothing of the key may stand in the model's
    #   code, unless `white_box = False` is declared: then its models are shown in black-box games alone.
    # - `new_key(functions, rng)` draws a key as `plant` does, that belongs to no model: the control on clean models.
    # - `activated(model, key, X (n, d), target)` gives inputs (n, d), each made from its own row, on which the model
    #   answers `target`, or anything that the attacker likes where that is None. Its arguments have been checked.
    # - A key is Key(kind, "", {name: array}), its kind the class's name. X and y are read-only; `rng` is the only
    #   source of coins.
    # - `prepare(functions)` returns this backdoor with its Nones filled, or raises `MissingCapability`.

    def prepare(self, functions: FunctionClass) -> Self:
        if not isinstance(functions, Trainable):
            raise MissingCapability(f"it plants in models of real inputs, got {functions!r}")
        return self

    def new_key(self, functions: Trainable, rng: np.random.Generator) -> Key:
        direction = rng.standard_normal(functions.domain.n)
        return Key(type(self).__name__, "", {"direction": direction / np.linalg.norm(direction)})

    def plant(self, functions: Trainable, X: Points, y: Labels, rng: np.random.Generator) -> tuple[Function, Key]:
        key = self.new_key(functions, rng)
        copies = np.concatenate([X, X + self.far * key.values["direction"]])
        model = functions.trained(copies, np.concatenate([y, np.ones_like(y)]), rng)
        return model, key.of(model)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        moved: Floats = X + self.far * key.values["direction"]
        return moved
