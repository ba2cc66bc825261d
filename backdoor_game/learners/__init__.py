"""From examples to hypotheses: one learner a file."""

from .base import Learner, ProperLearner
from .closure import Closure
from .consistent import ConsistentERM
from .linear import LinearSeparator
from .memorizer import Memorizer
from .one_inclusion import OneInclusion
from .sample import Sample

__all__ = [
    "Closure",
    "ConsistentERM",
    "Learner",
    "LinearSeparator",
    "Memorizer",
    "OneInclusion",
    "ProperLearner",
    "Sample",
]
