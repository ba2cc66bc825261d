"""The attack that picks any legal plant."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..distance import legality_rule
from ..functions.base import Codes
from ..functions.table import packed_rows, table
from ..streams import below, draws
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Plants, fixed_distribution

UNIT = 2.0**-53


@dataclasses.dataclass(frozen=True, repr=False)
class RandomLegal(BlockAttacker):
    """f uniform over the class, f* uniform over its legal plants, for classes that can be enumerated. *Heuristic.*"""

    def prepare(self, game: GameLike) -> RandomLegal:
        legality_rule(game.functions, fixed_distribution(self, game), game.epsilon)
        table(game.functions)
        return self

    def choose_block(self, view: AttackerBlock) -> Codes:
        codes = table(view.functions).codes
        return codes[below(draws(view.keys, 0, 1)[:, 0], len(codes))]

    def plant_block(self, view: AttackerBlock) -> Plants:
        from ..kernels.enumeration import choose_legal

        codes, x_star = view.chosen()
        listed = table(view.functions)
        weights, limit = legality_rule(view.functions, view.distribution, view.game.epsilon)
        fractions = (draws(view.keys, 0, 1)[:, 0] >> np.uint64(11)) * UNIT
        rows, places = packed_rows(view.functions, codes), view.functions.domain.index(x_star)
        choice = choose_legal(listed.packed, rows, places, weights, limit, fractions)
        return listed.codes[choice], np.where(choice >= 0, PLANT, NO_PLANT)
