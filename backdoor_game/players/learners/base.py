"""The contract of a learner: labelled examples in, a prediction at one point out."""

from __future__ import annotations

import abc
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ...functions.base import Codes, Floats, FunctionClass, Labels
from ...ground.errors import ContractError, MissingCapability
from ...ground.inheritance import untouched
from ...ground.spec import Configured, qualified_name, text
from ...ground.streams import Generators, Words, draws
from ...spaces.distributions import Distribution
from ...spaces.domains import Points
from ..views.sample import Sample, WrittenSample
from .sets import error_over_sets

POINTS_AT_ONCE = 2**21  # coordinates of examples at a time: 16 MiB as int64


class Learner(Configured, abc.ABC):
    """Writes `predict`, one member of one round at a time: from m labelled examples, the label of one point.

    A shipped or fast learner inherits `BlockLearner` and writes `predict_block`, or `ProperLearner`.

    Attributes
    ----------
    order_free : bool
        Whether a prediction is a function of the set of different examples alone: not of their order, of how often
        each was drawn, or of `keys`.
    """

    order_free: bool = False

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        # Before there was a one-round form a learner wrote the block form below this class, and it plays still.
        if cls.predict is Learner.predict and cls.predict_block is not Learner.predict_block:
            setattr(cls, "predict", BlockLearner.predict)  # noqa: B010 - type checkers take an assignment for an error

    def prepare(self, functions: FunctionClass, m: int) -> Self:
        """This learner, made ready to learn a class from m examples at a time.

        Raises
        ------
        MissingCapability
            Where it cannot learn that class, in one sentence.
        """
        return self

    @abc.abstractmethod
    def predict(
        self, functions: FunctionClass, X: Points, y: Labels, x: Points, rng: np.random.Generator
    ) -> int | np.integer[Any]:
        """The label at one point, 0 or 1, learnt from m labelled examples.

        Parameters
        ----------
        functions : FunctionClass
            The class that the function which has labelled the examples is of.
        X : ndarray, shape (m, n), read-only
            The examples; m may be 0.
        y : ndarray of uint8, shape (m,), read-only
            Their labels, 0 and 1.
        x : ndarray, shape (n,), read-only
            The point.
        rng : numpy Generator
            Keyed with this member of this round; valid for this call alone. Coins, and nothing else.
        """

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        """Predictions (B, T) at x (B, n), each member trained on its own examples; `keys` (B,) for random learners.

        They are coins, and nothing else: what a learner finds out from them of the run's seed is no learning. By
        default `predict` is asked for each member t of each round r, with a generator keyed by word t of keys[r].
        """
        generators, coins = Generators(), draws(keys, 0, sample.members)
        points = x.view()
        points.setflags(write=False)
        out = np.empty((sample.size, sample.members), dtype=np.uint8)
        for r, row in enumerate(coins):
            for t, key in enumerate(row):
                given = sample.functions, sample.X[r, t], sample.y[r, t], points[r]
                out[r, t] = label(self, self.predict(*given, generators.keyed(key)))
        return out

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


class BlockLearner(Learner):
    """A learner that writes `predict_block`; the one-round form is a block of one, with one member."""

    @abc.abstractmethod
    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        """See `Learner.predict_block`."""

    def predict(
        self, functions: FunctionClass, X: Points, y: Labels, x: Points, rng: np.random.Generator
    ) -> int | np.integer[Any]:
        key = rng.integers(2**64, size=1, dtype=np.uint64)
        return int(self.predict_block(WrittenSample(functions, X[None], y[None]), x[None], key)[0, 0])


class ProperLearner(BlockLearner):
    """A learner whose hypotheses are members of the class; it writes `learn_block`."""

    @abc.abstractmethod
    def learn_block(self, sample: Sample, keys: Words) -> Codes:
        """Hypotheses' codes, shape (B, T, L)."""

    def predict_block(self, sample: Sample, x: Points, keys: Words) -> Labels:
        codes = self.learn_block(sample, keys)
        flat = codes.reshape(sample.size * sample.members, codes.shape[2])
        repeated = np.repeat(x, sample.members, axis=0)[:, None, :]
        return sample.functions.evaluate(flat, repeated).reshape(sample.size, sample.members)


def label(learner: Learner, answer: Any) -> int:
    """What a learner's `predict` has returned, if it is a label."""
    if isinstance(answer, (bool, int, np.integer, np.bool_)) and answer in (0, 1):
        return int(answer)
    raise ContractError(f"predict() of {qualified_name(type(learner))} must return 0 or 1, got {answer!r:.60}")


def flattened(sample: Sample) -> tuple[Points, Labels]:
    """The members of all rounds as one batch: X (B T, m, n) and y (B T, m)."""
    rows = sample.size * sample.members
    return sample.X.reshape(rows, sample.m, sample.X.shape[3]), sample.y.reshape(rows, sample.m)


def refuse_others(learner: Learner, functions: FunctionClass, kind: type[FunctionClass]) -> None:
    """Refuse classes of another kind than the learner learns."""
    if not isinstance(functions, kind):
        name = type(learner).__name__
        raise MissingCapability(f"{name}() learns {kind.__name__}(...), not {text(functions)[:200]}")
