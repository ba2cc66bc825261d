"""Boltzmann resampling: draw a random function close to f' and see whether it agrees at x'."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import numpy.typing as npt

from .. import _validate, bounds
from ..chances import binomial_tail, least_count
from ..distance import point_weights
from ..distributions import Distribution
from ..errors import InvalidArgument, MissingCapability
from ..functions import FunctionClass
from ..functions.base import Floats
from ..functions.table import packed_rows, table
from ..streams import Words
from ..views import DefenderBlock, GameLike
from .base import BlockDefender

Members = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, repr=False)
class BoltzmannResampling(BlockDefender):
    """Draws g with weight exp(-beta dist(g, f')) and flags where g(x') != f'(x') [CHLX25] Appendix A.

    Exact Gibbs sampling over a class that can be enumerated. *Proved* where the game fixes D, with beta .639/epsilon
    by default; where the attacker picks D, distances are to an empirical sample of `examples` (4/epsilon by default),
    which no bound here covers. With several `draws` the suspicion is the share that disagrees, a majority flags.
    """

    beta: float | None = None
    draws: int = 1
    examples: int | None = None
    symmetries = ("rename", "complement")

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("draws", self.draws, 1, 10**6)
        if self.beta is not None:
            _validate.real("beta", self.beta, 0.0)
        if self.examples is not None:
            _validate.integer("examples", self.examples, 1, 10**6)

    def prepare(self, game: GameLike) -> BoltzmannResampling:
        table(game.functions)
        if game.distribution is not None:
            point_weights(game.functions, game.distribution)
            if self.examples is not None:
                raise InvalidArgument(f"examples={self.examples} is for games without a distribution only: drop it")
        beta, examples = self.beta, self.examples
        if beta is None:
            if game.epsilon == 0:
                raise MissingCapability("BoltzmannResampling() cannot choose beta at epsilon 0: pass beta=...")
            beta = bounds.boltzmann_beta(game.epsilon)
        if examples is None and game.distribution is None:
            examples = math.ceil(4 / max(game.epsilon, 1e-3))
        return dataclasses.replace(self, beta=beta, examples=examples)

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        listed = table(view.game.functions)
        rows = packed_rows(view.game.functions, view.codes)
        place = view.game.functions.domain.index(view.X)
        drawn = self._draw(view, listed.packed, rows)
        label = view.evaluate(view.X[:, None, :])
        return np.asarray((listed.labels[drawn, place[:, None]] != label).sum(axis=1) / self.draws)

    def _draw(self, view: DefenderBlock, packed: Words, rows: Words) -> Members:
        """Indices of the functions drawn, shape (B, draws)."""
        from ..kernels.gibbs import gibbs_uniform
        from ..kernels.gibbs_factors import gibbs_weighted

        distribution, functions = view.distribution, view.game.functions
        weights = None if distribution is None else uniform_weights(functions, distribution, self._beta())
        if weights is not None:
            return gibbs_uniform(packed, rows, weights, view.keys, self.draws)
        return gibbs_weighted(packed, rows, self._factors(view), view.keys, self.draws)

    def _factors(self, view: DefenderBlock) -> Floats:
        """exp(-beta D(x)) for every point, (1, N), or exp(-beta share of x) in each round's own sample, (B, N)."""
        functions = view.game.functions
        if view.distribution is not None:
            return np.exp(-self._beta() * point_weights(functions, view.distribution))[None]
        m = int(self.examples or 0)
        places = functions.domain.index(view.sample(m).X[:, 0])
        counts = np.zeros((len(view), int(functions.domain.size or 0)), dtype=np.int64)
        np.add.at(counts, (np.arange(len(view))[:, None], places), 1)
        return np.asarray(np.exp(-self._beta() * np.arange(m + 1) / m)[counts])

    def _beta(self) -> float:
        if self.beta is None:
            raise MissingCapability("BoltzmannResampling has Nones left: call prepare(game), as the engine does")
        return self.beta

    def suspicion_probability(self, view: DefenderBlock) -> Floats:
        """The binomial tail, over the draws, of the Gibbs law's chance to disagree at x'."""
        from ..kernels.gibbs import gibbs_probability
        from ..kernels.gibbs_factors import byte_tables, gibbs_tables_probability

        if view.distribution is None or self.examples is not None:
            raise MissingCapability("an exact probability of resampling needs a game with a fixed distribution")
        functions = view.game.functions
        packed, rows = table(functions).packed, packed_rows(functions, view.codes)
        places = functions.domain.index(view.X)
        weights = uniform_weights(functions, view.distribution, self._beta())
        if weights is not None:
            disagrees = gibbs_probability(packed, rows, weights, places)
        else:
            disagrees = gibbs_tables_probability(packed, rows, byte_tables(self._factors(view)), places)
        return binomial_tail(least_count(self.draws, self.threshold), self.draws, disagrees)


def uniform_weights(functions: FunctionClass, distribution: Distribution, beta: float) -> Floats | None:
    """exp(-beta k / N) for k = 0 .. N where D is uniform on the whole domain: distances are counts; else None."""
    size = distribution.uniform_size()
    if size is None or size != functions.domain.size:
        return None
    return np.asarray(np.exp(-beta * np.arange(size + 1) / size))
