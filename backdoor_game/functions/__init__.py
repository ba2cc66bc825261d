"""What is backdoored: one function class a file."""

from .all_functions import AllFunctions
from .base import BlockFunctionClass, Function, FunctionClass
from .explicit import Explicit, random_class
from .thresholds import Thresholds

__all__ = [
    "AllFunctions",
    "BlockFunctionClass",
    "Explicit",
    "Function",
    "FunctionClass",
    "Thresholds",
    "random_class",
]
