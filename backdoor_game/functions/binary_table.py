"""A matrix of 0 and 1 out of comma-separated text."""

from __future__ import annotations

import numpy as np

from ..ground.delimited import number, rows
from ..ground.errors import InvalidArgument
from .base import Labels

COMMA, NEWLINE = ord(","), ord("\n")


def labels_in(content: bytes) -> Labels:
    """The matrix (F, N), uint8, of a .csv file.

    Rows without a header; what follows a ``#`` is left out. Cells are the numbers 0 and 1, also written 0.0 or 1e0.

    Raises
    ------
    InvalidArgument
        With row and column, for any other cell, and for rows of another length.
    """
    plain = _plain(content)
    if plain is not None:
        return plain
    found: list[Labels] = []
    known: dict[str, int] = {}  # a file writes its zeros and ones in few ways, millions of times
    for i, row in enumerate(rows(content, comments=True), 1):
        if found and len(row) != len(found[0]):
            raise InvalidArgument(f"rows must be of one length {len(found[0])}, got {len(row)} in row {i}")
        for j, cell in enumerate(row, 1):
            if cell not in known:
                known[cell] = _label(cell, i, j)
        found.append(np.array([known[cell] for cell in row], dtype=np.uint8))
    if not found:
        raise InvalidArgument("it holds no rows of 0 and 1")
    return np.array(found)


def _label(cell: str, i: int, j: int) -> int:
    value = number(cell)
    if value not in (0.0, 1.0):
        raise InvalidArgument(f"cells must be 0 or 1, got {cell[:40]!r} in row {i}, column {j}")
    return int(value)


def _plain(content: bytes) -> Labels | None:
    """The matrix where every row is digits and commas alone, a hundred times as fast; None where something else is."""
    text = content.replace(b"\r\n", b"\n")
    text = text if text.endswith(b"\n") else text + b"\n"
    width = text.index(b"\n") + 1
    if width % 2 or len(text) % width:
        return None
    cells = np.frombuffer(text, dtype=np.uint8).reshape(-1, width)
    if (cells[:, 1:-1:2] != COMMA).any() or (cells[:, -1] != NEWLINE).any():
        return None
    labels = cells[:, ::2] - np.uint8(ord("0"))  # below "0" it wraps round to more than 1
    return np.ascontiguousarray(labels) if labels.size and labels.max() <= 1 else None
