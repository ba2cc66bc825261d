"""Sets of files that take their places together: written beside them, on the disk, then renamed."""

from __future__ import annotations

import contextlib
import glob
import os
import pathlib
from collections.abc import Callable, Iterator

from .renaming import renaming


def place(contents: dict[pathlib.Path, bytes], *, mode: int = 0o666, may: Callable[[], None] = lambda: None) -> None:
    """Write a set of files beside their places, on the disk to the last byte, and rename them all at once.

    `may` is asked last, while nobody else puts a set into that folder, and raises where they must not be put there.

    Raises
    ------
    OSError, ValueError
        Where one of them cannot be written; then none is.
    """
    if not contents:
        return
    with contextlib.ExitStack() as parts:
        beside = {}
        for target, content in contents.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            beside[target] = parts.enter_context(_part(target, content, mode))
        with renaming, _alone(target.parent):
            may()
            for target, part in beside.items():
                os.replace(part, target)
            _to_disk(target.parent)


@contextlib.contextmanager
def _part(target: pathlib.Path, content: bytes, mode: int) -> Iterator[pathlib.Path]:
    """A file beside its place, gone on leaving if it is still there; those of runs that were killed go first.

    Whoever writes one holds a lock on it, which ends with the process: one without is nobody's.
    """
    for stale in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        with contextlib.suppress(OSError), stale.open("rb") as file:
            if _lock(file.fileno(), wait=False):
                stale.unlink()
    path, number = _locked_part(target, mode)
    try:
        with open(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(number)
            if os.name == "nt":  # where no open file can be renamed
                file.close()
            yield path
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def _locked_part(target: pathlib.Path, mode: int) -> tuple[pathlib.Path, int]:
    """An empty file beside its place, open and locked; one that was cleaned up before it was locked is made again."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        path = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
        number = os.open(path, flags, mode)
        _lock(number, wait=True)
        if path.exists():
            return path, number
        os.close(number)


@contextlib.contextmanager
def _alone(folder: pathlib.Path) -> Iterator[None]:
    """Nobody else who asks for the same folder is inside, where the system locks folders."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            number = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, number)
            _lock(number, wait=True)
        yield


def _lock(number: int, *, wait: bool) -> bool:
    """Lock an open file or folder; whether that was had. Without locks nothing is nobody's."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _to_disk(folder: pathlib.Path) -> None:
    """Renamings are on the disk when the folder is."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
