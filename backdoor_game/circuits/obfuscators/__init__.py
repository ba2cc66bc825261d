"""Obfuscators of small circuits: what an attacker may do to hide how its circuits are made."""

from .base import Obfuscator, same_functions
from .canonical import Canonical
from .identity import Identity
from .rewriting import Rewriting

__all__ = ["Canonical", "Identity", "Obfuscator", "Rewriting", "same_functions"]
