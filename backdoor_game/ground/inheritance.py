"""Whether what a class states of itself still holds of a subclass."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

# ways to write a method that are not callable themselves
CHANGES = (property, classmethod, staticmethod, cached_property)


def untouched(thing: Any, law: str, *, but: Collection[str] = ()) -> bool:
    """Whether no class below the one that states `law` changes a method, those in `but` apart; fields may differ."""
    for cls in type(thing).__mro__:
        if law in vars(cls):
            return True
        members = [value for name, value in vars(cls).items() if not name.startswith("__") and name not in but]
        if any(callable(value) or isinstance(value, CHANGES) for value in members):
            return False
    return False
