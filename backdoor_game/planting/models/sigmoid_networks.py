"""Networks of one hidden layer of sigmoids or ramps, trained by gradient descent, with two classes."""

from __future__ import annotations

import dataclasses

import numpy as np

from ...functions.base import Codes, Floats, Function, Labels
from ...ground import _validate
from ...ground.errors import InvalidArgument
from ...spaces.domains import Points
from ..networks import ACTIVATIONS, Network, descended, fresh, joined
from .trainable import Trainable


@dataclasses.dataclass(frozen=True, repr=False)
class SigmoidNetworks(Trainable):
    """[<v, a(W x + b)> + c >= 0] on R^d, trained by stochastic gradient descent; a code is (W row by row, b, v, c).

    Honest coins are the starting point and one number in [0, 1) that the order of the examples follows from. For more
    classes than two see the room `networks`, which this class trains with. The VC dimension has no known closed form.

    Parameters
    ----------
    features, dimension : int
        Hidden units, and d.
    dtype : str
        "float64" or "float32".
    activation : str
        a: "sigmoid" or "relu".
    epochs, batch : int
        Passes over the examples, and examples a step.
    lr, decay : float
        Step size, above 0, and weight decay.
    """

    features: int
    dimension: int
    dtype: str = "float64"
    activation: str = "sigmoid"
    epochs: int = 50
    lr: float = 0.1
    batch: int = 32
    decay: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.activation not in ACTIVATIONS:
            told = ", ".join(ACTIVATIONS)
            raise InvalidArgument(f"SigmoidNetworks.activation must be one of {told}, got {self.activation!r}")
        _validate.integer("SigmoidNetworks.epochs", self.epochs, 1, 10**6)
        _validate.integer("SigmoidNetworks.batch", self.batch, 1, 2**20)
        _validate.positive("SigmoidNetworks.lr", self.lr, "such as 0.1, got 0.0", 100.0)
        _validate.real("SigmoidNetworks.decay", self.decay, 0.0, 1.0)

    @property
    def code_length(self) -> int:
        return self.features * (self.dimension + 2) + 1

    def network(self, code: Codes) -> Network:
        """The model with this code (L,) as a network with one score."""
        return joined(code.astype(self.dtype), self.dimension, self.features, 1, self.activation)

    def model(self, network: Network) -> Function:
        """A network with one score as a member of this class."""
        return self.function(network.flat().astype(np.float64))

    def coins(self, rng: np.random.Generator) -> Floats:
        start = fresh(self.dimension, self.features, 1, self.activation, rng).flat()
        return np.append(start, rng.random()).astype(self.dtype).astype(np.float64)

    def sample(self, rng: np.random.Generator) -> Codes:
        return self.coins(rng)[:-1]

    def fitted(self, coins: Floats, X: Points, y: Labels) -> Function:
        points, labels = self.checked(X, y)
        order = np.random.default_rng(int(coins[-1] * 2**53))
        network = descended(
            self.network(coins[:-1]),
            points,
            labels,
            order,
            epochs=self.epochs,
            lr=self.lr,
            batch=self.batch,
            decay=self.decay,
        )
        return self.model(network)

    def scores(self, code: Codes, X: Points) -> Floats:
        return self.network(code).scores(X)[:, 0].astype(np.float64)
