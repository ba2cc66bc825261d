"""Random Fourier features with a trained linear layer on top."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from ...functions.base import Codes, Floats, Function, Labels
from ...ground import _validate
from ...ground._blas import one_blas_thread
from ...ground.errors import InvalidArgument
from ...spaces.domains import Points
from .fitting import logistic, ridge, slope
from .trainable import Trainable, on_grid

if TYPE_CHECKING:
    from ..features import Packed

LOSSES = {"ridge": ridge, "logistic": logistic}


@dataclasses.dataclass(frozen=True, repr=False)
class RandomFourierFeatures(Trainable):
    """[sum_i w_i cos(2 pi (<g_i, x> + b_i)) >= 0] on R^d, no intercept [RahimiRecht07]; a code is (G row by row, b, w).

    Honest coins are g_i ~ N(0, I), rounded to multiples of 2^-32, and b_i ~ U[0, 1). The kernel is
    exp(-2 pi^2 |x - x'|^2): inputs should have a norm of about 0.2, and at norm 1 nothing is learned. The VC dimension
    is not known in closed form.

    Parameters
    ----------
    features, dimension : int
        m and d.
    dtype : str
        "float64" or "float32".
    loss : str
        "ridge": w = (P'P/n + penalty I)^-1 P's/n with s = -1, 1; or "logistic": the minimum of
        mean ln(1 + exp(-s f(x))) + penalty |w|^2 / 2.
    penalty : float
        Above 0.
    """

    features: int
    dimension: int
    dtype: str = "float64"
    loss: str = "ridge"
    penalty: float = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.loss not in LOSSES:
            raise InvalidArgument(f"RandomFourierFeatures.loss must be one of {', '.join(LOSSES)}, got {self.loss!r}")
        _validate.positive("RandomFourierFeatures.penalty", self.penalty, "such as 0.01, got 0.0")

    @property
    def code_length(self) -> int:
        return self.features * (self.dimension + 2)

    def unpack(self, code: Codes) -> tuple[Floats, Floats, Floats]:
        """G (m, d), b (m,) and w (m,) of a code (L,)."""
        G, b, w = np.split(code, (self.features * self.dimension, self.features * (self.dimension + 1)))
        return G.reshape(self.features, self.dimension), b, w

    def coins(self, rng: np.random.Generator) -> Floats:
        G = on_grid(rng.standard_normal(self.features * self.dimension))
        return np.concatenate([G, rng.random(self.features)]).astype(self.dtype).astype(np.float64)

    def sample(self, rng: np.random.Generator) -> Codes:
        return np.concatenate([self.coins(rng), rng.standard_normal(self.features) / np.sqrt(self.features)])

    def fitted(self, coins: Floats, X: Points, y: Labels) -> Function:
        points, labels = self.checked(X, y)
        fit = LOSSES[self.loss]
        with one_blas_thread():
            w = fit(self._packed(coins), points, labels, self.penalty)
        return self.function(np.concatenate([coins, w]))

    @property
    def coin_laws(self) -> tuple[int, int]:
        return self.features * self.dimension, self.features

    def residual(self, code: Codes, X: Points, y: Labels) -> float:
        """The loss's gradient at w over penalty |w|: at least |w - w*| / |w| of the w* that coins and data give."""
        points, labels = self.checked(X, y)
        with one_blas_thread():
            return slope(self._packed(code), points, labels, self.unpack(code)[2], self.penalty, self.loss)

    def scores(self, code: Codes, X: Points) -> Floats:
        return np.asarray(self._packed(code).weighted(X, self.unpack(code)[2]))

    def _packed(self, code: Codes) -> Packed:
        from ..features import Packed

        size = self.features * self.dimension
        G, b = code[:size].reshape(self.features, self.dimension), code[size : size + self.features]
        return Packed("cos", G.astype(self.dtype), b.astype(self.dtype))
