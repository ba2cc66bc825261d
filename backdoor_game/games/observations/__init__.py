"""What a defender is able to see of (f', x'): one observation a file."""

from .base import Observation

__all__ = ["Observation"]
