"""What a field may hold: values cast to the annotated type, or refused in one sentence."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import _validate, lookup
from .errors import InvalidArgument

PLAIN = (bool, int, float, str, type(None))


class Nested:
    """Marks the classes whose instances may stand in a field: configured things."""


def cast(name: str, value: Any, hint: Any) -> Any:
    """`value` as its field's annotation wants it; sequences become tuples, numpy scalars Python numbers."""
    options = _options(hint)
    if value is None:
        if type(None) in options or Any in options:
            return None
        raise InvalidArgument(f"{name} must not be None")
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        items = [held for option in options if (held := _items(option)) is not None]
        if not items:
            raise _unwanted(name, value, options)
        return tuple(cast(name, item, items[0]) for item in value)
    return _scalar(name, value, options)


def _options(hint: Any) -> tuple[Any, ...]:
    """The types that an annotation allows; Any for what this module does not know."""
    union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    parts = typing.get_args(hint) if union else (hint,)
    return tuple(part if part in PLAIN or _is_nested(part) or _items(part) is not None else Any for part in parts)


def _is_nested(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, Nested)


def _items(option: Any) -> Any:
    """What each item of a sequence may be; None where the annotation is not one of a sequence."""
    kind = typing.get_origin(option) or option
    if kind is Any or kind in (tuple, list, np.ndarray, Sequence):
        arguments = typing.get_args(option)
        alike = len(arguments) == 1 or arguments[1:] == (...,)
        return arguments[0] if alike else Any
    return None


def _scalar(name: str, value: Any, options: tuple[Any, ...]) -> Any:
    """A number, text or configured object as one of the types allowed; a text where an object is wanted is its spec."""
    nested = tuple(option for option in options if _is_nested(option))
    if nested and isinstance(value, str) and str not in options:
        value = lookup.read(value, name)
    same = (*nested, *(option for option in options if option in (bool, str)))
    if isinstance(value, same) or (Any in options and isinstance(value, (bool, int, float, str, Nested))):
        return value
    if float in options:
        return _validate.real(name, value)
    if int in options:
        return _validate.integer(name, value, -(2**63))
    raise _unwanted(name, value, options)


def _unwanted(name: str, value: Any, options: tuple[Any, ...]) -> InvalidArgument:
    words = {bool: "True or False", str: "text", int: "a whole number", float: "a finite number"}
    kinds = [_validate.article(option.__name__) for option in options if _is_nested(option)]
    wanted = kinds + [word for kind, word in words.items() if kind in options]
    if Any in options:  # whatever may stand in a spec
        return InvalidArgument(
            f"{name} must be a number, text, None, a list or a configured object, which a spec can write down, "
            f"got {repr(value)[:200]}"
        )
    wanted += ["a list"] if any(_items(option) is not None for option in options) else []
    return InvalidArgument(f"{name} must be {' or '.join(wanted)}, got {value!r}")
