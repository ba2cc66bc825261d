"""Tables out of the bytes of files: nothing in them is executed."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground.errors import InvalidArgument
from .base import Floats

Column = npt.NDArray[Any]


def read_npz(content: bytes) -> tuple[Floats, Column]:
    """Arrays X (n, d) and y (n,) of an .npz file.

    Raises
    ------
    InvalidArgument
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            X, y = found["X"], found["y"]
        if X.dtype.kind not in "fiub":
            raise TypeError(f"X is of {X.dtype}")
        return np.asarray(X, np.float64), y
    except KeyError as error:
        raise InvalidArgument(f"an .npz file must hold arrays X and y: {error.args[0]!s:.80}") from None
    except Exception as error:  # whatever a damaged file makes of the reader
        raise InvalidArgument(f"an .npz file must hold plain arrays of numbers X and y: {error!s:.80}") from None


def read_csv(content: bytes) -> tuple[Floats, Column]:
    """Columns of numbers X (n, d) and a last column y (n,) of anything, from comma-separated text.

    Raises
    ------
    InvalidArgument
    """
    try:
        lines = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidArgument(f"a .csv file must be comma-separated UTF-8 text: {error!s:.80}") from None
    if lines and not any(map(_is_number, lines[0][:-1])):
        lines = lines[1:]
    if not lines or len(lines[0]) < 2:
        raise InvalidArgument("a .csv file must have rows of at least one number and a label")
    for i, row in enumerate(lines, 1):
        if len(row) != len(lines[0]):
            raise InvalidArgument(f"rows must be of one length {len(lines[0])}, got {len(row)} in row {i}")
        for j, cell in enumerate(row[:-1], 1):
            if not _is_number(cell):
                raise InvalidArgument(f"cells must be numbers, got {cell[:40]!r} in row {i}, column {j}")
    X = np.array([[float(cell) for cell in row[:-1]] for row in lines])
    labels = [row[-1].strip() for row in lines]
    return X, np.array([float(label) for label in labels] if all(map(_is_number, labels)) else labels)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
