"""The only file that touches numba's decorators, its disk cache and its environment."""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import pathlib
import tempfile
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def thread_count() -> int:
    """Threads to use when the caller names none: NUMBA_NUM_THREADS, else the cores that this process may use."""
    named = os.environ.get("NUMBA_NUM_THREADS", "")
    if named.isdigit() and int(named) > 0:
        return int(named)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@functools.cache
def _cache_directory() -> str | None:
    """A writable folder named after a hash of all kernel sources, or None.

    numba notices an edit of the file a kernel stands in, but not of a callee in another file: a folder
    that is keyed on every kernel's source can never hand out a stale machine code.
    """
    here = pathlib.Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for source in sorted([here / "_jit.py", here / "streams.py", *(here.parent / "kernels").rglob("*.py")]):
        digest.update(source.read_bytes())
    bases = [os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME"), "~/.cache", tempfile.gettempdir()]
    for base in filter(None, bases):
        folder = pathlib.Path(base).expanduser() / "backdoor_game" / digest.hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
        except (OSError, RuntimeError):
            continue
    return None


def _without_overflow_warnings(function: Kernel) -> Kernel:
    """uint64 arithmetic wraps by design; interpreted NumPy scalars would warn each time."""

    @functools.wraps(function)
    def quiet(*args: Any) -> Any:
        with np.errstate(over="ignore"):
            return function(*args)

    return cast(Kernel, quiet)


@functools.cache
def vector_bits() -> int:
    """Bits in a vector register of the processor that numba compiles for: 512, 256 or, where nothing is known, 128."""
    from numba.core.registry import cpu_target

    features = cpu_target.target_context.codegen().magic_tuple()[2].split(",")
    return 512 if "+avx512f" in features else 256 if "+avx" in features else 128


def kernel(function: Kernel) -> Kernel:
    """Compile `function` lazily: no Python objects, no fastmath, the interpreter's lock released, cached on disk.

    Under ``NUMBA_DISABLE_JIT=1`` the function runs as ordinary Python and must give the same bytes.
    """
    import numba
    from numba import config

    if config.DISABLE_JIT:
        return _without_overflow_warnings(function)
    folder = _cache_directory()
    before = config.CACHE_DIR
    try:
        config.CACHE_DIR = folder or ""
        return cast(Kernel, numba.njit(nogil=True, cache=folder is not None)(function))
    finally:
        config.CACHE_DIR = before


def inline(function: Kernel) -> Kernel:
    """A small helper that kernels call: compiled into its caller, never cached by itself."""
    import numba
    from numba import config

    if config.DISABLE_JIT:
        return function
    return cast(Kernel, numba.njit(nogil=True, inline="never")(function))


def emitted(emit: Callable[..., None]) -> Callable[[Kernel], Kernel]:
    """A helper of kernels whose body `emit` writes in LLVM's operations; its arguments are arrays or whole numbers.

    `emit` is called with llvmlite's builder and, for each argument, the address of an array's first entry or an i64.
    Interpreted, the decorated function itself runs, and must give the same bytes.
    """

    def decorate(function: Kernel) -> Kernel:
        from numba import config

        if config.DISABLE_JIT:
            return _without_overflow_warnings(function)
        from numba.core import types
        from numba.extending import intrinsic

        def generate(context: Any, builder: Any, signature: Any, taken: Any) -> Any:
            emit(builder, *[_plain(context, builder, *pair) for pair in zip(signature.args, taken, strict=True)])
            return context.get_dummy_value()

        def typed(_: Any, *given: Any) -> Any:
            kinds = [each if isinstance(each, types.Array) else types.int64 for each in given]
            return types.void(*kinds), generate

        context = inspect.Parameter("typing_context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        shown = inspect.Signature([context, *inspect.signature(function).parameters.values()])
        typed.__signature__ = shown  # type: ignore[attr-defined]  # numba counts the arguments by it
        return cast(Kernel, intrinsic(typed))

    return decorate


def _plain(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """What `emit` sees of an argument."""
    from numba.core import types

    return context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
