"""Five games about trained models."""

from .activation import Activation
from .delegation import Delegation
from .persistence import Persistence
from .replication import Replication
from .static_detection import StaticDetection

__all__ = [
    "Activation",
    "Delegation",
    "Persistence",
    "Replication",
    "StaticDetection",
]
