"""A search for the distribution that helps the attacker most, in games that leave it open. *Heuristic.*"""

from __future__ import annotations

import contextlib
import dataclasses
import math
from typing import Any

import numpy as np

from ...functions import Explicit
from ...functions.base import Floats, FunctionClass, missing
from ...functions.table import table
from ...games import BackdoorGame
from ...ground import _validate
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.inheritance import overrides
from ...ground.progress import Progress, silent
from ...ground.spec import Configured
from ...players.attackers import Shattered
from ...spaces.distributions import Atoms, Distribution
from ...spaces.domains import ENUMERABLE_POINTS, Points
from ..variants import optimum

SMALLEST = 1e-9  # gains below that are rounding of the solver


@dataclasses.dataclass(frozen=True, repr=False)
class DistributionSearch(Configured):
    """Looks for the D of least value: from several starts, mass is moved between two points as long as that helps.

    The hard D of [CHLX25] Theorem 4.1, on a shattered set, is always among the starts, as long as one can be found: the
    class names it, or it stands in the first 200,000 sets of points. *Heuristic.*

    Parameters
    ----------
    steps : int
        Games solved in all.
    points : int
        The most points that a distribution may live on.
    seed : int
    """

    steps: int = 200
    points: int = 12
    seed: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("DistributionSearch.steps", self.steps, 1, 10**6)
        _validate.integer("DistributionSearch.points", self.points, 1, 1000)
        _validate.integer("DistributionSearch.seed", self.seed, 0, 2**63)

    def best(self, game: BackdoorGame, progress: Progress = silent) -> Distribution:
        """The D of least value that was found, for a game without one."""
        rng = np.random.default_rng(self.seed)
        functions = game.functions
        starts = self._starts(game, rng)
        best, distribution = np.inf, starts[0]
        values: list[float] = []
        for done, start in enumerate(starts[: self.steps]):
            values.append(_value(game, start))
            progress(done + 1, self.steps)
            if values[-1] < best - SMALLEST:
                best, distribution = values[-1], start
        for done in range(len(values), self.steps):
            if best <= 0.5 + SMALLEST:  # nobody wins less than by guessing
                break
            tried = _moved(distribution, game.epsilon, functions, rng, self.points)
            value = _value(game, tried)
            progress(done + 1, self.steps)
            if value < best - SMALLEST:
                best, distribution = value, tried
        return distribution

    def _starts(self, game: BackdoorGame, rng: np.random.Generator) -> list[Distribution]:
        """The shattering one, the uniform one, on 1/epsilon points those that are best for thresholds, random ones."""
        functions = game.functions
        starts: list[Distribution] = []
        with contextlib.suppress(MissingCapability, InvalidArgument):
            starts.append(_shattering(game))
        domain = functions.domain
        if domain.size is None or domain.size > ENUMERABLE_POINTS:
            if not starts:
                raise missing(functions, "has no listed domain to search for a distribution on: give the game one")
            return starts
        everything = domain.points()
        if domain.size <= self.points:
            starts.append(_law(functions, everything, np.full(domain.size, 1 / domain.size)))
        # 1e-9: 1/epsilon of a rounded 1/k is still k
        q = math.floor(1 / game.epsilon + 1e-9) if game.epsilon > 0 else 0
        if 1 <= q < min(self.points, domain.size):
            spread = everything[np.linspace(0, domain.size - 1, q + 1).round().astype(int)]
            starts.append(_law(functions, spread, np.full(q + 1, 1 / (q + 1))))
            starts.append(_law(functions, spread, np.append(np.full(q, game.epsilon), 1 - q * game.epsilon)))
        for _ in range(3):
            k = min(self.points, domain.size)
            chosen = everything[rng.permutation(domain.size)[:k]]
            starts.append(_law(functions, chosen, rng.dirichlet(np.ones(k))))
        return starts


def _shattering(game: BackdoorGame) -> Distribution:
    """The distribution of the lower bound; where the class names no shattered set, one is looked for in its table."""
    functions = game.functions
    if overrides(functions, FunctionClass.shattered_set):
        return Shattered().prepare(game).distribution(game).on(functions.domain)
    rows: Any = table(functions).labels
    places = Explicit(rows).shattered_set()[:, 0]
    points, d = functions.domain.points()[places], len(places)
    if game.epsilon >= 1 / d - SMALLEST:
        return _law(functions, points, np.full(d, 1 / d))
    return _law(functions, points, np.append(np.full(d - 1, game.epsilon), 1 - (d - 1) * game.epsilon))


def _value(game: BackdoorGame, distribution: Distribution) -> float:
    try:
        return optimum(game, distribution).upper
    except InvalidArgument:
        if game.trigger.predicate is None:
            raise
        return np.inf  # it draws no point on which the predicate holds


def _law(functions: FunctionClass, points: Points, weights: Floats) -> Distribution:
    kept = weights > SMALLEST
    weights = weights[kept] / weights[kept].sum()
    return Atoms(points[kept].tolist(), weights.tolist()).on(functions.domain)


def _moved(
    distribution: Distribution, epsilon: float, functions: FunctionClass, rng: np.random.Generator, most: int
) -> Distribution:
    """It with some mass of one point given to another: all, half, or an amount that leaves or gives epsilon."""
    support = distribution.atoms()
    assert support is not None
    points, weights = support[0], np.array(support[1])
    domain = functions.domain
    if domain.size is not None and domain.size <= ENUMERABLE_POINTS and len(points) < most and rng.random() < 0.5:
        new = domain.points()[rng.integers(domain.size)][None]
        if not (points == new).all(axis=1).any():
            points, weights = np.concatenate([points, new]), np.append(weights, 0.0)
    if len(points) < 2:
        return distribution
    giver, taker = rng.permutation(len(points))[:2]
    options = [
        weights[giver],
        weights[giver] / 2,
        epsilon,
        epsilon / 2,
        weights[giver] - epsilon,
        epsilon - weights[taker],
    ]
    options = [amount for amount in options if SMALLEST < amount <= weights[giver]]
    if not options:
        return distribution
    amount = options[rng.integers(len(options))]
    weights[giver] -= amount
    weights[taker] += amount
    return _law(functions, points, weights)
