"""Networks that are trained and measured side by side, each from seeds of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from ...ground._blas import one_blas_thread
from ...ground._jit import thread_count
from ...ground.streams import Generators, role_keys
from .base import Settings

Measured = TypeVar("Measured")


def each_network(
    one: Callable[[list[np.random.Generator]], Measured],
    name: str,
    roles: tuple[str, ...],
    networks: int,
    settings: Settings,
) -> list[Measured]:
    """`one` of each network's generators, one a role, in order; they depend on seed, name, role and number alone."""
    keys = np.stack([role_keys(settings.seed, name, role, 0, networks) for role in roles], axis=1)
    workers = thread_count(settings.threads)
    with one_blas_thread(), ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda words: one([Generators().keyed(word) for word in words]), keys.tolist()))
