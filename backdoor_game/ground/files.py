"""Files that appear whole or not at all: written beside their place, then renamed."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import secrets
import tempfile
import threading
from typing import Any

from .errors import InvalidArgument
from .paths import local_path, shown

PLACE = "a place where files can be written"

renaming = threading.RLock()  # held while files take their places: who ends the process in between would part a set


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

    A private one may be read by its owner alone.

    Raises
    ------
    InvalidArgument
        Where it cannot be written; what stood there before then stands there still.
    """
    target = local_path(path, argument, PLACE)
    if target.name in ("", ".."):
        raise _refusal(argument, target, "it is a folder")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        if target.exists() and not target.is_file():  # a device would be replaced, where we may
            raise _refusal(argument, target, "it is a folder" if target.is_dir() else "it is no regular file")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.touch(0o600 if private else 0o666)
            beside.write_bytes(content)
            os.replace(beside, target)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
    except InvalidArgument:
        raise
    except (OSError, ValueError) as error:
        raise _refusal(argument, target, _reason(error)) from None
    return str(target)


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
    return InvalidArgument(f"{argument} must be {PLACE}, got {shown(path)} ({reason}): name another folder")
