"""How many members a class may have for them to be listed, and large numbers in words."""

from __future__ import annotations

import math

from ..ground.errors import InvalidArgument


def shown_count(size: int) -> str:
    """A number of functions in words that stay short."""
    return str(size) if size < 10**15 else f"about 10^{int(math.log10(size))}"


def refuse_large(name: str, size: int, limit: int) -> None:
    """Refuse to list a class of `size` members when more than `limit` would have to be stored."""
    if size > limit:
        raise InvalidArgument(f"{name} has {shown_count(size)} members; at most {limit} can be listed")
