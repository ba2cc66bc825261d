"""What a class has of its own, and whether what it states of itself still holds of a subclass."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

# Mypy takes this name for True. What a subclass may write as a field, a class attribute or a property is a property to
# mypy, and of any type to others: pyright has a property overridden by properties alone.
MYPY = False
# ways to write a method that are not callable themselves
CHANGES = (property, classmethod, staticmethod, cached_property)


def overrides(thing: object, method: Callable[..., Any]) -> bool:
    """Whether a thing's class writes a method of its base anew, as in ``overrides(law, Distribution.atoms)``.

    What a base offers as optional is asked for in this one way; facts are class attributes with a default in the base.
    """
    return getattr(type(thing), method.__name__) is not method


def keep_old_names(cls: type, **today: str) -> None:
    """Give a class that writes a method its other name as well, for plug-ins that wrote it under the old one.

    Parameters
    ----------
    cls : type
        A class that is being made.
    **today : str
        Old name = today's name.
    """
    for old, now in today.items():
        for written, also in ((now, old), (old, now)):
            if written in vars(cls):
                setattr(cls, also, vars(cls)[written])  # both ways: `super()` is asked by the name that was written
                break


def untouched(thing: Any, law: str, *, but: Collection[str] = ()) -> bool:
    """Whether no class below the one that states `law` changes a method, those in `but` apart; fields may differ."""
    for cls in type(thing).__mro__:
        if law in vars(cls):
            return True
        members = [value for name, value in vars(cls).items() if not name.startswith("__") and name not in but]
        if any(callable(value) or isinstance(value, CHANGES) for value in members):
            return False
    return False
