"""One thread in BLAS while a number is decided: how many there are may change the order of its sums."""

from __future__ import annotations

import functools
import platform
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


@functools.cache
def hardware() -> dict[str, str]:
    """The processor, with the kind that BLAS takes it for, and numpy's BLAS: the last digits of sums depend on both."""
    import numpy
    from threadpoolctl import ThreadpoolController

    built: Any = numpy.show_config(mode="dicts")
    blas = built.get("Build Dependencies", {}).get("blas", {})
    loaded = ThreadpoolController().select(user_api="blas").info()
    kinds = sorted({each["architecture"] for each in loaded if each.get("architecture")})
    return {
        "processor": " ".join([platform.machine(), *kinds]) or "unknown",
        "blas": " ".join(str(blas[key]) for key in ("name", "version") if blas.get(key)) or "unknown",
    }


class _Gate:
    """Counts those inside: the first one in sets one thread, the last one out gives back what there was.

    A BLAS on OpenMP keeps a number for each thread that calls it, so that there everyone sets and gives back its own.
    """

    def __init__(self) -> None:
        import numpy  # noqa: F401
        import scipy.linalg  # noqa: F401
        from threadpoolctl import ThreadpoolController

        # It sees what is loaded by now: numpy's BLAS and scipy's.
        libraries = ThreadpoolController().select(user_api="blas").lib_controllers
        self._own = [each for each in libraries if getattr(each, "threading_layer", None) == "openmp"]
        self._shared = [each for each in libraries if each not in self._own]
        self._lock = threading.Lock()
        self._inside = 0
        self._before: list[int] = []

    def enter(self) -> list[int]:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._before = _changed(self._shared, [1] * len(self._shared))
        return _changed(self._own, [1] * len(self._own))

    def leave(self, own: list[int]) -> None:
        _changed(self._own, own)
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                _changed(self._shared, self._before)


def _changed(libraries: Sequence[Any], counts: list[int]) -> list[int]:
    """Give each library its number of threads; what there was before."""
    before = [each.get_num_threads() for each in libraries]
    for library, count in zip(libraries, counts, strict=True):
        # From 3.7 on threadpoolctl ignores, without a word, all threads but the first that ever set a number.
        release = getattr(library, "clear_controlling_thread", lambda force: None)
        release(force=True)
        library.set_num_threads(count)
        release(force=True)
    return before


@functools.cache
def _gate() -> _Gate:
    """The only one: to look for the libraries takes milliseconds, and their limits hold for the whole process."""
    return _Gate()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """BLAS of numpy and scipy runs on one thread inside; nested uses and uses from several threads count as one."""
    gate = _gate()
    own = gate.enter()
    try:
        yield
    finally:
        gate.leave(own)
