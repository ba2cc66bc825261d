"""Files that appear whole or not at all: written beside their place, then renamed."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import json
import os
import pathlib
import tempfile
from collections.abc import Iterator
from typing import Any

from . import placing
from .errors import InvalidArgument
from .paths import local_path, quoted

PLACE = "a place where files can be written"


def check_writable(folder: str | os.PathLike[str], argument: str = "output") -> pathlib.Path:
    """`folder` as a path, once it is sure that files can be created there; asked before long work starts.

    The folder is made and tried with a file that has no name; what was made goes again, so that nothing is left behind.

    Raises
    ------
    InvalidArgument
        In one sentence that names the argument, the folder and what would do.
    """
    wanted = local_path(folder, argument, PLACE)
    made: list[pathlib.Path] = []
    try:
        made = [path for path in (wanted, *wanted.parents) if not path.exists()]
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            pass
    except (OSError, ValueError, RuntimeError) as error:
        raise _refusal(argument, wanted, _reason(error)) from None
    finally:
        for path in made:
            with contextlib.suppress(OSError, ValueError):
                path.rmdir()
    return wanted


def write_bytes(
    path: str | os.PathLike[str], content: bytes, argument: str = "output", *, private: bool = False
) -> str:
    """Write a file in one step, creating the folders above it; returns its path as text.

    A private one may be read by its owner alone. Inside `gathered` it is not written yet.

    Raises
    ------
    InvalidArgument
        Where it cannot be written; what stood there before then stands there still.
    """
    target = local_path(path, argument, PLACE)
    try:
        if target.name in ("", "..") or target.is_dir():
            raise _refusal(argument, target, "it is a folder")
        if target.exists() and not target.is_file():  # a device would be replaced, where we may
            raise _refusal(argument, target, "it is no regular file")
    except OSError as error:
        raise _refusal(argument, target, _reason(error)) from None
    if (waiting := _waiting.get()) is not None and not private:
        waiting.contents[target] = content
    else:
        put({target: content}, argument, mode=0o600 if private else 0o666)
    return str(target)


def put(contents: dict[pathlib.Path, bytes], argument: str = "output", **how: Any) -> None:
    """`placing.place` in one sentence where that fails; `how` are its other arguments.

    Raises
    ------
    InvalidArgument
    """
    try:
        placing.place(contents, **how)
    except InvalidArgument:
        raise
    except (OSError, ValueError) as error:
        many = list(contents)
        raise _refusal(argument, many[0] if len(many) == 1 else many[0].parent, _reason(error)) from None


@dataclasses.dataclass
class Waiting:
    """Files that are put in place together at the end, and sentences about what could not be made."""

    contents: dict[pathlib.Path, bytes] = dataclasses.field(default_factory=dict)
    lost: list[str] = dataclasses.field(default_factory=list)


_waiting: contextvars.ContextVar[Waiting | None] = contextvars.ContextVar("waiting", default=None)


@contextlib.contextmanager
def gathered() -> Iterator[Waiting]:
    """Files that are written inside, in this thread, wait: for the caller to put in place with `put`."""
    waiting = Waiting()
    token = _waiting.set(waiting)
    try:
        yield waiting
    finally:
        _waiting.reset(token)


@contextlib.contextmanager
def together() -> Iterator[None]:
    """Files that are written inside take their places at the end, all or none; inside `gathered` they wait with others.

    Where the work inside ends early those that are finished take theirs.

    Raises
    ------
    InvalidArgument
        Where one of them could not be had; the others are there unless the disk refuses.
    """
    if _waiting.get() is not None:
        yield
        return
    try:
        with gathered() as waiting:
            yield
    finally:
        if waiting.contents:
            put(waiting.contents)
    if waiting.lost:
        raise InvalidArgument(waiting.lost[0])


def excused(sentence: str) -> bool:
    """Whether somebody who gathers files goes on without one, and says so in the end."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.lost.append(sentence)
    return waiting is not None


def write_text(path: str | os.PathLike[str], content: str, argument: str = "output") -> str:
    """Write UTF-8 text in one step; see `write_bytes`."""
    return write_bytes(path, content.encode(), argument)


def write_json(path: str | os.PathLike[str], data: Any, argument: str = "output") -> str:
    """Write `json_text` of plain data in one step, indented; see `write_bytes`."""
    return write_text(path, json_text(data, indent=2) + "\n", argument)


def json_text(data: Any, indent: int | None = None) -> str:
    """The one JSON text of plain data: keys sorted; NumPy scalars and arrays as plain numbers and lists.

    Raises
    ------
    InvalidArgument
        For NaN and infinity, which JSON cannot say, and for objects that are not plain data.
    """
    try:
        return json.dumps(data, sort_keys=True, allow_nan=False, ensure_ascii=False, indent=indent, default=_plain)
    except (TypeError, ValueError) as error:
        raise InvalidArgument(f"data must be plain and finite to be written as JSON: {error}") from error


def _plain(value: Any) -> Any:
    import numpy as np

    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no plain data")


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _refusal(argument: str, path: pathlib.Path, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{argument} must be {PLACE}, got {quoted(path)} ({reason}): name another folder")
