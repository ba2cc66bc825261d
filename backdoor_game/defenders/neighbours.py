"""A vote among the examples closest to the input."""

from __future__ import annotations

import dataclasses

import numpy as np

from .. import _validate, bounds
from ..errors import MissingCapability
from ..functions.base import Floats
from ..views import DefenderBlock, GameLike
from .base import BlockDefender


@dataclasses.dataclass(frozen=True, repr=False)
class NeighbourVote(BlockDefender):
    """Suspicion is the share of the `neighbours` nearest of `examples` fresh examples whose label is not f'(x').

    Distances are Euclidean on the domain's coordinates, ties going to the example drawn first; examples None is the
    1/epsilon - 1 of voting. *Heuristic.*
    """

    neighbours: int = 5
    examples: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("neighbours", self.neighbours, 1, 10**6)
        if self.examples is not None:
            _validate.integer("examples", self.examples, 1, 10**6)

    def prepare(self, game: GameLike) -> NeighbourVote:
        if self.examples is not None:
            return self
        if game.epsilon == 0:
            raise MissingCapability("NeighbourVote() cannot choose examples at epsilon 0: pass examples=...")
        return dataclasses.replace(self, examples=max(1, bounds.voting_examples(game.epsilon)))

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        if self.examples is None:
            raise MissingCapability("NeighbourVote has Nones left: call prepare(game), as the engine does")
        sample = view.sample(self.examples)
        label = view.evaluate(view.X[:, None, :])
        gaps = view.game.functions.domain.gap(sample.X[:, 0], view.X)
        closest = np.argsort(gaps, axis=1, kind="stable")[:, : self.neighbours]
        differs = np.take_along_axis(sample.y[:, 0], closest, axis=1) != label
        return np.asarray(differs.sum(axis=1) / differs.shape[1])
