"""Games about obfuscated circuits."""

from .punctured_hybrid import PuncturedHybrid

__all__ = ["PuncturedHybrid"]
