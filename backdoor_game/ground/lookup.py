"""Specs where objects are wanted: the one thread from the ground up to the names that a spec may use.

Fields and arguments of every floor take a spec's text, and only the catalog, which sees all rooms, knows what its names
mean. It is imported by its dotted name when a text has to be read, as the target of an entry point would be: no floor
below imports it, and no registry is filled at import.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import _validate

CATALOG = "backdoor_game.catalog"


def read(source: str, argument: str) -> Any:
    """What a spec text describes, an object or a literal.

    Raises
    ------
    SpecError
        In one sentence that begins with the argument's name.
    """
    return importlib.import_module(CATALOG).read(source, argument)


def made(thing: Any, kind: type[Any], argument: str, example: str = "") -> Any:
    """`thing` itself where it is a `kind`, or the `kind` that it describes where it is a spec's text.

    Parameters
    ----------
    thing : object or str
        For example ``NearestLegal()`` or ``"NearestLegal()"``, ``"mine.py:Mine(tries=9)"``.
    kind : type
        Such as `Attacker`.
    argument : str
        The argument's name, for the sentence that refuses it.
    example : str
        The spec of one that would do, for that sentence.

    Raises
    ------
    InvalidArgument, SpecError
        For an object of another kind, and a text that cannot be read.
    """
    if isinstance(thing, str) and not issubclass(str, kind):
        return importlib.import_module(CATALOG).make(thing, kind, argument, example)
    _validate.instance(argument, thing, kind, example)
    return thing
