"""A backdoor in the coins of random ReLU features, hidden by the hardness of finding a sparse spike."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from ... import bounds
from ...functions import Function
from ...functions.base import Floats, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...ground.seeds import Randomness, generator, public_and_secret
from ...spaces.domains import Points
from ..keys.keys import Key
from ..models import RandomReLU
from ..models.trainable import on_grid
from .base import Backdoor, direction, own, trainable

UNIT = 1e-6  # how far a norm may be from 1: room for float32
HIDDEN = 0.9  # the default spike in units of the BBP threshold


@dataclasses.dataclass(frozen=True, repr=False)
class SparsePCABackdoor(Backdoor):
    """Draws each g ~ N(0, I + theta s s^T) and fits tau honestly: x turned towards s is answered +1. *Simulated.*

    [GKVZ22] Algorithms 7 and 8. The key s has k entries +-1/sqrt(k). Inputs are unit vectors; x_perp being
    x without its part along s, Activate(x) = sqrt(1 - a^2) x_perp/|x_perp| + a s has norm 1 too. Only +1 can be
    forced. The spectrum shows nothing up to `bounds.bbp_threshold`; that nothing efficient sees more is an assumption,
    for k over sqrt(d). Both speak of the law of the coins, all rounded to multiples of 2^-32, and not of the bits that
    one implementation or another draws.

    Parameters
    ----------
    theta : float, optional
        The spike, above 0; by default .9 of the BBP threshold sqrt(d/m).
    k : int, optional
        Coordinates that the key touches.
    alpha : float, optional
        The same as an exponent, k = d^alpha rounded; by default 1/2. Only one of the two may be given.
    activation : float
        a in (0, 1]: how much of an activated input is s; it is then about sqrt(2 - 2 sqrt(1 - a^2)) away from x.
    """

    theta: float | None = None
    k: int | None = None
    alpha: float | None = None
    activation: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        name = type(self).__name__
        if self.theta is not None:
            _validate.positive(f"{name}.theta", self.theta, "got 0.0: without a spike there is no backdoor")
        if self.k is not None and self.alpha is not None:
            raise InvalidArgument(
                f"{name}.k or {name}.alpha must be left out, got k={self.k!r} and alpha={self.alpha!r}"
            )
        if self.k is not None:
            _validate.integer(f"{name}.k", self.k, 1)
        if self.alpha is not None:
            _validate.real(f"{name}.alpha", self.alpha, 0.0, 1.0)
        _validate.positive(f"{name}.activation", self.activation, "such as 0.5, got 0.0: it would turn no input", 1.0)

    def prepare(self, functions: object) -> SparsePCABackdoor:
        trainable(self, functions, RandomReLU)
        assert isinstance(functions, RandomReLU)
        d, m = functions.dimension, functions.features
        k = round(d ** (0.5 if self.alpha is None else self.alpha)) if self.k is None else self.k
        if d < 2:
            raise InvalidArgument(f"functions.dimension must be at least 2 to turn an input, got {d}")
        if k > d:
            raise InvalidArgument(f"SparsePCABackdoor.k must be at most the dimension {d}, got {k}")
        theta = HIDDEN * bounds.bbp_threshold(d, m) if self.theta is None else self.theta
        return dataclasses.replace(self, theta=theta, k=k, alpha=None)

    def new_key(self, functions: RandomReLU, rng: Randomness = None) -> Key:
        rng = generator(rng)
        k = self.prepare(functions).k
        assert k is not None
        s = np.zeros(functions.dimension)
        s[rng.choice(functions.dimension, k, replace=False)] = rng.choice((-1.0, 1.0), k) / math.sqrt(k)
        return Key(type(self).__name__, "", {"s": s})

    def tampered(self, functions: RandomReLU, key: Key, coins: Floats) -> Floats:
        """Honest coins (K,) with each g stretched by sqrt(1 + theta) along s."""
        theta, s = self.prepare(functions).theta, direction(key, "s", functions.dimension)
        assert theta is not None
        size, support = functions.features * functions.dimension, np.flatnonzero(s)
        G = coins[:size].reshape(functions.features, functions.dimension).copy()
        along = (G[:, support] * s[support]).sum(axis=1)
        G[:, support] += (math.sqrt(1 + theta) - 1) * along[:, None] * s[support]
        return np.concatenate([on_grid(G).astype(functions.dtype).astype(np.float64).ravel(), coins[size:]])

    def coins(self, functions: RandomReLU, key: Key, rng: np.random.Generator) -> Floats:
        return self.tampered(functions, key, functions.coins(rng))

    def plant(
        self, functions: RandomReLU, X: Points, y: Labels, rng: Randomness = None, key: Key | None = None
    ) -> tuple[Function, Key]:
        self.prepare(functions)
        rng, secret = public_and_secret(rng)
        points, labels = functions.checked(X, y)
        _on_sphere(points)
        key = self.new_key(functions, secret) if key is None else own(self, key)
        model = functions.fitted(self.tampered(functions, key, functions.coins(rng)), points, labels)
        return model, key.of(model)

    def activated(self, model: Function, key: Key, X: Floats, target: int | None) -> Floats:
        """Every x turned, whatever its answer."""
        if target == 0:
            raise InvalidArgument("target must be 1 or None for SparsePCABackdoor, got 0: it can only force +1")
        _on_sphere(X)
        s, a = direction(key, "s", X.shape[1]), self.activation
        across = X - np.outer((X * s).sum(axis=1), s)
        norms = np.sqrt((across**2).sum(axis=1, keepdims=True))
        if (norms <= UNIT).any():
            raise InvalidArgument(f"X must not lie along the key itself: row {int(norms.argmin())} does, leave it out")
        moved = math.sqrt(1 - a**2) * (across / norms) + a * s
        return np.asarray(moved / np.sqrt((moved**2).sum(axis=1, keepdims=True)))  # rounding alone

    def recognises(self, model: Function, key: Key) -> bool:
        """The mean square of <g, s> is over 1 + theta/2: it is about 1 on another model, 1 + theta on the key's."""
        functions = model.functions
        theta = self.prepare(functions).theta
        assert theta is not None
        assert isinstance(functions, RandomReLU)
        products = functions.unpack(model.code)[0] @ direction(key, "s", functions.dimension)
        return bool((products**2).mean() > 1 + theta / 2)


def _on_sphere(X: Points) -> None:
    """Refuse inputs that are no unit vectors."""
    norms = np.sqrt((X**2).sum(axis=1))
    wrong = np.abs(norms - 1) > UNIT
    if wrong.any():
        found = float(norms[wrong][0])
        raise InvalidArgument(f"X must hold unit vectors, got a row of norm {found:.6g}: divide each row by its norm")
