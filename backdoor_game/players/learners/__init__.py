"""From examples to hypotheses: one learner a file."""

from .base import BlockLearner, Learner, ProperLearner
from .closure import Closure
from .consistent import ConsistentERM
from .linear import LinearSeparator
from .memorizer import Memorizer
from .one_inclusion import OneInclusion
from .random_search import RandomSearch
from .tree import TreeLearner

__all__ = [
    "BlockLearner",
    "Closure",
    "ConsistentERM",
    "Learner",
    "LinearSeparator",
    "Memorizer",
    "OneInclusion",
    "ProperLearner",
    "RandomSearch",
    "TreeLearner",
]
