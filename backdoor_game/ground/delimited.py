"""Comma-separated text as cells, and cells as numbers: what is no plain number is none, and nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from .errors import InvalidArgument

# Python's float() also reads 1_000, digits of other scripts and more space than is seen; a table means none of them.
_NUMBER = re.compile(r" *[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|nan|inf(?:inity)?) *", re.I)
# What pandas takes for a missing value, and the UCI repository's question mark.
_NA = ("", "NA", "<NA>", "N/A", "n/a", "#N/A", "#N/A N/A", "#NA", "NULL", "null", "None", "?")
_NAN = ("NaN", "nan", "-NaN", "-nan", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN")
MISSING = frozenset(_NA + _NAN)


def number(cell: str) -> float | None:
    """The number that a cell holds, NaN and infinities too; None where it holds none.

    Decimal digits 0 to 9 with a point and an exponent, spaces around them: no underscores, no decimal or thousands
    commas, no hexadecimals, no complex numbers.
    """
    return float(cell) if _NUMBER.fullmatch(cell) else None


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value: empty, NA, N/A, NaN, NULL, None, ? and what else pandas reads so."""
    word = cell.strip()
    return word in MISSING or word.lower() in ("nan", "nat")


def rows(content: bytes, comments: bool = False) -> Iterator[list[str]]:
    """The rows of a comma-separated text, without empty lines.

    UTF-8, with a byte-order mark or without; lines end in LF, CRLF or CR; a cell may be quoted as in RFC 4180.

    Parameters
    ----------
    content : bytes
    comments : bool
        Leave out what follows a ``#``, as `numpy.loadtxt` does.

    Raises
    ------
    InvalidArgument
        For other text, cells that are quoted by half, and cells that another separator or an unprintable character
        stands in.
    """
    try:
        text = content.decode("utf-8-sig")
        lines = io.StringIO(text, newline="")
        told = (re.sub(r"#[^\r\n]*", "", line) for line in lines) if comments else lines
        number_of_row = 0
        for row in csv.reader(told, strict=True):
            if row and not (comments and row == [" " * len(row[0])]):
                number_of_row += 1
                _check(row, number_of_row)
                yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidArgument(f"a .csv file must be comma-separated UTF-8 text: {error!s:.80}") from None


def _check(row: list[str], i: int) -> None:
    for j, cell in enumerate(row, 1):
        if ";" in cell or "\t" in cell:
            raise InvalidArgument(f"cells must be separated by commas alone, got {cell[:40]!r} in row {i}, column {j}")
        if not cell.isprintable():
            raise InvalidArgument(f"cells must be printable text, got {cell[:40]!r} in row {i}, column {j}")
