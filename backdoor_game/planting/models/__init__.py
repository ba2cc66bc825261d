"""Classes whose members are trained."""

from .checksummed import Checksummed
from .gate_networks import GateNetworks
from .mac_checked import MacChecked
from .random_fourier_features import RandomFourierFeatures
from .random_relu import RandomReLU
from .sigmoid_networks import SigmoidNetworks
from .signature_checked import SignatureChecked
from .trainable import Trainable

__all__ = [
    "Checksummed",
    "GateNetworks",
    "MacChecked",
    "RandomFourierFeatures",
    "RandomReLU",
    "SigmoidNetworks",
    "SignatureChecked",
    "Trainable",
]
