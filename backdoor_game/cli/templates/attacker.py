"""An attacker: it picks f, sees the trigger x*, and plants f*."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backdoor_game import Attacker, AttackerView, Function


@dataclass(frozen=True)
class Mine(Attacker):
    """Draws members of the class until one is legal.

    Parameters
    ----------
    tries : int
        Members that are drawn before the round is forfeited.
    """

    tries: int = 3

    # The contract. A player is a frozen dataclass of bool, int, float, str, None, tuples or such objects.
    # - `choose(view, rng)`, optional, returns the original f; by default a random member of the class.
    # - `plant(view, rng)` returns f*, or None, which forfeits the round: the defender wins its planted branch.
    # - `view.chosen()` gives f and the trigger x* (n,), of which the attacker has no say; `view.distribution` is D.
    # - f* is legal iff f*(x*) != f(x*) and Pr_D[f* != f] <= epsilon: `view.legal(g)` and `view.distance(g)` are the
    #   referee's word, and free. An illegal plant is a forfeit too. `view.examples(m)` and `f(X)` are charged.
    # - `rng` belongs to this round and is the only source of coins; nothing is kept from one round for another.
    # - `prepare(game)`, optional, is called once before the first round and returns a player with its Nones filled.
    # Inherit from `BlockAttacker` and write `plant_block(view)` for speed.

    def plant(self, view: AttackerView, rng: np.random.Generator) -> Function | None:
        functions = view.game.functions
        for _ in range(self.tries):
            g = functions.function(functions.sample(rng))
            if view.legal(g):
                return g
        return None
