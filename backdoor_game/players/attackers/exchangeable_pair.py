"""The attack on games in which f may depend on the trigger: which of two functions is the original says nothing."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes, Floats
from ...functions.distance import legality_rule
from ...functions.table import table
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..picking import drawn, offered_places, plant_counts, random_plant_law, random_plants
from ..picking.pairs import CELLS
from ..views import AttackerBlock, GameLike
from .base import BlockAttacker, Originals, PickLaw, PlantLaw, Plants, fixed_distribution


@dataclasses.dataclass(frozen=True, repr=False)
class ExchangeablePair(BlockAttacker):
    """Any legal triple (x*, f, f*) that is left open to it, each as likely: f and f* by a fair coin. *Proved.*

    With x* come (f, f*) and (f*, f) equally often, so that where the clean branch shows f at the trigger too, and
    nothing is revealed, both branches have one law and every defender wins half of the rounds that have a plant. For
    classes that can be enumerated, and for laws under which the attacker knows x*, or picks it, before f.
    """

    symmetries = ("rename", "complement")

    def prepare(self, game: GameLike) -> ExchangeablePair:
        trigger = game.trigger
        if not trigger.before_original and trigger.draws is not None:
            raise MissingCapability(
                f"{text(self)} picks f for its trigger, which trigger={trigger!r} settles only after f: play it where "
                'the trigger comes first, such as trigger="BeforeOriginal()" or "Chosen()"'
            )
        law = fixed_distribution(self, game)
        legality_rule(game.functions, law, game.epsilon)
        plant_counts(game.functions, law, game.epsilon)
        return self

    def choose_block(self, view: AttackerBlock) -> Codes:
        codes, places = table(view.functions).codes, offered_places(view)
        counts = plant_counts(view.functions, view.distribution, view.game.epsilon).astype(np.float64)
        out, step = np.empty((len(view), codes.shape[1]), dtype=codes.dtype), max(1, CELLS // counts.shape[1])
        for start in range(0, len(view), step):
            rows = slice(start, start + step)
            out[rows] = codes[drawn(places[rows] @ counts, view.keys[rows])]
        return out

    def pick_block(self, view: AttackerBlock) -> Points:
        return np.asarray(view.functions.domain.points()[drawn(self._weights(view), view.keys)])

    def _weights(self, view: AttackerBlock) -> Floats:
        """Of each point of the domain in each round, (B, N): legal plants of f there, 1 each where it has none."""
        assert view.codes is not None
        different, which = np.unique(view.codes, axis=0, return_inverse=True)
        counts = plant_counts(view.functions, view.distribution, view.game.epsilon)
        known = {code.tobytes(): f for f, code in enumerate(table(view.functions).codes)}
        rows = np.array([known[code.tobytes()] for code in different])[which.ravel()]
        able = offered_places(view)
        weights = np.where(able, counts[:, rows].T, 0).astype(np.float64)
        hopeless = ~weights.any(axis=1)
        weights[hopeless] = able[hopeless]
        return weights

    def plant_block(self, view: AttackerBlock) -> Plants:
        return random_plants(view)

    def choose_law(self, game: GameLike, distribution: Distribution) -> Originals | None:
        if game.trigger.before_original:
            return None
        counts = plant_counts(game.functions, distribution, game.epsilon)
        points = game.functions.domain.points()
        weights = counts[game.trigger.admits(distribution, points)].sum(axis=0).astype(np.float64)
        shares = weights / weights.sum() if weights.any() else np.full(len(weights), 1 / len(weights))
        return table(game.functions).codes, shares

    def choose_given_law(self, view: AttackerBlock) -> PlantLaw:
        counts = plant_counts(view.functions, view.distribution, view.game.epsilon).astype(np.float64)
        weights = offered_places(view) @ counts
        weights[~weights.any(axis=1)] = 1.0
        rows, members = np.nonzero(weights)
        return rows, table(view.functions).codes[members], (weights / weights.sum(axis=1, keepdims=True))[rows, members]

    def pick_law(self, view: AttackerBlock) -> PickLaw:
        weights = self._weights(view)
        rows, places = np.nonzero(weights)
        chances = (weights / weights.sum(axis=1, keepdims=True))[rows, places]
        return rows, np.asarray(view.functions.domain.points()[places]), chances

    def plant_law(self, view: AttackerBlock) -> PlantLaw:
        return random_plant_law(view)
