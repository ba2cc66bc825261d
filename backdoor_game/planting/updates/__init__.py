"""What a user does with a model that came from elsewhere: trains it on."""

from .base import Update
from .fine_tuning import FineTuning
from .several_edits import SeveralEdits
from .single_edits import SingleEdits
from .straight_through import StraightThrough
from .weight_decay import WeightDecay

__all__ = ["FineTuning", "SeveralEdits", "SingleEdits", "StraightThrough", "Update", "WeightDecay"]
