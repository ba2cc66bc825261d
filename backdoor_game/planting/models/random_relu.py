"""Random ReLU features under one threshold."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes, Floats, Function, Labels
from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground.errors import InvalidArgument
from ...spaces.domains import Points
from .trainable import Trainable, on_grid


@dataclasses.dataclass(frozen=True, repr=False)
class RandomReLU(Trainable):
    """[(1/m) sum_i max(0, <g_i, x>) >= tau] on R^d, [GKVZ22] Algorithms 7 and 8; a code is (G row by row, tau).

    Honest coins are g_i ~ N(0, I), rounded to multiples of 2^-32. Nothing but tau is trained, "based on psi and D" in
    the paper, so on most data this is a test of |x|: mean activations are close to |x| / sqrt(2 pi). The VC dimension
    is not known in closed form.

    Parameters
    ----------
    features, dimension : int
        m and d.
    dtype : str
        "float64" or "float32".
    positive : float, optional
        The share p of inputs that get label 1, strictly between 0 and 1: tau is the 1 - p quantile of the training
        inputs' mean activations (place (n + 1)(1 - p) of n, for which a fresh input's chance is p on average), whatever
        their labels. None: the lowest tau with fewest errors on the training examples, midway between two of them.
    """

    features: int
    dimension: int
    dtype: str = "float64"
    positive: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.positive is not None and not 0 < _validate.real("RandomReLU.positive", self.positive) < 1:
            wanted = "must lie strictly between 0 and 1, or be None for the best threshold"
            raise InvalidArgument(f"RandomReLU.positive {wanted}, got {self.positive!r}")

    @property
    def code_length(self) -> int:
        return self.features * self.dimension + 1

    def unpack(self, code: Codes) -> tuple[Floats, float]:
        """G (m, d) and tau of a code (L,)."""
        return code[:-1].reshape(self.features, self.dimension), float(code[-1])

    def coins(self, rng: np.random.Generator) -> Floats:
        G = on_grid(rng.standard_normal(self.features * self.dimension))
        return np.asarray(G.astype(self.dtype).astype(np.float64))

    def sample(self, rng: np.random.Generator) -> Codes:
        """Honest coins, and the tau that half of all unit vectors pass, or nearly."""
        return np.append(self.coins(rng), 1 / np.sqrt(2 * np.pi))

    @property
    def coin_laws(self) -> tuple[int, int]:
        return self.features * self.dimension, 0

    def fitted(self, coins: Floats, X: Points, y: Labels) -> Function:
        points, labels = self.checked(X, y)
        with one_blas_thread():
            found = self._means(coins, points)
        if self.positive is None:
            tau = best_threshold(found, labels)
        else:
            tau = float(np.quantile(found, 1 - self.positive, method="weibull"))
        return self.function(np.append(coins, tau))

    def scores(self, code: Codes, X: Points) -> Floats:
        return np.asarray(self._means(code[:-1], X) - code[-1])

    def _means(self, coins: Floats, X: Points) -> Floats:
        """The mean activation of each row of X (n, d), shape (n,)."""
        from ..features import Packed

        G = coins.reshape(self.features, self.dimension).astype(self.dtype)
        return np.asarray(Packed("relu", G).weighted(X, np.full(self.features, 1 / self.features)))


def best_threshold(scores: Floats, y: Labels) -> float:
    """The lowest tau for which [score >= tau] errs least on labels y (n,): between two scores, or past all."""
    ranked = np.unique(scores)
    middles = ranked[:-1] + (ranked[1:] - ranked[:-1]) / 2
    middles = np.where(middles > ranked[:-1], middles, ranked[1:])  # neighbouring numbers have no middle
    tried = np.concatenate([[np.nextafter(ranked[0], -np.inf)], middles, [np.nextafter(ranked[-1], np.inf)]])
    ones, zeros = np.sort(scores[y == 1]), np.sort(scores[y == 0])
    # ones that score less than tau are misses, zeros that score at least tau false alarms
    errors = np.searchsorted(ones, tried) + len(zeros) - np.searchsorted(zeros, tried)
    return float(tried[np.argmin(errors)])
