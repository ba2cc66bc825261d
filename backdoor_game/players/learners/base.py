"""The contract of a learner: labelled examples in, a prediction at one point out."""

from __future__ import annotations

import abc
from typing import Self

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats, FunctionClass, Labels
from ...ground.errors import MissingCapability
from ...ground.inheritance import untouched
from ...ground.spec import Configured, text
from ...ground.streams import Words
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..views.sample import Sample
from .sets import error_over_sets

POINTS_AT_ONCE = 2**21  # coordinates of examples at a time: 16 MiB as int64


class Learner(Configured, abc.ABC):
    """Trains T members a round, each on m fresh examples, and predicts at one point.

    Attributes
    ----------
    order_free : bool
        Whether a prediction is a function of the set of different examples alone: not of their order, of how often
        each was drawn, or of `keys`.
    """

    order_free: bool = False

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        """This learner, made ready to learn a class from m examples at a time.

        Raises
        ------
        MissingCapability
            Where it cannot learn that class, in one sentence.
        """
        return self

    @abc.abstractmethod
    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        """Predictions (B, T) at x (B, n), each member trained on its own examples; `keys` (B,) for random learners.

        They are coins, and nothing else: what a learner finds out from them of the run's seed is no learning.
        """

    def expected_error(self, d: int, m: int) -> float | None:
        """A proved bound on Pr[prediction at a fresh point is wrong] after m examples at VC dimension d, else None."""
        return None

    def error_probability(
        self, functions: FunctionClass, distribution: Distribution, m: int, codes: Codes, x: Points
    ) -> Floats | None:
        """Pr[h_S(x) != f(x)] over m examples S of each f (B, L) at its x (B, n), exactly, shape (B,); else None.

        By default the learner is asked about every set of different examples, where it is `order_free` and at most 12
        points have positive weight.
        """
        if not (self.order_free and untouched(self, "order_free")):
            return None
        return error_over_sets(self, functions, distribution, m, codes, x)

    def votes(self, sample: Sample, x: Points, labels: Labels, keys: Words) -> npt.NDArray[np.int64]:
        """How many members predict something else than labels (B,) = f'(x), where f' has labelled the sample."""
        counts = np.empty(sample.size, dtype=np.int64)
        points = max(1, sample.members * sample.m * sample.functions.domain.n)
        step = max(1, POINTS_AT_ONCE // points)
        for start in range(0, sample.size, step):
            rows = slice(start, start + step)
            predicted = self.predict_block(sample.rows(start, start + step), x[rows], keys[rows])
            counts[rows] = (predicted != labels[rows, None]).sum(axis=1)
        return counts


class ProperLearner(Learner):
    """A learner whose hypotheses are members of the class; it writes `learn_block`."""

    @abc.abstractmethod
    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        """Hypotheses' codes, shape (B, T, L)."""

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        codes = self.learn_block(sample, keys)
        flat = codes.reshape(sample.size * sample.members, codes.shape[2])
        repeated = np.repeat(x, sample.members, axis=0)[:, None, :]
        return sample.functions.evaluate(flat, repeated).reshape(sample.size, sample.members)


def flattened(sample: Sample) -> tuple[Points, Labels]:
    """The members of all rounds as one batch: X (B T, m, n) and y (B T, m)."""
    rows = sample.size * sample.members
    return sample.X.reshape(rows, sample.m, sample.X.shape[3]), sample.y.reshape(rows, sample.m)


def refuse_others(learner: Learner, functions: FunctionClass, kind: type[FunctionClass]) -> None:
    """Refuse classes of another kind than the learner learns."""
    if not isinstance(functions, kind):
        name = type(learner).__name__
        raise MissingCapability(f"{name}() learns {kind.__name__}(...), not {text(functions)[:200]}")
