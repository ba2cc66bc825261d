"""Secret keys, signatures, and how inputs carry bits."""

from .keys import Key, fingerprint

__all__ = [
    "Key",
    "fingerprint",
]
