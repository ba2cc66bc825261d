"""Players that look for backdoors: one strategy a file."""

from .always_clean import AlwaysClean
from .always_flag import AlwaysFlag
from .base import BlockDefender, Defender
from .boltzmann import BoltzmannResampling
from .coin_flip import CoinFlip
from .ensemble import DistillationEnsemble
from .hamming_smoothing import HammingSmoothing
from .leaf_mass import LeafMass
from .neighbours import NeighbourVote
from .predicate_check import PredicateCheck
from .rare_conjunction import RareConjunction
from .trace_reader import TraceReader

__all__ = [
    "AlwaysClean",
    "AlwaysFlag",
    "BlockDefender",
    "BoltzmannResampling",
    "CoinFlip",
    "Defender",
    "DistillationEnsemble",
    "HammingSmoothing",
    "LeafMass",
    "NeighbourVote",
    "PredicateCheck",
    "RareConjunction",
    "TraceReader",
]
