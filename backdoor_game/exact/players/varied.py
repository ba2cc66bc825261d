"""Optimal play of a variant: what its two players ask of the solution."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from ...functions.base import Codes, Floats
from ...games.observations import Observation
from ...players.attackers.base import Originals, PickLaw, PlantLaw, Plants
from ...players.views import AttackerBlock, DefenderBlock
from ...spaces.domains import Points
from ..variants import VariantEquilibrium
from ..variants.strategy import Strategy, of_plan
from .seeing import averaged, decided


@dataclasses.dataclass(frozen=True, eq=False)
class Varied:
    """See `solved.Play`."""

    found: VariantEquilibrium
    sees: Observation | None = None

    @property
    def tolerance(self) -> float:
        """The gap that is proved."""
        return self.found.tolerance

    @functools.cached_property
    def attacker(self) -> Strategy:
        """The plan at every place of the tree."""
        return of_plan(self.found.game, self.found.plan)

    @functools.cached_property
    def flagged(self) -> Floats:
        """How likely each f' is flagged at each x' beside a trace of its own, (N, F)."""
        return np.asarray((self.found.game.shown @ self.found.flags)[self.found.game.seen.clean])

    def choose(self, view: AttackerBlock, coins: Floats) -> Codes:
        return self.attacker.choose(view, coins)

    def pick(self, view: AttackerBlock, coins: Floats) -> Points:
        return self.attacker.pick(view, coins)

    def plant(self, view: AttackerBlock, coins: Floats) -> Plants:
        return self.attacker.plant(view, coins)

    def choose_law(self) -> Originals | None:
        return self.attacker.choose_law()

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw | None:
        return self.attacker.choose_given_law(view)

    def pick_law(self, view: AttackerBlock) -> PickLaw | None:
        return self.attacker.pick_law(view)

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        return self.attacker.plant_law(view)

    def decide(self, view: DefenderBlock) -> Floats:
        """How likely each round is flagged once what is seen of it has been looked at."""
        return self.flags(view) if self.sees is None else decided(self.found, self.sees, view)

    def flags(self, view: DefenderBlock) -> Floats:
        """A trace that is not of f' gives it away, where all is seen: no clean round shows it."""
        if self.sees is not None:
            return averaged(self.found, view)
        legal = self.found.game.legal
        flags = self.flagged[legal.place(view.X), legal.find(view.codes)]
        reveal = view.game.reveal
        return np.where(reveal.contradicts(view, None), 1.0, flags) if reveal is not None else np.asarray(flags)
