"""Tables out of the bytes of files: nothing in them is executed, and what is no number is never read as one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ...ground.arrays import Archive, Header
from ...ground.delimited import is_missing, number, rows
from ...ground.errors import InvalidArgument
from .base import Floats

Column = npt.NDArray[Any]


def read_npz(content: bytes) -> tuple[Floats, Column]:
    """Arrays X (n, d) and y (n,) of an .npz file; their headers are compared before either is unpacked.

    Raises
    ------
    InvalidArgument
    """
    try:
        archive = Archive(content)
        missing = [name for name in ("X", "y") if name not in archive.headers]
        if not missing:
            _fit(archive.headers["X"], archive.headers["y"])
            return np.asarray(archive["X"], np.float64), archive["y"]
    except InvalidArgument as error:
        raise InvalidArgument(f"an .npz file must hold plain arrays of numbers X and labels y, and {error}") from None
    raise InvalidArgument(f"an .npz file must hold arrays X and y: {missing[0]} is not in it")


def _fit(X: Header, y: Header) -> None:
    if X.dtype.kind not in "fiub":
        raise InvalidArgument(f"X is of {X.dtype}")
    if len(X.shape) != 2 or not math.prod(X.shape):
        raise InvalidArgument(f"X must have shape (n, d) with n and d above 0, got {X.shape}")
    if y.shape != X.shape[:1]:
        raise InvalidArgument(f"y must have shape ({X.shape[0]},), a label for each row of X, got {y.shape}")


def read_csv(content: bytes) -> tuple[Floats, Column]:
    """Columns of numbers X (n, d) and a last column y (n,) of anything, from comma-separated text.

    The first row is a header where no cell before the last is a number and one is a name: it holds a letter and begins
    with no digit or sign. Rows are counted from 1 without header and empty lines. Labels are numbers where all are.

    Raises
    ------
    InvalidArgument
        With row and column: for cells that are no numbers (1_000, 0x1F, 1+2j and a decimal comma are none) or not
        finite, missing labels (NA, N/A, None, null, ? and what else pandas reads so), and rows of another length.
    """
    lines = list(rows(content))
    header = lines.pop(0) if lines and _is_header(lines[0][:-1]) else None
    if not lines or len(lines[0]) < 2:
        raise InvalidArgument("a .csv file must have rows of at least one number and a label")
    _check_names(header, lines)
    first = 1 if header is None else 2  # rows are counted as they stand in the file
    X = np.array([_numbers(row, i, len(lines[0])) for i, row in enumerate(lines, first)])
    labels = [_label(row, i) for i, row in enumerate(lines, first)]
    values = [number(label) for label in labels]
    return X, np.array(labels if None in values else values)


def _is_header(cells: list[str]) -> bool:
    return not any(number(cell) is not None for cell in cells) and any(map(_is_name, cells))


def _is_name(cell: str) -> bool:
    word = cell.strip()
    return not is_missing(word) and any(map(str.isalpha, word)) and not (word[0].isdigit() or word[0] in "+-.,")


def _check_names(header: list[str] | None, lines: list[list[str]]) -> None:
    """Refuse a header of another length than its rows, or with a nameless column; and a first row that may be one."""
    width = len(lines[0])
    if header is None:
        if [cell.strip() for cell in lines[0]] == [str(j) for j in range(width)]:
            said = ",".join(lines[0])[:40]
            raise InvalidArgument(
                f"row 1 must not be {said}, which may be the numbers of the columns: put a row of names before it"
            )
        return
    if len(header) != width:
        raise InvalidArgument(f"a header must have as many names as its rows have cells, {width}, got {len(header)}")
    if not all(map(str.strip, header)):
        j = 1 + [cell.strip() for cell in header].index("")
        raise InvalidArgument(f"a header must name each column, got '' in column {j}: name it, or drop an index")


def _numbers(row: list[str], i: int, width: int) -> list[float]:
    if len(row) != width:
        raise InvalidArgument(f"rows must be of one length {width}, got {len(row)} in row {i}")
    values = [number(cell) for cell in row[:-1]]
    for j, (cell, value) in enumerate(zip(row, values, strict=False), 1):
        if value is None:
            raise InvalidArgument(f"cells must be numbers, got {cell[:40]!r} in row {i}, column {j}")
        if not math.isfinite(value):
            raise InvalidArgument(
                f"X must be finite, got {cell.strip()[:40]}: drop or impute such rows, as row {i} with its column {j}"
            )
    return [value for value in values if value is not None]


def _label(row: list[str], i: int) -> str:
    word, value = row[-1].strip(), number(row[-1])
    if is_missing(word) or (value is not None and not math.isfinite(value)):
        got = "an empty or NaN one" if word.lower() in ("", "nan") else f"the missing value {word[:20]!r}"
        place = f"row {i}, column {len(row)}"
        raise InvalidArgument(f"y must hold a label for each row, got {got}: drop such rows, as {place}, or rename it")
    return word
