"""What is backdoored: one function class a file."""

from .all_functions import AllFunctions
from .base import BlockFunctionClass, Function, FunctionClass
from .boxes import Boxes
from .circuits import Circuits
from .conjunctions import Conjunctions
from .decision_trees import DecisionTrees
from .direct_sum import DirectSum
from .explicit import Explicit, random_class
from .fitted_trees import from_sklearn
from .halfspaces import Halfspaces
from .interval_unions import IntervalUnions
from .intervals import Intervals
from .parities import Parities
from .random_oracle import RandomOracle
from .singletons import Singletons
from .thresholds import Thresholds

__all__ = [
    "AllFunctions",
    "BlockFunctionClass",
    "Boxes",
    "Circuits",
    "Conjunctions",
    "DecisionTrees",
    "DirectSum",
    "Explicit",
    "Function",
    "FunctionClass",
    "Halfspaces",
    "IntervalUnions",
    "Intervals",
    "Parities",
    "RandomOracle",
    "Singletons",
    "Thresholds",
    "from_sklearn",
    "random_class",
]
