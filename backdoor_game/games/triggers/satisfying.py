"""The law that lets the attacker pick any trigger with a property."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Booleans, Floats
from ...ground.errors import InvalidArgument
from ...ground.lookup import made
from ...ground.spec import text
from ...ground.streams import Words
from ...players.views import GameLike
from ...players.views.meter import answers
from ...spaces.distributions import Distribution
from ...spaces.domains import ENUMERABLE_POINTS, Points
from ..predicates import Predicate
from .base import Offers, TriggerLaw, drawable


@dataclasses.dataclass(frozen=True, repr=False)
class Satisfying(TriggerLaw):
    """The attacker picks f, any x* that D can draw on which the predicate holds, and f*.

    Either player asks the predicate through its view, `view.satisfies(X)`, and pays evaluations for it; the referee
    looks for free. Who asks the predicate itself, or this law's `admits`, owns up to it with `view.charge`.

    Parameters
    ----------
    predicate : Predicate
    """

    predicate: Predicate = dataclasses.field()  # else what it is in every other law would be its default

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicate", made(self.predicate, Predicate, "predicate", "HashPrefix(bits=4)"))
        super().__post_init__()

    @property
    def draws(self) -> None:
        return None

    def offered(self, distribution: Distribution, keys: Words) -> None:
        return None

    def offers(self, points: Points, weights: Floats) -> Offers:
        return Offers(answers(self.predicate, points)[None], np.ones(1))

    def admits(self, distribution: Distribution, X: Points) -> Booleans:
        return drawable(distribution, X) & answers(self.predicate, X)

    def check(self, game: GameLike) -> None:
        domain = game.functions.domain
        self.predicate.check(domain)
        listed = None if game.distribution is None else game.distribution.atoms()
        if listed is not None:
            points = np.asarray(listed[0])[np.asarray(listed[1]) > 0]
        elif game.distribution is None and domain.size is not None and domain.size <= ENUMERABLE_POINTS:
            points = domain.points()
        else:
            return
        if not answers(self.predicate, points).any():
            raise InvalidArgument(
                f"trigger={text(self)[:200]} holds on none of the {len(points)} points that may be drawn: the attacker "
                "would have nothing to pick"
            )
