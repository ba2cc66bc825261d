"""A vote among the examples closest to the input."""

from __future__ import annotations

import dataclasses

import numpy as np

from ... import bounds
from ...functions.base import Floats, Labels
from ...ground import _validate
from ...ground.chances import least_count, nearest_tail
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...spaces.domains import Points
from ..views import DefenderBlock, GameLike, Sample
from .base import BlockDefender

NUMBERS = 2**20  # coordinates at a time, unless one round has more: 8 MiB as float64, some 64 with all that is made


@dataclasses.dataclass(frozen=True, repr=False)
class NeighbourVote(BlockDefender):
    """Suspicion is the share of the `neighbours` nearest of `examples` fresh examples whose label is not f'(x').

    Distances are Euclidean on the domain's coordinates, ties going to the example drawn first; examples None is the
    1/epsilon - 1 of voting. *Heuristic.*

    Parameters
    ----------
    neighbours : int
        Nearest examples that vote.
    examples : int, optional
        Fresh examples among which they are sought; None is 1/epsilon - 1.
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
        sample = view.sample(self._examples())
        label = view.evaluate(view.X[:, None, :])
        out = np.empty(len(view))
        step = max(1, NUMBERS // (sample.m * view.game.functions.domain.n))
        for start in range(0, len(view), step):
            rows = slice(start, start + step)
            out[rows] = self._votes(sample.rows(start, start + step), view.X[rows], label[rows])
        return out

    def _votes(self, sample: Sample, x: Points, label: Labels) -> Floats:
        gaps = sample.functions.domain.gap(sample.X[:, 0], x)
        closest = np.argsort(gaps, axis=1, kind="stable")[:, : self.neighbours]
        differs = np.take_along_axis(sample.y[:, 0], closest, axis=1) != label
        return np.asarray(differs.sum(axis=1) / differs.shape[1])

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """Over the atoms of D at each distance from x', nearest first; see `chances.nearest_tail`."""
        m, functions, distribution = self._examples(), view.game.functions, view.distribution
        taken = min(self.neighbours, m)
        support = None if distribution is None else distribution.atoms()
        if support is None:
            raise MissingCapability(
                "an exact probability of a neighbours' vote needs a game with a fixed distribution on listed points, "
                f"got distribution {text(distribution)[:200]}"
            )
        points, weights = support
        out, count = np.empty(len(view)), least_count(taken, self.threshold)
        inputs, number = np.unique(view.X, axis=0, return_inverse=True)
        order = np.argsort(number.ravel(), kind="stable")
        step = max(1, NUMBERS // points.size)
        for start in range(0, len(view), step):
            rows = order[start : start + step]
            codes, which = view.codes[rows], number.ravel()[rows]
            x = inputs[which[0] : which[-1] + 1]
            gaps = functions.domain.gap(np.broadcast_to(points, (len(x), *points.shape)), x)
            X = np.broadcast_to(points, (len(rows), *points.shape))
            differs = functions.member_labels(codes, X) != functions.member_labels(codes, view.X[rows, None, :])
            out[rows] = nearest_tail(gaps, which - which[0], weights, differs, m, taken, count)
        return out

    def _examples(self) -> int:
        if self.examples is None:
            raise MissingCapability("NeighbourVote has Nones left: call prepare(game), as the engine does")
        return self.examples
