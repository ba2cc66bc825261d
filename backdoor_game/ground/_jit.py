"""The only file that touches numba's decorators and the environment; what it keeps on disk is in `_kernel_cache`."""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import pathlib
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np

from .errors import InvalidArgument

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


FEW = 4  # threads that any machine may be asked for, so that one core can show the numbers of several


def thread_count(asked: int | None = None) -> int:
    """Threads to use: those asked for or of NUMBA_NUM_THREADS, no more than the cores that this process may use, or 4.

    More of them would only wait, each with the memory of a block in hand. Without a wish it is the cores.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wished = _number("NUMBA_NUM_THREADS", 1) if asked is None else asked
    return cores if wished is None else min(wished, max(cores, FEW))


def check_environment() -> None:
    """Refuse values of the environment's variables that would go wrong later on.

    Raises
    ------
    InvalidArgument
        In one sentence that names the variable.
    """
    _number("NUMBA_NUM_THREADS", 1)
    _number("NUMBA_DISABLE_JIT", 0)


def _number(name: str, least: int) -> int | None:
    """The whole number that a variable holds, as numba reads it; None where it is not set."""
    named = os.environ.get(name)
    if named is None:
        return None
    try:
        number = int(named)
    except ValueError:
        number = least - 1
    if number < least:
        wanted = f"a whole number of at least {least} or unset"
        raise InvalidArgument(f"the environment's {name} must be {wanted}, got {named!r:.60}")
    return number


@functools.cache
def _cache_folder() -> pathlib.Path | None:
    """A folder of this user alone, named after a hash of all that may change a kernel's machine code, or None.

    A kernel is compiled together with what it calls in other files: a folder that is keyed on every kernel's source
    can never hand out a stale machine code.
    """
    import numba

    from ._kernel_cache import own_folder

    here = pathlib.Path(__file__).resolve().parent
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    own = [here / "_jit.py", here / "_kernel_cache.py", here / "streams.py"]
    for source in sorted([*own, *(here.parent / "kernels").rglob("*.py")]):
        digest.update(source.read_bytes())
    named = [os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME"), "~/.cache"]
    places = [partial(_inside, base) for base in named if base]
    return own_folder([*places, _temporary], digest.hexdigest()[:16])


def _inside(base: str) -> pathlib.Path:
    return pathlib.Path(base).expanduser() / "backdoor_game"


def _temporary() -> pathlib.Path:
    """Asked last, since a machine may have no temporary folder; others share it, so that the name is this user's."""
    return pathlib.Path(tempfile.gettempdir()) / f"backdoor_game-{getattr(os, 'geteuid', lambda: 0)()}"


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
    made = numba.njit(nogil=True)(function)
    if (folder := _cache_folder()) is not None:
        from ._kernel_cache import KernelCache

        made._cache = KernelCache(function, folder)  # where numba's own cache=True puts its own
    return cast(Kernel, made)


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
