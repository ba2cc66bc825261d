"""From examples to hypotheses: one learner a file."""

from .base import Learner, ProperLearner
from .closure import Closure
from .consistent import ConsistentERM
from .memorizer import Memorizer
from .one_inclusion import OneInclusion
from .sample import Sample

__all__ = ["Closure", "ConsistentERM", "Learner", "Memorizer", "OneInclusion", "ProperLearner", "Sample"]
