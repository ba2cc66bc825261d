"""What a person sees of an object: one line of under 300 characters, arrays by their shape and a digest."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

LONGEST = 299  # characters of a line: two or three of a terminal's
PART = 60  # of one field's value, so that several fit
DIGITS = 12  # hexadecimal: two objects that somebody compares by eye are alike by chance once in 10^14


def digest(*contents: bytes) -> str:
    """The first hexadecimal digits of a SHA-256."""
    found = hashlib.sha256()
    for content in contents:
        found.update(content)
    return found.hexdigest()[:DIGITS]


def shortened(text: str, most: int = LONGEST) -> str:
    """A text as it is where it is short and one line, else its beginning, its length and its digest."""
    line = " ".join(text.split()) if "\n" in text else text
    if len(line) <= most:
        return line
    told = f"... ({len(text)} characters, digest {digest(text.encode('utf-8', 'surrogatepass'))})"
    return line[: max(0, most - len(told))] + told


def shown(value: Any, most: int = PART) -> str:
    """A value in a few words: arrays as ``float64 (3, 4) #1a2b3c4d5e6f``, bytes and long sequences by their length."""
    import numpy as np

    if isinstance(value, np.ndarray) and value.ndim:
        content = np.ascontiguousarray(value).tobytes() if value.dtype != object else b""
        return f"{value.dtype} {value.shape} #{digest(str((value.dtype, value.shape)).encode(), content)}"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, tuple | list | dict | set) and (len(value) > 4 or any(map(_large, value))):
        return f"{type(value).__name__} of {len(value)}"
    line = " ".join(repr(value).split())
    return line if len(line) <= most else line[: most - 3] + "..."


def _large(value: Any) -> bool:
    import numpy as np

    return isinstance(value, np.ndarray | bytes | tuple | list | dict)


def fields(thing: Any) -> str:
    """The `repr` of a dataclass that holds arrays: its name and each field that may be shown, cut at 299 characters."""
    parts = [f"{field.name}={shown(getattr(thing, field.name))}" for field in dataclasses.fields(thing) if field.repr]
    line = f"{type(thing).__name__}({', '.join(parts)})"
    return line if len(line) <= LONGEST else line[: LONGEST - 4] + "...)"
