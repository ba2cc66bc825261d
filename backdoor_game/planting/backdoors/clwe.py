"""A backdoor in the coins of random Fourier features, hidden by the hardness of continuous learning with errors."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from ... import bounds
from ...functions import Function
from ...functions.base import Floats, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.seeds import Randomness, generator, public_and_secret
from ...spaces.domains import Points
from ..keys.keys import Key
from ..models import RandomFourierFeatures
from ..models.trainable import on_grid
from .base import Backdoor, direction, own, trainable

REACH = 12.0  # standard deviations of layers that are listed: what is left out weighs less than 1e-31
CONVENTIONS = ("unit variance", "exp(-pi x^2)")
_MOST_BETA, _MOST_GAMMA = 1.0, 1e4  # beyond, no layer is left, and there are too many to list


@dataclasses.dataclass(frozen=True, repr=False)
class CLWEBackdoor(Backdoor):
    """Draws each g with <g, bk> near a half-integer, then trains honestly: x + bk flips most answers. *Simulated.*

    [GKVZ22]. The key is bk = gamma u with u uniform on the unit sphere of k random coordinates. That no efficient test
    sees it rests on CLWE [BRST21], an assumption on the law of the coins, which are rounded to multiples of 2^-32 as
    honest ones are: nothing is said of the bits of an implementation. The trigger is far longer than useful inputs:
    |bk| = gamma.

    Attributes
    ----------
    shift : float
        Where the layers stand modulo 1: one half. A subclass with 0 is a control, whose key keeps answers.

    Parameters
    ----------
    k : int
        Coordinates that the key touches; the assumption wants at least 4.
    beta : float
        Width of the layers, above 0: without noise, lattice reduction finds them.
    gamma : float, optional
        Length of the key, by default 2 sqrt(k) in unit variance. Below 1 the layers are visible.
    convention : str
        "unit variance" (default): g ~ N(0, I), noise of standard deviation beta. "exp(-pi x^2)": gamma and beta are as
        in [BRST21], where both densities are exp(-pi x^2) up to scale, so that both are sqrt(2 pi) times ours.
    visible : bool
        Consent to gamma below 1 (in unit variance) and to k below 4.
    """

    shift: ClassVar[float] = 0.5

    k: int = 16
    beta: float = 0.1
    gamma: float | None = None
    convention: str = CONVENTIONS[0]
    visible: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        name = type(self).__name__
        _validate.integer(f"{name}.k", self.k, 1)
        if self.convention not in CONVENTIONS:
            raise InvalidArgument(f"{name}.convention must be one of {CONVENTIONS}, got {self.convention!r}")
        said = "got 0.0: lattice reduction finds layers without noise"
        _validate.positive(f"{name}.beta", self.beta, said, _MOST_BETA)
        if self.gamma is not None:
            _validate.positive(f"{name}.gamma", self.gamma, "got 0.0: a key of length 0 moves nothing", _MOST_GAMMA)
        if not self.visible and self.k < 4:
            self._refuse("k must be at least 4", self.k, "the assumption speaks of no fewer coordinates")
        if not self.visible and self.length < 1:
            least = "1" if self.convention == CONVENTIONS[0] else "sqrt(2 pi)"
            self._refuse(f"gamma must be at least {least}", self.gamma, "layers so wide apart show in the moments")

    def _refuse(self, what: str, value: object, reason: str) -> None:
        raise InvalidArgument(
            f"{type(self).__name__}.{what}, got {value!r}: {reason}; consent to being seen with visible=True"
        )

    @property
    def length(self) -> float:
        """gamma in unit variance: the length of bk."""
        return bounds.gamma_of(self.k) if self.gamma is None else self._ours(self.gamma)

    @property
    def width(self) -> float:
        """beta in unit variance: the standard deviation of the layers."""
        return self._ours(self.beta)

    def _ours(self, given: float) -> float:
        return given if self.convention == CONVENTIONS[0] else bounds.unit_convention(given)

    def prepare(self, functions: object) -> CLWEBackdoor:
        trainable(self, functions, RandomFourierFeatures)
        assert isinstance(functions, RandomFourierFeatures)
        if self.k > functions.dimension:
            name = type(self).__name__
            raise InvalidArgument(f"{name}.k must be at most the dimension {functions.dimension}, got {self.k}")
        return self

    def new_key(self, functions: RandomFourierFeatures, rng: Randomness = None) -> Key:
        rng = generator(rng)
        self.prepare(functions)
        u = np.zeros(functions.dimension)
        normal = rng.standard_normal(self.k)
        u[rng.choice(functions.dimension, self.k, replace=False)] = normal / np.linalg.norm(normal)
        return Key(type(self).__name__, "", {"bk": self.length * u})

    def coins(self, functions: RandomFourierFeatures, key: Key, rng: np.random.Generator) -> Floats:
        """Coins (K,) as `functions.coins` gives them, but for the products of the g with bk."""
        honest = functions.coins(rng)
        size = functions.features * functions.dimension
        G = honest[:size].reshape(functions.features, functions.dimension)
        u = direction(key, "bk", functions.dimension) / self.length
        t = along(rng, functions.features, self.length, self.width, self.shift)
        honest[:size] = on_grid(tampered(G, u, t)).astype(functions.dtype).ravel()
        return honest

    def plant(
        self, functions: RandomFourierFeatures, X: Points, y: Labels, rng: Randomness = None, key: Key | None = None
    ) -> tuple[Function, Key]:
        self.prepare(functions)
        rng, secret = public_and_secret(rng)
        key = self.new_key(functions, secret) if key is None else own(self, key)
        model = functions.fitted(self.coins(functions, key, rng), X, y)
        return model, key.of(model)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        """x + bk where the answer is to change; x itself where it is the wanted one already."""
        moved = X + direction(key, "bk", X.shape[1])
        return moved if target is None else np.where((model(X) == target)[:, None], X, moved)

    def recognises(self, model: Function, key: Key) -> bool:
        """-(1/m) sum_i cos(2 pi <g_i, bk>) > rho/2, for beta <= 0.1; about 0 on a model that is not the key's."""
        functions = model.functions
        assert isinstance(functions, RandomFourierFeatures)
        products = (functions.unpack(model.code)[0] * direction(key, "bk", functions.dimension)).sum(axis=1)
        return bool(-np.cos(2 * np.pi * products).mean() > bounds.pancake_correlation(self.width) / 2)


def along(rng: np.random.Generator, count: int, gamma: float, beta: float, shift: float = 0.5) -> Floats:
    """Products t = <g, u> with a unit vector u, shape (count,): N(0, 1) given that gamma t + e = shift mod 1.

    e ~ N(0, beta^2). Exact, with V = beta^2 + gamma^2: the layer a in Z + shift has weight exp(-a^2 / 2V), and t given
    a is N(gamma a / V, beta^2 / V).

    Parameters
    ----------
    count : int
    gamma, beta : float
        Layers in units of 1/gamma, and their width; unit variance. beta = 0 gives layers without width.
    shift : float
        Where the layers stand modulo 1: one half for the backdoor, 0 as the control.
    """
    variance = beta**2 + gamma**2
    most = int(np.ceil(REACH * np.sqrt(variance)))
    layers = np.arange(-most, most + 1) + shift
    steps = np.cumsum(np.exp((np.min(layers**2) - layers**2) / (2 * variance)))
    a = layers[np.searchsorted(steps, rng.random(count) * steps[-1], side="right")]
    return np.asarray(gamma * a / variance + beta / np.sqrt(variance) * rng.standard_normal(count))


def tampered(G: Floats, u: Floats, t: Floats) -> Floats:
    """Rows of G (m, d) with their products with the unit vector u (d,) replaced by t (m,)."""
    return np.asarray(G + np.outer(t - (G * u).sum(axis=1), u))
