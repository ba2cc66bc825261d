"""A defender: it is shown a function f' and an input x', and says how suspicious it is of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Defender, DefenderView


@dataclass(frozen=True)
class Mine(Defender):
    """Suspicious of a label that is rare among m fresh examples.

    Parameters
    ----------
    m : int
        Fresh examples, each charged to the budget `defender_examples` of the game.
    threshold : float
        A round is flagged iff its suspicion is at least this.
    """

    m: int = 64
    threshold: float = 0.8

    # The contract. A player is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `view.f(X)` labels X (m, n) by f' and is charged; `view.f.code` is its code, hidden in black-box games: who
    #   reads it declares `reads_code = True`. `view.x` is x' (n,). Both are read-only.
    # - `view.examples(m)` gives X (m, n) from D, and labels y (m,) by f'; `view.distribution` is D if fixed.
    # - The answer is a number in [0, 1]. A randomised decision draws its coin from `rng` and returns 0 or 1.
    # - `rng` belongs to this round and is the only source of coins; nothing is kept from one round for another.
    # - `prepare(game)`, optional, is called once before the first round and returns a player with its Nones filled.
    # Inherit from `BlockDefender` and write `suspicion_block(view)` for speed.

    def suspicion(self, view: DefenderView, rng: np.random.Generator) -> float:
        _, y = view.examples(self.m)
        label = view.f(view.x[None])[0]
        return float(np.mean(y != label))
