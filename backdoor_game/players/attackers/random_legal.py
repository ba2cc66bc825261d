"""The attack that picks any legal plant."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from ...functions.base import Booleans, Codes
from ...functions.distance import legality_rule
from ...functions.table import table
from ...ground.streams import below, draws
from ...spaces.distributions import Distribution
from ..picking import drawn, offered_places, plant_counts, random_plant_law, random_plants
from ..picking.pairs import CELLS
from ..views import AttackerBlock, GameLike
from .base import BlockAttacker, Originals, PlantLaw, Plants, fixed_distribution, uniform_members


@dataclasses.dataclass(frozen=True, repr=False)
class RandomLegal(BlockAttacker):
    """f uniform over the class, f* uniform over its legal plants, for classes that can be enumerated. *Heuristic.*

    Where the trigger is known first, f is uniform over the functions that have a legal plant there.
    """

    symmetries = ("rename", "complement")

    def prepare(self, game: GameLike) -> RandomLegal:
        law = fixed_distribution(self, game)
        legality_rule(game.functions, law, game.epsilon)
        table(game.functions)
        if game.trigger.before_original:
            plant_counts(game.functions, law, game.epsilon)
        return self

    def choose_block(self, view: AttackerBlock) -> Codes:
        codes = table(view.functions).codes
        if not view.game.trigger.before_original:
            return codes[below(draws(view.keys, 0, 1)[:, 0], len(codes))]
        out = np.empty((len(view), codes.shape[1]), dtype=codes.dtype)
        for rows, able in self._able(view):
            out[rows] = codes[drawn(able, view.keys[rows])]
        return out

    def _able(self, view: AttackerBlock) -> Iterator[tuple[slice, Booleans]]:
        """Rows at a time, and which functions have a legal plant at a trigger that is offered there."""
        counts = plant_counts(view.functions, view.distribution, view.game.epsilon)
        places, step = offered_places(view), max(1, CELLS // counts.shape[1])
        for start in range(0, len(view), step):
            rows = slice(start, start + step)
            yield rows, np.asarray((places[rows].astype(np.float64) @ (counts > 0)) > 0)

    def plant_block(self, view: AttackerBlock) -> Plants:
        return random_plants(view)

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw:
        codes = table(view.functions).codes
        found = [(np.arange(len(view))[rows], able) for rows, able in self._able(view)]
        rows, able = np.concatenate([part[0] for part in found]), np.concatenate([part[1] for part in found])
        able[~able.any(axis=1)] = True  # where nothing can be planted any f is as good
        which, members = np.nonzero(able)
        return rows[which], codes[members], 1.0 / able.sum(axis=1)[which]

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        return None if game.trigger.before_original else uniform_members(game.functions)

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        return random_plant_law(view)
