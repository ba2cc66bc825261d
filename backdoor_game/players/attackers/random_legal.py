"""The attack that picks any legal plant."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes
from ...functions.distance import legality_rule
from ...functions.table import packed_rows, table
from ...ground.streams import below, draws
from ...spaces.distributions import Distribution
from ..views import AttackerBlock, GameLike
from .base import (
    NO_PLANT,
    PLANT,
    BlockAttacker,
    Originals,
    PlantLaw,
    Plants,
    fixed_distribution,
    uniform_members,
)

UNIT = 2.0**-53  # fractions of 53 bits, as float64 holds them
CELLS = 2**21  # distances at a time: 16 MiB


@dataclasses.dataclass(frozen=True, repr=False)
class RandomLegal(BlockAttacker):
    """f uniform over the class, f* uniform over its legal plants, for classes that can be enumerated. *Heuristic.*"""

    symmetries = ("rename", "complement")

    def prepare(self, game: GameLike) -> RandomLegal:
        legality_rule(game.functions, fixed_distribution(self, game), game.epsilon)
        table(game.functions)
        return self

    def choose_block(self, view: AttackerBlock) -> Codes:
        codes = table(view.functions).codes
        return codes[below(draws(view.keys, 0, 1)[:, 0], len(codes))]

    def plant_block(self, view: AttackerBlock) -> Plants:
        from ...kernels.enumeration import choose_legal

        codes, x_star = view.chosen()
        listed = table(view.functions)
        weights, limit = legality_rule(view.functions, view.distribution, view.game.epsilon)
        fractions = (draws(view.keys, 0, 1)[:, 0] >> np.uint64(11)) * UNIT
        rows, places = packed_rows(view.functions, codes), view.functions.domain.index(x_star)
        choice = choose_legal(listed.packed, rows, places, weights, limit, fractions)
        return listed.codes[choice], np.where(choice >= 0, PLANT, NO_PLANT)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        return uniform_members(game.functions)

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        from ...kernels.enumeration import packed_distances

        codes, x_star = view.chosen()
        functions, listed = view.functions, table(view.functions)
        weights, limit = legality_rule(functions, view.distribution, view.game.epsilon)
        originals, number = np.unique(codes, axis=0, return_inverse=True)
        order = np.argsort(number.ravel(), kind="stable")
        found = [np.zeros((0, 2), dtype=np.int64)]
        step = max(1, CELLS // len(listed.codes))
        for start in range(0, len(view), step):
            # Distances are the same sums as in plant_block, once for each different f among these rows.
            rows = order[start : start + step]
            which, places = number.ravel()[rows], functions.domain.index(x_star[rows])
            shown = packed_rows(functions, originals[which[0] : which[-1] + 1])
            close = packed_distances(listed.packed, shown, weights)[which - which[0]] <= limit
            here = functions.member_labels(codes[rows], x_star[rows, None, :])
            chosen = np.argwhere(close & (here != listed.labels[:, places].T))
            found.append(np.stack([rows[chosen[:, 0]], chosen[:, 1]], axis=1))
        plants = np.concatenate(found)
        rows, members = plants[np.argsort(plants[:, 0], kind="stable")].T
        return rows, listed.codes[members], 1.0 / np.bincount(rows, minlength=len(view))[rows]
