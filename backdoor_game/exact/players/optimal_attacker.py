"""The attacker that no defender beats by more than the value of the game."""

from __future__ import annotations

import dataclasses

from ...functions.base import Codes
from ...games.observations import Observation
from ...ground.origins import WHERE_SET
from ...players.attackers.base import BlockAttacker, Originals, PickLaw, PlantLaw, Plants
from ...players.views import AttackerBlock, GameLike
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from .coins import fractions
from .solved import check_tolerance, law_of, solution, solved


@dataclasses.dataclass(frozen=True, repr=False)
class OptimalAttacker(BlockAttacker):
    """Plays the solution of a finite game: no defender wins more than its value, up to `tolerance`. *Enumerated.*

    Parameters
    ----------
    law : Distribution, optional
        The D to pick in a game that fixes none.
    tolerance : float, optional
        The gap that is proved: by default 1e-6 up to 60,000 legal triples and 1e-4 beyond.
    sees : Observation, optional
        What the defender sees of (f', x'), by default all of it: no defender that sees no more wins more.
    """

    law: Distribution | None = None
    tolerance: float | None = None
    sees: Observation | None = dataclasses.field(default=None, metadata=WHERE_SET)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_tolerance(self.tolerance)

    def prepare(self, game: GameLike) -> OptimalAttacker:
        return solved(self, game)

    def distribution(self, game: GameLike) -> Distribution:
        return law_of(self, game)

    def choose_block(self, view: AttackerBlock) -> Codes:
        return solution(self, view.game).choose(view, fractions(view.keys))

    def pick_block(self, view: AttackerBlock) -> Points:
        return solution(self, view.game).pick(view, fractions(view.keys))

    def plant_block(self, view: AttackerBlock) -> Plants:
        return solution(self, view.game).plant(view, fractions(view.keys))

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        return solution(self, game).choose_law()

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw | None:
        return solution(self, view.game).choose_given_law(view)

    def pick_law(self, view: AttackerBlock) -> PickLaw | None:
        return solution(self, view.game).pick_law(view)

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        return solution(self, view.game).plant_law(view)
