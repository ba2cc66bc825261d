"""The hard pair for voting: a threshold beside a row of tiles of which at most one is laid."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..errors import MissingCapability
from ..functions import DirectSum, FunctionClass, Singletons
from ..functions.base import Codes
from ..spec import text
from ..views import AttackerBlock, GameLike
from .base import NO_PLANT, PLANT, BlockAttacker, Plants, fixed_distribution


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
        codes[:, -1] = _parts(view)[-1].domain.size
        return codes

    def plant_block(self, view: AttackerBlock) -> Plants:
        codes, x_star = view.chosen()
        on_tile = x_star[:, 0] == len(_parts(view)) - 1
        planted = codes.copy()
        planted[on_tile, -1] = x_star[on_tile, 1]
        return planted, np.where(view.legal(planted), PLANT, NO_PLANT)


def _parts(view: AttackerBlock) -> tuple[FunctionClass, ...]:
    return view.functions.parts if isinstance(view.functions, DirectSum) else (view.functions,)
