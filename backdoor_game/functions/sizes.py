"""How many functions a class has, in words, and what is too many to list; how wide the numbers of its codes are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..ground.errors import InvalidArgument


def whole_codes(codes: npt.NDArray[Any], low: int, high: int) -> npt.NDArray[np.bool_]:
    """Which rows of integer codes lie in [low, high] throughout."""
    return np.asarray(((codes >= low) & (codes <= high)).all(axis=1))


def shown_count(size: int) -> str:
    """A number of functions in words that stay short."""
    return str(size) if size < 10**15 else f"about 10^{int(math.log10(size))}"


def refuse_large(name: str, size: int, limit: int) -> None:
    """Refuse to list a class of `size` members when more than `limit` would have to be stored."""
    if size > limit:
        raise InvalidArgument(f"{name} has {shown_count(size)} members; at most {limit} can be listed")
