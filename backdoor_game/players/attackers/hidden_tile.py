"""The hard pair for voting: a threshold beside a row of tiles of which at most one is laid."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions import DirectSum, FunctionClass, Singletons
from ...functions.base import Codes
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...spaces.distributions import Distribution
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Originals, Plants, fixed_distribution, uniform_members


@dataclasses.dataclass(frozen=True, repr=False)
class HiddenTile(BlockAttacker):
    """f has no tile, f* lays the tile under the trigger; a forfeit where there is none or it is too heavy. *Heuristic.*

    For ``DirectSum([Thresholds(points=K), Singletons(points=1/(2 epsilon))])`` under an even mixture of uniform laws,
    the loss of a single distillation falls like sqrt(epsilon) and that of an ensemble like epsilon.
    """

    def prepare(self, game: GameLike) -> HiddenTile:
        fixed_distribution(self, game)
        functions = game.functions
        if not (isinstance(functions, DirectSum) and isinstance(functions.parts[-1], Singletons)):
            raise MissingCapability(
                f"HiddenTile() needs a DirectSum whose last part is Singletons(points=...), got {text(functions)[:200]}"
            )
        return self

    def choose_block(self, view: AttackerBlock) -> Codes:
        codes = view.functions.sample_block(view.keys).copy()
        codes[:, -1] = _parts(view.functions)[-1].domain.size
        return codes

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        """Uniform over the members without a tile: the parts of a direct sum are chosen independently."""
        members = uniform_members(game.functions) if game.functions.samples_uniformly else None
        if members is None:
            return None
        codes = members[0][members[0][:, -1] == _parts(game.functions)[-1].domain.size]
        return codes, np.full(len(codes), 1 / len(codes))

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        on_tile = x_star[:, 0] == len(_parts(view.functions)) - 1
        planted = codes.copy()
        planted[on_tile, -1] = x_star[on_tile, 1]
        return planted, np.where(view.legal(planted), PLANT, NO_PLANT)


def _parts(functions: FunctionClass) -> tuple[FunctionClass, ...]:
    return functions.parts if isinstance(functions, DirectSum) else (functions,)
