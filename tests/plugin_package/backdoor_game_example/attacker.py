"""An attacker that tries members of the class at random."""

from __future__ import annotations

from dataclasses import dataclass

from backdoor_game import Attacker


@dataclass(frozen=True)
class FirstLegal(Attacker):
    """Plants the first legal one of `tries` random members, and forfeits where none is. *Heuristic.*"""

    tries: int = 50

    def plant(self, view, rng):
        functions = view.game.functions
        for _ in range(self.tries):
            g = functions.function(functions.sample(rng))
            if view.legal(g):
                return g
        return None
