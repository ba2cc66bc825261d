"""What each player may see of a round, metered: a protocol between honest parties, not a sandbox."""

from .attacker import AttackerBlock, AttackerView, Log, sealed
from .defender import DefenderBlock, DefenderView
from .meter import GameLike, Meter
from .sample import Sample

__all__ = [
    "AttackerBlock",
    "AttackerView",
    "DefenderBlock",
    "DefenderView",
    "GameLike",
    "Log",
    "Meter",
    "Sample",
    "sealed",
]
