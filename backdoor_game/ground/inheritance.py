"""What a class has of its own, and whether what it states of itself still holds of a subclass."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

# ways to write a method that are not callable themselves
CHANGES = (property, classmethod, staticmethod, cached_property)


def overrides(thing: object, method: Callable[..., Any]) -> bool:
    """Whether a thing's class writes a method of its base anew, as in ``overrides(law, Distribution.atoms)``.

    What a base offers as optional is asked for in this one way; facts are class attributes with a default in the base.
    """
    return getattr(type(thing), method.__name__) is not method


def untouched(thing: Any, law: str, *, but: Collection[str] = ()) -> bool:
    """Whether no class below the one that states `law` changes a method, those in `but` apart; fields may differ."""
    for cls in type(thing).__mro__:
        if law in vars(cls):
            return True
        members = [value for name, value in vars(cls).items() if not name.startswith("__") and name not in but]
        if any(callable(value) or isinstance(value, CHANGES) for value in members):
            return False
    return False
