"""What is backdoored: one function class a file."""

from ..ground.namespace import moved
from .all_functions import AllFunctions
from .base import BlockFunctionClass, Function, FunctionClass
from .boxes import Boxes
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

__getattr__, __dir__ = moved(__name__)
