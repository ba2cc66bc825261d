"""Networks of one hidden layer with any number of classes, trained by stochastic gradient descent in NumPy."""

from .network import ACTIVATIONS, Network, fresh, joined
from .training import descended, gradient, loss

__all__ = ["ACTIVATIONS", "Network", "descended", "fresh", "gradient", "joined", "loss"]
