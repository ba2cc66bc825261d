"""Boltzmann resampling: draw a random function close to f' and see whether it agrees at x'."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import numpy.typing as npt

from ... import bounds
from ...functions import FunctionClass
from ...functions.base import Floats, missing
from ...functions.distance import point_weights
from ...functions.table import packed_rows, table
from ...ground import _validate
from ...ground.chances import binomial_tail, least_count
from ...ground.errors import InvalidArgument, MissingCapability
from ...ground.inheritance import overrides
from ...ground.streams import Words, draws
from ...spaces.distributions import Distribution
from ..views import DefenderBlock, GameLike
from ..walking import Nearness, is_exact, price, walk
from .base import BlockDefender

CELLS = 2**22  # numbers of codes or samples that walk at a time: 32 MiB
Members = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, repr=False)
class BoltzmannResampling(BlockDefender):
    """Draws g with weight exp(-beta dist(g, f')) and flags where g(x') != f'(x') [CHLX25] Appendix A.

    Exact Gibbs sampling over a class that can be enumerated. *Proved* where the defender knows D, which is where the
    game fixes it, with beta .639/epsilon by default; where the attacker picks D, distances are to an empirical sample
    of `examples` (4/epsilon by default), which no bound here covers. With several `draws` the suspicion is
    the share that disagrees, a majority flags.

    With `steps` each draw is where a Metropolis walk of so many proposals has led from f', for classes of any size that
    make proposals (`proposal_block`). That is heuristic: only in the limit of many steps do its draws have the law
    above, `backdoor-game mixing` tells how far off they are, and the law is one over codes: where several codes are
    one function, a function counts once for each, and ln |F| in the bound becomes the log of the number of codes.
    Distances are to a sample of `examples` also where D is fixed but admits no exact ones. A proposal is charged as the
    evaluations that its distance takes: 1 by a closed form, 2^n for circuits, else one for each atom of D or example.

    Parameters
    ----------
    beta : float, optional
        The inverse temperature; None is .639/epsilon.
    draws : int
        Resamples, of which the suspicion is the share that disagrees.
    examples : int, optional
        Examples that distances are estimated from where D is not known; None is 4/epsilon.
    steps : int, optional
        Proposals of each walk; None draws exactly.
    """

    beta: float | None = None
    draws: int = 1
    examples: int | None = None
    steps: int | None = None
    symmetries = ("rename", "complement")
    reads_code = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _validate.integer("draws", self.draws, 1, 10**6)
        if self.beta is not None:
            _validate.real("beta", self.beta, 0.0)
        if self.examples is not None:
            _validate.integer("examples", self.examples, 1, 10**6)
        if self.steps is not None:
            _validate.integer("steps", self.steps, 1, 10**7)

    def prepare(self, game: GameLike) -> BoltzmannResampling:
        exact = self._checked(game)
        if exact and self.examples is not None:
            where = "a distribution" if self.steps is None else "exact distances"
            raise InvalidArgument(f"examples={self.examples} is for games without {where} only: drop it")
        beta, examples = self.beta, self.examples
        if beta is None:
            if game.epsilon == 0:
                raise MissingCapability("BoltzmannResampling() cannot choose beta at epsilon 0: pass beta=...")
            beta = bounds.boltzmann_beta(game.epsilon)
        if examples is None and not exact:
            examples = math.ceil(4 / max(game.epsilon, 1e-3))
        return dataclasses.replace(self, beta=beta, examples=examples)

    def _checked(self, game: GameLike) -> bool:
        """Whether distances are exact, where the class can be drawn from at all."""
        if self.steps is not None:
            if not overrides(game.functions, FunctionClass.proposal_block):
                raise missing(game.functions, "has no Metropolis proposals: drop steps, or name another class")
            return is_exact(game.functions, game.distribution)
        table(game.functions)
        if game.distribution is not None:
            point_weights(game.functions, game.distribution)
        return game.distribution is not None

    def suspicion_block(self, view: DefenderBlock) -> Floats:
        if self.steps is not None:
            return self._walked(view, self.steps)
        listed = table(view.game.functions)
        rows = packed_rows(view.game.functions, view.codes)
        place = view.game.functions.domain.index(view.X)
        drawn = self._draw(view, listed.packed, rows)
        label = view.evaluate(view.X[:, None, :])
        return np.asarray((listed.labels[drawn, place[:, None]] != label).sum(axis=1) / self.draws)

    def _walked(self, view: DefenderBlock, steps: int) -> Floats:
        """The share of walks that end at a function with another label at x'."""
        functions, near = view.game.functions, self.nearness(view)
        view.charge(evaluations=self.draws * (1 + steps * price(functions, view.distribution, self.examples)))
        label = view.evaluate(view.X[:, None, :])
        X, keys, out = view.X[:, None, :], draws(view.keys, 0, self.draws), np.empty(len(view))
        step = max(1, CELLS // (self.draws * max(functions.code_length, (self.examples or 0) * functions.domain.n)))
        for start in range(0, len(view), step):
            rows = slice(start, start + step)
            mine = near.repeated(rows, self.draws)
            drawn = walk(functions, mine.shown, mine, self._beta(), keys[rows].ravel(), steps)
            labels = functions.member_labels(drawn, np.repeat(X[rows], self.draws, axis=0))
            out[rows] = (labels.reshape(-1, self.draws) != label[rows]).mean(axis=1)
        return out

    def nearness(self, view: DefenderBlock) -> Nearness:
        """What the walks from each row of a view go by: exact distances, or those on fresh examples, charged."""
        functions = view.game.functions
        if self.examples is None:
            return Nearness(functions, view.codes, view.distribution)
        sample = view.sample(self.examples)
        return Nearness(functions, view.codes, X=sample.X[:, 0], y=sample.y[:, 0])

    def _draw(self, view: DefenderBlock, packed: Words, rows: Words) -> Members:
        """Indices of the functions drawn, shape (B, draws)."""
        from ...kernels.gibbs import gibbs_uniform
        from ...kernels.gibbs_factors import gibbs_weighted

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
        from ...kernels.gibbs import gibbs_probability
        from ...kernels.gibbs_factors import byte_tables, gibbs_tables_probability

        if view.distribution is None or self.examples is not None or self.steps is not None:
            raise MissingCapability(
                "an exact probability of resampling needs a game with a fixed distribution, and no steps"
            )
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
