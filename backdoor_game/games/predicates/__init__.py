"""What a trigger must satisfy where the attacker may pick any that does: one predicate a file."""

from .base import Predicate
from .hash_prefix import HashPrefix
from .one_of import OneOf

__all__ = ["HashPrefix", "OneOf", "Predicate"]
