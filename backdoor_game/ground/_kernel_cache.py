"""Machine code of kernels on disk: a convenience that may be damaged, full or missing, and never changes a number."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import pathlib
import pickle
import stat
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from . import placing

# Bytes ahead of each file's content: machine code with one wrong bit may do anything.
SUM = hashlib.sha256().digest_size


def own_folder(places: Iterable[Callable[[], pathlib.Path]], version: str) -> pathlib.Path | None:
    """The first of these places with a folder named `version` that is ours alone; None where there is none.

    What lies there is executed, so that it must be a real folder, made by this user and closed to all others.
    """
    for place in places:
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # no home; no temporary folder; a null byte
            folder = place() / version
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            if _ours(os.lstat(folder)) and os.access(folder, os.W_OK | os.X_OK):
                return folder
    return None


def _ours(found: os.stat_result) -> bool:
    """Whether this user alone owns a folder and may look into it; systems without owners have homes instead."""
    if not hasattr(os, "geteuid"):
        return True
    closed = stat.S_IMODE(found.st_mode) & 0o077 == 0
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and closed


class KernelCache(_Cache):  # type: ignore[misc]  # numba has no types
    """One file for each kernel and signature: the checksum of all that follows, then numba's pickle.

    In the place of numba's own, which takes every fault of the disk for one of the program, and believes what it reads.
    Whatever goes wrong while loading is a miss; whatever goes wrong while saving leaves the kernel unsaved.
    """

    def __init__(self, function: Callable[..., Any], folder: pathlib.Path) -> None:
        self._function, self._folder = function, folder

    @property
    def cache_path(self) -> str:
        return str(self._folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled kernel of this signature, or None."""
        target_context.refresh()
        try:
            key, path = self._place(sig, target_context.codegen())
            content = _content(path)
            if content is None:
                return None
            found, reduced = pickle.loads(content)
            return CompileResult._rebuild(target_context, *reduced) if found == key else None
        except Exception:
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled kernel, where that is possible."""
        if data.library.has_dynamic_globals or any(not each.can_cache for each in data.lifted):
            return  # it holds addresses of this process
        try:
            key, path = self._place(sig, data.codegen)
            content = dumps((key, data._reduce()))
            placing.place({path: hashlib.sha256(content).digest() + content}, mode=0o600)
        except Exception as error:
            _warn(self.cache_path, (isinstance(error, OSError) and error.strerror) or str(error))

    def _place(self, sig: Any, codegen: Any) -> tuple[str, pathlib.Path]:
        """What a file must be for, and where it is: kernel, signature, processor, and the values it closes over."""
        code, closed = self._function.__code__, self._function.__closure__ or ()
        cells = hashlib.sha256(dumps(tuple(cell.cell_contents for cell in closed))).hexdigest()
        body = hashlib.sha256(code.co_code).hexdigest()
        key = "\n".join(map(str, (code.co_filename, code.co_qualname, sig, codegen.magic_tuple(), body, cells)))
        return key, self._folder / f"{code.co_name}-{hashlib.sha256(key.encode()).hexdigest()[:24]}.kernel"

    def enable(self) -> None:
        """numba asks for it."""

    def disable(self) -> None:
        """numba asks for it."""

    def flush(self) -> None:
        """numba asks for it."""


def _content(path: pathlib.Path) -> bytes | None:
    """What a file of ours holds behind its checksum; None where it is another's, or damaged."""
    with path.open("rb") as file:
        if hasattr(os, "geteuid") and os.fstat(file.fileno()).st_uid != os.geteuid():
            return None
        whole = file.read()
    return whole[SUM:] if hashlib.sha256(whole[SUM:]).digest() == whole[:SUM] else None


@functools.cache
def _warn(folder: str, reason: str) -> None:
    """Once for each reason: kernels are compiled anew in every process then, and nothing else changes."""
    with contextlib.suppress(Warning):  # where warnings are errors this one would be laid on a player
        warnings.warn(f"compiled kernels cannot be kept in {folder} ({reason}): each run compiles anew", stacklevel=2)
