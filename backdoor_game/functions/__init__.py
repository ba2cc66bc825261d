"""What is backdoored: one function class a file."""

from .all_functions import AllFunctions
from .base import BlockFunctionClass, Function, FunctionClass
from .boxes import Boxes
from .checksummed import Checksummed
from .circuits import Circuits
from .conjunctions import Conjunctions
from .decision_trees import DecisionTrees
from .direct_sum import DirectSum
from .explicit import Explicit, random_class
from .fitted_trees import from_sklearn
from .gate_networks import GateNetworks
from .halfspaces import Halfspaces
from .interval_unions import IntervalUnions
from .intervals import Intervals
from .mac_checked import MacChecked
from .parities import Parities
from .random_fourier_features import RandomFourierFeatures
from .random_oracle import RandomOracle
from .random_relu import RandomReLU
from .sigmoid_networks import SigmoidNetworks
from .signature_checked import SignatureChecked
from .singletons import Singletons
from .thresholds import Thresholds
from .trainable import Trainable

__all__ = [
    "AllFunctions",
    "BlockFunctionClass",
    "Boxes",
    "Checksummed",
    "Circuits",
    "Conjunctions",
    "DecisionTrees",
    "DirectSum",
    "Explicit",
    "Function",
    "FunctionClass",
    "GateNetworks",
    "Halfspaces",
    "IntervalUnions",
    "Intervals",
    "MacChecked",
    "Parities",
    "RandomFourierFeatures",
    "RandomOracle",
    "RandomReLU",
    "SigmoidNetworks",
    "SignatureChecked",
    "Singletons",
    "Thresholds",
    "Trainable",
    "from_sklearn",
    "random_class",
]
