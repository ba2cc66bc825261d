"""The attacker that no defender beats by more than the value of the game."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes
from ...players.attackers.base import NO_PLANT, PLANT, BlockAttacker, Originals, PlantLaw, Plants
from ...players.views import AttackerBlock, GameLike
from ...spaces.distributions import Distribution
from .solved import check_tolerance, fractions, law_of, solution, solved


@dataclasses.dataclass(frozen=True, repr=False)
class OptimalAttacker(BlockAttacker):
    """Plays the solution of a finite game: no defender wins more than its value, up to `tolerance`. *Enumerated.*

    Parameters
    ----------
    law : Distribution, optional
        The D to pick in a game that fixes none.
    tolerance : float, optional
        The gap that is proved: by default 1e-6 up to 60,000 legal triples and 1e-4 beyond.
    """

    law: Distribution | None = None
    tolerance: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_tolerance(self.tolerance)

    def prepare(self, game: GameLike) -> OptimalAttacker:
        return solved(self, game)

    def distribution(self, game: GameLike) -> Distribution:
        return law_of(self, game)

    def choose_block(self, view: AttackerBlock) -> Codes:
        found = solution(self, view.game)
        reached = np.cumsum(found.attack.originals)
        last = np.flatnonzero(found.attack.originals)[-1]
        chosen = np.searchsorted(reached, fractions(view.keys), side="right")
        return np.asarray(found.game.codes[np.minimum(chosen, last)])

    def plant_block(self, view: AttackerBlock) -> Plants:
        from ...kernels.legal_pairs import draw_in_rows

        codes, x_star = view.chosen()
        found = solution(self, view.game)
        game = found.game
        cells = game.place(x_star) * len(game.codes) + game.find(codes)
        drawn = draw_in_rows(game.starts, found.attack.plants, cells, fractions(view.keys))
        planted = codes.copy()
        planted[drawn >= 0] = game.codes[game.partners[drawn[drawn >= 0]]]
        return planted, np.where(drawn >= 0, PLANT, NO_PLANT)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals:
        found = solution(self, game)
        return found.game.codes, found.attack.originals

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        codes, x_star = view.chosen()
        found = solution(self, view.game)
        game = found.game
        cells = game.place(x_star) * len(game.codes) + game.find(codes)
        counts = game.starts[cells + 1] - game.starts[cells]
        rows = np.repeat(np.arange(len(cells)), counts)
        firsts = np.repeat(game.starts[cells] - np.cumsum(counts) + counts, counts)
        triples = firsts + np.arange(len(rows))
        return rows, game.codes[game.partners[triples]], found.attack.plants[triples]
