"""What a result keeps of the objects in it: every field, defaults too, and the digests of plug-in files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from . import plugin_files
from .spec import Configured, default_of, fields_of, text

WHERE_SET = {"written": "where set"}  # metadata of a field that results hold only where it is not at its default


def written_out(thing: Configured) -> dict[str, Any]:
    """Every parameter of a configured object by name, those at their default too: plain values, lists, and full specs.

    A spec leaves defaults out, so that adding a field changes no seed; what a default was, a result has to say.
    """
    told = [field for field in fields_of(type(thing)) if field.init and not _left(thing, field)]
    return {field.name: _plain(getattr(thing, field.name)) for field in told}


def _left(thing: Configured, field: dataclasses.Field[Any]) -> bool:
    """Whether the field is one that is told where it is set, and is not."""
    return field.metadata.items() >= WHERE_SET.items() and getattr(thing, field.name) == default_of(field)


def _plain(value: Any) -> Any:
    if isinstance(value, Configured):
        return text(value, defaults=True)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def sources(*things: Any) -> dict[str, str]:
    """SHA-256 of each plug-in file behind these objects and what they hold, neighbours too, by its path as typed.

    They are of the contents that run, whatever stands in the files by now.
    """
    found: dict[str, str] = {}
    for thing in things:
        for cls in _classes(thing):
            if (plugin := plugin_files.of(cls)) is not None:
                found |= plugin.sources()
    return dict(sorted(found.items()))


def _classes(thing: Any) -> Iterator[type]:
    if isinstance(thing, tuple):
        for item in thing:
            yield from _classes(item)
    elif isinstance(thing, Configured):
        yield from type(thing).__mro__
        for field in fields_of(type(thing)):
            yield from _classes(getattr(thing, field.name))
