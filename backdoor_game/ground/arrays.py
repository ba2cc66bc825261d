"""NumPy arrays out of the bytes of .npy and .npz files, whose headers are weighed before their content is unpacked."""

from __future__ import annotations

import dataclasses
import io
import math
import warnings
import zipfile
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from .errors import InvalidArgument

# What an archive may unpack to: this many times its own size, or this many bytes where that is more. Floats of models
# and measurements pack to a half; what packs to a sixteenth and is large is a bomb, or wants saving unpacked.
TIMES, BYTES = 16, 2**28
HEADERS = 10_000  # characters of one header, NumPy's own limit: Python's parser reads it
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what NumPy writes; others take memory by their own headers
KINDS = "biufcSU"  # numbers and texts: what needs no pickle and has no fields


@dataclasses.dataclass(frozen=True)
class Header:
    """What a file says of an array before its content.

    Attributes
    ----------
    shape : tuple of int
    dtype : dtype
    columns : bool
        Whether the content stands column by column.
    start : int
        Bytes before the content.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    columns: bool
    start: int

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return math.prod(self.shape) * self.dtype.itemsize

    def array(self, content: bytes) -> npt.NDArray[Any]:
        """The array, read-only, whose content these bytes are."""
        flat: npt.NDArray[Any] = np.frombuffer(content, dtype=self.dtype)
        return flat.reshape(self.shape, order="F" if self.columns else "C")


def read_npy(content: bytes) -> npt.NDArray[Any]:
    """The array of an .npy file.

    Raises
    ------
    InvalidArgument
        For what is no such file, or holds more or less than its header says.
    """
    found = _header(io.BytesIO(content), len(content), "it")
    return found.array(content[found.start :])


class Archive:
    """The members of an .npz file: their headers first, and the arrays of those that are asked for.

    Parameters
    ----------
    content : bytes

    Attributes
    ----------
    headers : dict of str to Header
        By the member's name without ``.npy``.

    Raises
    ------
    InvalidArgument
        For what is no archive of plain arrays, or unpacks to more than 2^28 bytes and 16 times its own size.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
            self._members = {about.filename.removesuffix(".npy"): about for about in self._file.infolist()}
            self._weigh(len(content))
            self.headers = {name: self._looked(name) for name in self._members}
        except InvalidArgument:
            raise
        except Exception as error:  # whatever a damaged file makes of the reader
            raise InvalidArgument(f"it is no .npz archive of arrays ({type(error).__name__}: {error!s:.80})") from None

    def _weigh(self, packed: int) -> None:
        unpacked, limit = sum(about.file_size for about in self._members.values()), max(BYTES, TIMES * packed)
        if unpacked > limit:
            raise InvalidArgument(
                f"it unpacks to {unpacked} bytes, and {limit} are the limit for an archive of {packed}: "
                "save it with numpy.savez, which packs nothing"
            )
        if any(about.compress_type not in PACKED for about in self._members.values()):
            raise InvalidArgument("it is packed as numpy.savez and numpy.savez_compressed pack nothing")

    def _looked(self, name: str) -> Header:
        with self._file.open(self._members[name]) as file:
            return _header(file, self._members[name].file_size, repr(name)[:40])

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """The array of a member; KeyError where there is none."""
        found = self.headers[name]
        try:
            with self._file.open(self._members[name]) as file:
                file.read(found.start)
                return found.array(file.read())
        except Exception as error:
            raise InvalidArgument(f"{name!r:.40} is damaged ({type(error).__name__}: {error!s:.80})") from None


def _header(file: IO[bytes], length: int, name: str) -> Header:
    """The header of an array of `length` bytes in all, which must bear out what the header says."""
    try:
        version = np.lib.format.read_magic(file)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of headers that an old Python wrote, which are read all the same
            shape, columns, dtype = read(file, max_header_size=HEADERS)
            found = Header(tuple(map(int, shape)), dtype, bool(columns), file.tell())
    except Exception as error:  # whatever damaged bytes make of the reader
        raise InvalidArgument(f"{name} holds no array of NumPy's ({type(error).__name__}: {error!s:.80})") from None
    if dtype.kind not in KINDS or not dtype.itemsize:
        raise InvalidArgument(f"{name} must hold plain numbers or texts, got {dtype!s:.40}")
    if min(found.shape, default=0) < 0 or found.start + found.size != length:
        raise InvalidArgument(
            f"{name} must be as long as its header says, {found.shape} of {dtype}, got {length} bytes"
        )
    return found
