"""What each player may see of a round, metered: a protocol between honest parties, not a sandbox."""

from .attacker import AttackerBlock, AttackerView
from .defender import DefenderBlock, DefenderView
from .forging import ForgerView, Seen
from .meter import GameLike, Meter
from .model import ModelBlock, ModelView, Shown

__all__ = [
    "AttackerBlock",
    "AttackerView",
    "DefenderBlock",
    "DefenderView",
    "ForgerView",
    "GameLike",
    "Meter",
    "ModelBlock",
    "ModelView",
    "Seen",
    "Shown",
]
