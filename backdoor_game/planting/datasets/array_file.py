"""The user's own table."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import pathlib

from ...ground.errors import InvalidArgument
from ...ground.paths import quoted, read_bytes
from .base import Floats, Labels
from .reading import read_csv, read_npz
from .sklearn_table import TableDataset, checked_rows

READERS = {".npz": read_npz, ".csv": read_csv}
DIGITS = 16  # 64 bits: an edit is noticed for sure, and a spec stays short


@dataclasses.dataclass(frozen=True, repr=False)
class ArrayFile(TableDataset):
    """A table in a file: .npz with arrays X and y, or .csv with the label in the last column, with or without a header.

    Of the two labels, whatever they are called, the smaller (or first in the alphabet) is 0. A .csv is UTF-8, its cells
    separated by commas alone. Its first row is a header where no cell before the last is a number and one is a name.
    Numbers are decimal, with a point: 1_000, 1,5 or 0x1F are refused with row and column, as are NaN, infinities and
    missing labels (empty, NA, N/A, None, null, ? and what else pandas reads so). Rows are counted without header and
    empty lines. An .npz may unpack to 16 times its size, or 256 MiB where that is more.

    Parameters
    ----------
    path : str
        Where the file is: on this machine, since no address is followed.
    digest : str, optional
        The first 16 hexadecimal digits of its SHA-256. Left out, they are those of the file as it is now; from then
        on, in this object and its spec, they say which content is meant, and another one is refused.
    scaling, norm, sphere, test
        See `Table`.
    """

    path: str
    digest: str | None = None
    scaling: str = "standardised"
    norm: float | None = 0.2
    sphere: bool = False
    test: float = 0.3

    def __post_init__(self) -> None:
        super().__post_init__()
        if pathlib.Path(self.path).suffix.lower() not in READERS:
            raise InvalidArgument(f"ArrayFile.path must end in .npz or .csv, got {self.path!r}")
        if self.digest is None:
            object.__setattr__(self, "digest", _digest(_content(self.path)))
        self.rows()

    @property
    def dimension(self) -> int:
        return int(self.rows()[0].shape[1])

    def rows(self) -> tuple[Floats, Labels]:
        return _table(self.path, str(self.digest))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def _content(path: str) -> bytes:
    return read_bytes(path, "ArrayFile.path")


@functools.lru_cache(maxsize=4)  # tables may be large, and a game reads one
def _table(path: str, digest: str) -> tuple[Floats, Labels]:
    """The rows of a file with this content; read once, as they can never be others."""
    content = _content(path)
    if _digest(content) != digest:
        raise InvalidArgument(
            f"ArrayFile.digest must be that of the file, {_digest(content)}, got {digest!r}: "
            f"{quoted(path)} has other content"
        )
    try:
        X, y = checked_rows(*READERS[pathlib.Path(path).suffix.lower()](content))
    except InvalidArgument as error:
        raise InvalidArgument(f"ArrayFile.path {quoted(path)} holds no table to learn from: {error}") from None
    X.setflags(write=False)
    y.setflags(write=False)
    return X, y
