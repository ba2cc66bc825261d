"""A detector: it is shown a trained model, perhaps with an input, and says how suspicious it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Detector, ModelView


@dataclass(frozen=True)
class Mine(Detector):
    """Suspicious of a model that answers one label too often on fresh clean inputs.

    Parameters
    ----------
    inputs : int
        Fresh inputs, each charged to the budgets `defender_examples` and `defender_queries` of the game.
    threshold : float
        A model is flagged iff its suspicion is at least this.
    """

    inputs: int = 32
    threshold: float = 0.8

    # The contract. A detector is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `view.f(X)` labels X (m, d) and is charged; `view.f.code` is the model's code, hidden in black-box games: who
    #   reads it declares `reads_code = True`. `view.train` is the user's data.
    # - `view.inputs(m)` gives fresh clean inputs (m, d), and is charged.
    # - `view.x` is the input that comes with the model, None where the game shows none: who looks at it declares
    #   `needs_input = True`. Everything is read-only.
    # - The answer is a number in [0, 1]. Inherit from `Calibrated` and write `score(view, rng)`, any finite number, to
    #   have the threshold set on clean rounds.
    # - `rng` belongs to this round and is the only source of coins; nothing is kept from one round for another.

    def suspicion(self, view: ModelView, rng: np.random.Generator) -> float:
        ones = float(view.f(view.inputs(self.inputs)).mean())
        return max(ones, 1.0 - ones)
