"""What detectors and forgers see."""

from .forging import ForgerView, Seen
from .model import ModelBlock, ModelView, Shown

__all__ = [
    "ForgerView",
    "ModelBlock",
    "ModelView",
    "Seen",
    "Shown",
]
