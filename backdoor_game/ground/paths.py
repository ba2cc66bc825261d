"""What a path may be: the name of a file on this machine, never an address, by one rule for every reader and writer."""

from __future__ import annotations

import os
import pathlib
import re
import stat
from typing import IO

from .errors import InvalidArgument

MOST_BYTES = 2**32  # of one file that is read whole: 4 GiB, more than a table or a model that fits in memory wants
SHOWN = 160  # characters of a path that a sentence shows: a name may be 4,096 long
# A scheme of two letters or more, since one letter is a drive; pathlib makes one slash of two.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:[/\\]")
_SHARE = ("\\\\", "//") if os.name == "nt" else ("\\\\",)  # another machine's folder, where Windows would go to it

PathLike = str | bytes | os.PathLike[str]


def as_path(path: object, argument: str = "path") -> str:
    """The path as text, refused in one sentence where it is none, or where results could not name it."""
    if not isinstance(path, str | bytes | os.PathLike):
        raise InvalidArgument(f"{argument} must be a path as text, got {path!r:.40}")
    text = os.fsdecode(path)
    if not printable(text):
        raise InvalidArgument(f"{argument} must be a path in UTF-8, got {text!r:.200}: name another one")
    return text


def printable(text: str) -> bool:
    """Whether results can hold a text: bytes that are no text of the locale are surrogates, which UTF-8 has not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def quoted(path: object) -> str:
    """A path as a sentence shows it: quoted, its middle left out where it is long."""
    text = repr(path if isinstance(path, str) else str(path))
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}...{text[-SHOWN // 3 :]}"


LOCAL = "the path of a local file"


def local_path(path: object, argument: str = "path", wanted: str = LOCAL) -> pathlib.Path:
    """The place on this machine that a path names, ``~`` expanded; nothing is looked up yet.

    Parameters
    ----------
    path : str, bytes or os.PathLike
    argument, wanted : str
        What a refusal calls it, and says that it must be.

    Raises
    ------
    InvalidArgument
        For what is no path, an address (``http://``, ``file://``, ``s3://``, ``\\\\server\\share``), an empty name, a
        NUL in it, or the home of nobody: one sentence.
    """
    text = as_path(path, argument)
    if (reason := _no_path(text, reading=wanted == LOCAL)) is not None:
        raise InvalidArgument(f"{argument} must be {wanted}, got {quoted(text)}: {reason}")
    try:
        return pathlib.Path(text).expanduser()
    except RuntimeError:
        why = "no home of that user is known: write the path out"
        raise InvalidArgument(f"{argument} must be {wanted}, got {quoted(text)}: {why}") from None


def _no_path(text: str, *, reading: bool) -> str | None:
    if _ADDRESS.match(text) or text.startswith(_SHARE):
        asked = "an address is never fetched, so download it and name the copy"
        return asked if reading else "nothing is sent to an address, so name a place on this machine"
    if not text:
        return "it is empty, so name a file" if reading else "it is empty, so name one"
    if "\0" in text:
        return "a name holds no NUL, so write it without"
    return None


def local_file(path: object, argument: str = "path") -> pathlib.Path:
    """`local_path` of a file, not of a folder by its very name ('.', '/', 'folder/..')."""
    place = local_path(path, argument)
    if place.name in ("", ".."):
        why = "it names a folder, so add a name"
        raise InvalidArgument(f"{argument} must be {LOCAL}, got {quoted(as_path(path))}: {why}")
    return place


def read_bytes(path: object, argument: str = "path", most: int = MOST_BYTES) -> bytes:
    """The content of a regular file on this machine; a device, a pipe or a folder is refused unread.

    Parameters
    ----------
    path : str, bytes or os.PathLike
    argument : str
        What a refusal calls it.
    most : int
        Bytes; a longer file is refused unread.

    Raises
    ------
    InvalidArgument
        In one sentence with the path and what would do.
    """
    place = local_file(path, argument)
    try:
        # Without O_NONBLOCK opening a pipe waits for a writer; a regular file does not know the flag.
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise _unread(path, argument, "it is no regular file: name one")
            content = b"" if about.st_size > most else _whole(file, about.st_size, most)
            if max(about.st_size, len(content)) > most:
                size = max(about.st_size, len(content))
                raise _unread(path, argument, f"it holds {size} bytes or more, and {most} are the limit")
            return content
    except IsADirectoryError:
        raise _unread(path, argument, "it is a folder: name a file in it") from None
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise _unread(path, argument, getattr(error, "strerror", None) or str(error)) from None


def _whole(file: IO[bytes], size: int, most: int) -> bytes:
    """All bytes of a file that says it has `size`, or a few more than `most`: some files of /proc say 0."""
    content = file.read(size + 1)
    if len(content) <= size:
        return content
    parts = [content]
    while size <= most and (part := file.read(2**20)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _unread(path: object, argument: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{argument} {quoted(as_path(path))} cannot be read: {reason}")
