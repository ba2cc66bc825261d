"""Randomised smoothing: a vote among inputs with some bits flipped."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Floats
from ...ground import _validate
from ...ground.chances import binomial_tail, least_count
from ...ground.errors import MissingCapability
from ...ground.spec import text
from ...ground.streams import draws, unit
from ...spaces.distributions.uniform import listed
from ...spaces.domains import Bits, Points
from ..views import DefenderBlock, GameLike
from .base import BlockDefender

NUMBERS = 2**22  # coordinates compared at a time
AT_ONCE = 2**10  # coins that a round tosses at a time: 2^22 in a block of 4096 rounds
LISTED_BITS = 16  # f' is looked at on all 2^n inputs for each row


@dataclasses.dataclass(frozen=True, repr=False)
class HammingSmoothing(BlockDefender):
    """Suspicion is the share of noisy copies of x', each bit flipped with probability `flip`, whose label differs.

    There are `samples` of them. So x' is flagged where f' differs from its smoothed vote there. It asks for one label
    more than `samples`; `flip` None is 1/n, one bit a copy on average. *Heuristic.*

    Parameters
    ----------
    flip : float, optional
        The probability with which a bit is flipped; None is 1/n.
    samples : int
        Noisy copies, each a label that is asked for.
    """

    flip: float | None = None
    samples: int = 32

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("samples", self.samples, 1, 10**6)
        if self.flip is not None:
            _validate.real("flip", self.flip, 0.0, 1.0)

    def prepare(self, game: GameLike) -> HammingSmoothing:
        domain = game.functions.domain
        if not isinstance(domain, Bits):
            raise MissingCapability(f"{text(self)} needs a class on Bits(n), got {text(game.functions)[:200]}")
        return dataclasses.replace(self, flip=1 / domain.n if self.flip is None else self.flip)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        n, flip = view.game.functions.domain.n, self._flip()
        X, differing = view.X[:, None, :], np.zeros(len(view), dtype=np.int64)
        here, step = view.evaluate(X), max(1, AT_ONCE // n)
        for first in range(0, self.samples, step):
            copies = min(step, self.samples - first)
            flipped = unit(draws(view.keys, first * n, copies * n)).reshape(-1, copies, n) < flip
            differing += (view.evaluate(X ^ flipped) != here).sum(axis=1)
        return np.asarray(differing / self.samples)

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """The binomial tail of the chance that one copy's label differs."""
        functions, flip = view.game.functions, self._flip()
        if functions.domain.n > LISTED_BITS:
            raise MissingCapability(f"an exact chance of a smoothed vote lists 2^n inputs: n is {functions.domain.n}")
        points = listed(functions.domain)
        chance = np.empty(len(view))
        step = max(1, NUMBERS // points.size)
        for start in range(0, len(view), step):
            codes, X = view.codes[start : start + step], view.X[start : start + step]
            here = functions.member_labels(codes, X[:, None, :])
            differs = functions.member_labels(codes, np.broadcast_to(points, (len(codes), *points.shape))) != here
            chance[start : start + step] = np.where(differs, _weights(points, X, flip), 0.0).sum(axis=1)
        return binomial_tail(least_count(self.samples, self.threshold), self.samples, np.clip(chance, 0.0, 1.0))

    def _flip(self) -> float:
        if self.flip is None:
            raise MissingCapability("HammingSmoothing has Nones left: call prepare(game), as the engine does")
        return self.flip


def _weights(points: Points, X: Points, flip: float) -> Floats:
    """How likely a noisy copy of each X (B, n) is each point (N, n), shape (B, N)."""
    n = points.shape[1]
    gaps = (points[None] != X[:, None]).sum(axis=2)
    by_gap = np.array([flip**gap * (1 - flip) ** (n - gap) for gap in range(n + 1)])
    return np.asarray(by_gap[gaps])
