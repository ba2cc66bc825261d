"""Players that look for backdoors: one strategy a file."""

from .always_clean import AlwaysClean
from .always_flag import AlwaysFlag
from .base import BlockDefender, Defender
from .boltzmann import BoltzmannResampling
from .coin_flip import CoinFlip
from .ensemble import DistillationEnsemble
from .neighbours import NeighbourVote
from .optimal import OptimalDefender

__all__ = [
    "AlwaysClean",
    "AlwaysFlag",
    "BlockDefender",
    "BoltzmannResampling",
    "CoinFlip",
    "Defender",
    "DistillationEnsemble",
    "NeighbourVote",
    "OptimalDefender",
]
