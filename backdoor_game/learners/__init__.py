"""From examples to hypotheses: one learner a file."""

from .base import Learner, ProperLearner
from .closure import Closure
from .sample import Sample

__all__ = ["Closure", "Learner", "ProperLearner", "Sample"]
