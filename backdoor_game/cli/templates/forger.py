"""A forger: it has seen activated inputs, and turns a fresh one into another without the key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Floats, Forger, ForgerView


@dataclass(frozen=True)
class Mine(Forger):
    """Copies a few coordinates of an activated input into nature's own.

    Parameters
    ----------
    edits : int
        Coordinates that are copied.
    """

    edits: int = 2

    # The contract. A forger is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `view.x` is nature's fresh input (d,); `view.seen.X` (q, d) are activated inputs and `view.seen.y` (q,) what the
    #   model answers; q may be 0. `view.f(X)` asks the model and is charged; who reads `view.f.code` declares
    #   `reads_code = True`. Everything is read-only.
    # - `forge(view, rng)` gives an input (d,), float64 and finite; the backdoor says whether it counts as a forgery.
    # - `rng` belongs to this try and is the only source of coins; nothing is kept from one try for another.
    # - `prepare(game)`, optional, is called once before the first round and returns a forger with its Nones filled.

    def forge(self, view: ForgerView, rng: np.random.Generator) -> Floats:
        assert view.x is not None  # as in every try
        made = view.x.copy()
        if len(view.seen.X):
            row = view.seen.X[rng.integers(len(view.seen.X))]
            places = rng.permutation(len(made))[: self.edits]
            made[places] = row[places]
        return made
