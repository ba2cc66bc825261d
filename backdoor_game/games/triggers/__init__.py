"""Who picks the trigger, from what, and when: one law a file."""

from .after_original import AfterOriginal
from .base import Offers, TriggerLaw
from .before_original import BeforeOriginal
from .chosen import Chosen
from .satisfying import Satisfying
from .worst_of import WorstOf

__all__ = ["AfterOriginal", "BeforeOriginal", "Chosen", "Offers", "Satisfying", "TriggerLaw", "WorstOf"]
