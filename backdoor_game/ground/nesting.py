"""What a configured thing is made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from .spec import Configured


def nested(thing: Any) -> Iterator[Configured]:
    """A configured thing and all others in its fields, outermost first; nothing for anything else."""
    if isinstance(thing, Configured):
        yield thing
        if dataclasses.is_dataclass(thing):
            for field in dataclasses.fields(thing):
                yield from nested(getattr(thing, field.name))
    if isinstance(thing, tuple):
        for item in thing:
            yield from nested(item)
