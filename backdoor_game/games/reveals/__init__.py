"""What of the attacker's run reaches the defender: one reveal a file."""

from .attacker_transcript import AttackerTranscript
from .base import AttackerRun, Reveal
from .coins import Coins
from .original import Original

__all__ = ["AttackerRun", "AttackerTranscript", "Coins", "Original", "Reveal"]
