"""Optimal play of the game whose trigger is drawn after f: what its two players ask of the solution."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes, Floats
from ...ground.errors import MissingCapability
from ...players.attackers.base import NO_PLANT, PLANT, Originals, PickLaw, PlantLaw, Plants
from ...players.views import AttackerBlock, DefenderBlock
from ...spaces.domains import Points
from ..finite import Equilibrium


@dataclasses.dataclass(frozen=True, eq=False)
class Plain:
    """See `solved.Play`."""

    found: Equilibrium

    @property
    def tolerance(self) -> float:
        """The gap that is proved."""
        return self.found.tolerance

    def choose(self, view: AttackerBlock, coins: Floats) -> Codes:
        reached = np.cumsum(self.found.attack.originals)
        last = np.flatnonzero(self.found.attack.originals)[-1]
        chosen = np.searchsorted(reached, coins, side="right")
        return np.asarray(self.found.game.codes[np.minimum(chosen, last)])

    def pick(self, view: AttackerBlock, coins: Floats) -> Points:
        raise MissingCapability("the trigger is drawn, and there is nothing to pick")

    def plant(self, view: AttackerBlock, coins: Floats) -> Plants:
        from ...kernels.legal_pairs import draw_in_rows

        codes, x_star = view.chosen()
        game = self.found.game
        cells = game.place(x_star) * len(game.codes) + game.find(codes)
        drawn = draw_in_rows(game.starts, self.found.attack.plants, cells, coins)
        planted = codes.copy()
        planted[drawn >= 0] = game.codes[game.partners[drawn[drawn >= 0]]]
        return planted, np.where(drawn >= 0, PLANT, NO_PLANT)

    def choose_law(self) -> Originals | None:
        return self.found.game.codes, self.found.attack.originals

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw | None:
        return None

    def pick_law(self, view: AttackerBlock) -> PickLaw | None:
        return None

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        codes, x_star = view.chosen()
        game = self.found.game
        cells = game.place(x_star) * len(game.codes) + game.find(codes)
        counts = game.starts[cells + 1] - game.starts[cells]
        rows = np.repeat(np.arange(len(cells)), counts)
        firsts = np.repeat(game.starts[cells] - np.cumsum(counts) + counts, counts)
        triples = firsts + np.arange(len(rows))
        return rows, game.codes[game.partners[triples]], self.found.attack.plants[triples]

    def decide(self, view: DefenderBlock) -> Floats:
        return self.flags(view)

    def flags(self, view: DefenderBlock) -> Floats:
        game = self.found.game
        return np.asarray(self.found.flags[game.place(view.X), game.find(view.codes)])
